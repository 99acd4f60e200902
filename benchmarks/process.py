"""What Linux says in /proc: CPU seconds and memory of another process, and the load of the machine."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Ended(Exception):
    """The process no longer exists."""


def cpu_seconds(pid: int) -> float:
    """CPU seconds of all its threads so far, including kernel time, to 1/100 second.

    Raises:
        Ended: there is no such process.
    """
    # The name in brackets may contain anything, even spaces. utime and stime are fields 14 and 15.
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def machine_seconds() -> float:
    """Seconds for which a core of this machine was busy so far: the mean of all cores."""
    ticks = [int(one) for one in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    idle, waiting = ticks[3:5]
    return (sum(ticks) - idle - waiting) / TICKS / (os.cpu_count() or 1)


def resident_mb(pid: int) -> float:
    """Its memory in RAM, in millions of bytes.

    Raises:
        Ended: there is no such process.
    """
    pages = _read(pid, "statm").split()[1]
    return int(pages) * PAGE / 1e6


def _read(pid: int, name: str) -> str:
    try:
        text = Path(f"/proc/{pid}/{name}").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        raise Ended(f"process {pid} has ended") from None
    if name == "stat" and text.rpartition(")")[2].split()[0] == "Z":
        raise Ended(f"process {pid} has ended")
    return text
