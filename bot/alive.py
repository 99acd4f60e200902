"""Which process has something in hand, and whether that process is still there."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

_ours: set[str] = set()
"""Names given in this process."""


def name() -> str:
    """A new name for whoever takes things in hand here: machine's boot, space of process numbers, number, chance.

    Numbers alone would not do: two containers on one machine both have a process 1.
    """
    made = f"{_place()}/{os.getpid()}/{secrets.token_hex(4)}"
    _ours.add(made)
    return made


def gone(other: str) -> bool:
    """Whether the process of that name has certainly ended; False where that cannot be told from here."""
    place, _, number = other.rpartition("/")[0].rpartition("/")
    if other in _ours or not place or place != _place() or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return True  # our number, and not our name: another run had it
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@cache
def _place() -> str:
    """Where process numbers mean the same as here; empty where the system does not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:18]
        return f"{boot}{os.readlink('/proc/self/ns/pid').removeprefix('pid:')}"  # noqa: PTH115 - no file, a name
    except OSError:
        return ""
