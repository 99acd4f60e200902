"""When something is on the disk, and not only on its way there."""

from __future__ import annotations

import os
from pathlib import Path


def on_disk(path: Path) -> None:
    """Wait until a file, or what a folder names, is on the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
