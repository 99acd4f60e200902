"""The hours over which a broadcast is spread: those of several days that are outside quiet hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.timing import DAY, FreeDay, Quiet, instant, local_time


class Window(NamedTuple):
    """A span of time, from `start` up to `end`."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Its length in whole seconds."""
        return int((self.end - self.start).total_seconds())


def windows(start: datetime, end: datetime, quiet: Quiet, zone: ZoneInfo, free: FreeDay) -> tuple[Window, ...]:
    """The spans between two moments that lie outside quiet hours. Empty if all of it is quiet."""
    found: list[Window] = []
    now = start
    while now < end:
        local = local_time(now, zone)
        if quiet.covers(local, free):
            now = max(instant(quiet.over(local, free), zone), now + timedelta(minutes=1))
            continue
        until = end if quiet.start == quiet.end else min(_next_quiet(local, quiet, zone), end)
        if until > now:
            found.append(Window(now, until))
        now = max(until, now + timedelta(seconds=1))
    return tuple(one for one in found if one.seconds)


def _next_quiet(local: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    day = local.date() if local.time() < quiet.start else local.date() + DAY
    return instant(datetime.combine(day, quiet.start), zone)
