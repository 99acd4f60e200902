"""Calendar arithmetic: local time and zone to moments, offsets, quiet hours. `now` is an argument.

Moments are aware datetimes in UTC. Local times are naive. Days count on the wall clock; hours and minutes are elapsed
time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
FreeDay = Callable[[date], bool]
"""Whether people sleep longer on a day: a Sunday or a public holiday."""


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a local time.

    A time that the clock skips in spring is moved later by the length of the jump (02:30 becomes 03:30). Of a time
    that comes twice in autumn, the first is meant.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def local_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def clock_time(words: str) -> time:
    """A time of day, written `9:00` or `17:30`.

    Raises:
        ValueError: it is not a time, or it names a zone. Clocks here show the town's time.
    """
    found = time.fromisoformat(words.zfill(5))
    if found.tzinfo is not None:
        raise ValueError(words)
    return found


@dataclass(frozen=True, slots=True)
class Offset:
    """A moment relative to another: `-7d at 18:00` (days are wall clock) or `-2h` (hours are elapsed time).

    `days` with `at` None keeps the anchor's wall-clock time. Either `days` or `elapsed` is used, never both.
    """

    days: int = 0
    at: time | None = None
    elapsed: timedelta | None = None


_OFFSET = re.compile(r"([+-]?)(\d{1,4})(?:d(?: at (\d{1,2}):(\d{2}))?|([hm]))|0")
_UNITS = {"h": timedelta(hours=1), "m": timedelta(minutes=1)}


def parse_offset(text: str) -> Offset | None:
    """Reads `-7d at 18:00`, `-1d`, `-2h`, `+30m` and `0`. None for anything else."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    if match[2] is None:
        return Offset()
    sign = -1 if match[1] == "-" else 1
    number = sign * int(match[2])
    if match[5]:
        return Offset(elapsed=number * _UNITS[match[5]])
    if match[3] is None:
        return Offset(days=number)
    hour, minute = int(match[3]), int(match[4])
    return Offset(days=number, at=time(hour, minute)) if hour < 24 and minute < 60 else None  # noqa: PLR2004


def moment(offset: Offset, anchor: datetime, zone: ZoneInfo) -> datetime:
    """The moment that an offset means, relative to an anchor."""
    if offset.elapsed is not None:
        return anchor + offset.elapsed
    if not offset.days and offset.at is None:
        return anchor
    wall = local_time(anchor, zone) + offset.days * DAY
    return instant(wall if offset.at is None else datetime.combine(wall.date(), offset.at), zone)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of a day in which nobody is disturbed: from `start` to `end`, on free days to `late_end`.

    `start` may lie before or after midnight. `start` equal to `end` means no quiet hours at all.
    """

    start: time = time(21)
    end: time = time(8)
    late_end: time = time(10)

    def covers(self, local: datetime, free: FreeDay) -> bool:
        """Whether a local time lies in the quiet hours."""
        if self.start == self.end:
            return False
        end, clock = self._end(local.date(), free), local.time()
        if self.start < end:  # the hours do not cross midnight
            return self.start <= clock < end
        return clock >= self.start or clock < end

    def _end(self, day: date, free: FreeDay) -> time:
        return max(self.end, self.late_end) if free(day) else self.end

    def over(self, local: datetime, free: FreeDay) -> datetime:
        """The first local time, from this one on, that is not quiet."""
        if not self.covers(local, free):
            return local
        past_midnight = self.start >= self._end(local.date(), free) and local.time() >= self.start
        day = local.date() + DAY if past_midnight else local.date()
        return datetime.combine(day, self._end(day, free))

    def before(self, local: datetime, free: FreeDay) -> datetime:
        """When the quiet hours around this local time began. The time itself if it is not quiet."""
        if not self.covers(local, free):
            return local
        day = local.date() if local.time() >= self.start else local.date() - DAY
        return datetime.combine(day, self.start)


LAST_CALL = timedelta(minutes=5)
"""How long before quiet hours a person gets what cannot wait until they are over."""


def fit(
    wanted: datetime,
    quiet: Quiet,
    zone: ZoneInfo,
    free: FreeDay,
    *,
    last_useful: datetime | None = None,
    earliest: datetime | None = None,
) -> datetime | None:
    """When to say something that should be said at `wanted`. None if no useful moment is left.

    In quiet hours it waits until they are over. If that is too late, it is said shortly before they begin. Never
    before `earliest`, never after `last_useful`.
    """
    wanted = wanted if earliest is None else max(wanted, earliest)
    if last_useful is not None and wanted > last_useful:
        return None
    local = local_time(wanted, zone)
    if not quiet.covers(local, free):
        return wanted
    after = max(instant(quiet.over(local, free), zone), wanted)
    if last_useful is None or after <= last_useful:
        return after
    before = instant(quiet.before(local, free) - LAST_CALL, zone)
    return before if earliest is None or before >= earliest else None


def after_waking(start: datetime, length: timedelta, quiet: Quiet, zone: ZoneInfo, free: FreeDay) -> datetime:
    """The moment when `length` has passed since `start`, not counting quiet hours."""
    now, left = start, length
    while True:
        local = local_time(now, zone)
        if quiet.covers(local, free):
            now = max(instant(quiet.over(local, free), zone), now + timedelta(minutes=1))
            continue
        if quiet.start == quiet.end:
            return now + left
        day = local.date() if local.time() < quiet.start else local.date() + DAY
        until = instant(datetime.combine(day, quiet.start), zone)
        if until - now >= left:
            return now + left
        left -= until - now
        now = until
