"""Arithmetic of the calendar: local time and zone to moments, offsets, quiet hours. Pure; `now` is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class Offset:
    """A moment relative to another: `-7d at 18:00` (days are wall clock) or `-2h` (hours are elapsed time).

    `days` with `at` None keeps the anchor's own wall-clock time. Either `days` or `elapsed` is used, never both.
    """

    days: int = 0
    at: time | None = None
    elapsed: timedelta | None = None
