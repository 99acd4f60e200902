"""Makes sure that data is really on the disk."""

from __future__ import annotations

import os
from pathlib import Path


def on_disk(path: Path) -> None:
    """Waits until a file, or the entries of a folder, are on the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
