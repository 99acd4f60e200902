"""What the documentation claims about speed and memory, measured: `make bench`. See docs/performance.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.db import keys

KEY_FILE = Path(tempfile.mkdtemp(prefix="lotse-keys-")) / "lotse.key"
"""The key file of every database and bot that is measured."""
keys.keep_in(KEY_FILE)
