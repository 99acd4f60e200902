"""What a person lets us write to them, and when: quiet hours on their own clock, how much a week, about what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.content.town import Town
from bot.core.reminders import Topic
from bot.core.timing import Quiet
from bot.db.chats import ParticipantRow
from bot.db.people.participants import Hours

NO_QUIET = "off"
CAPS = (1, 2, 3, 5, 7, 10, 20)
"""What a person can choose from."""
STARTS = (18, 19, 20, 21, 22, 23)
ENDS = (5, 6, 7, 8, 9, 10)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What holds for a person: their own word, else the town's. `zone` None: the town's; `name` is for lists."""

    quiet: Quiet = Quiet()  # noqa: RUF009 - frozen
    cap: int = 5
    muted: frozenset[Topic] = frozenset()
    zone: ZoneInfo | None = None
    name: str | None = None

    def clock(self, town: Town) -> ZoneInfo:
        """The zone of the clocks this person looks at."""
        return self.zone or town.clock


def of(person: ParticipantRow | None, town: Town) -> Preferences:
    """A participant's preferences."""
    if person is None:
        return of_columns(Hours(), None, None, town)
    chosen = of_columns(Hours(person.quiet, person.zone), person.muted, person.weekly_cap, town)
    return replace(chosen, name=person.name)


def of_columns(hours: Hours, muted: Sequence[str] | None, cap: int | None, town: Town) -> Preferences:
    """Preferences as their columns hold them."""
    topics = frozenset(Topic(one) for one in muted or () if one in list(Topic))
    return Preferences(own_quiet(hours.quiet, town.quiet), cap or town.weekly_cap, topics, own_zone(hours.zone))


def nights(hours: Hours, town: Town) -> tuple[Quiet, ZoneInfo]:
    """Somebody's quiet hours, and the zone of the clocks that show them."""
    return own_quiet(hours.quiet, town.quiet), own_zone(hours.zone) or town.clock


def own_zone(stored: str | None) -> ZoneInfo | None:
    """A zone as it is stored; None (the town's) also where it no longer exists."""
    try:
        return None if stored is None else ZoneInfo(stored)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def own_quiet(stored: str | None, usual: Quiet) -> Quiet:
    """Quiet hours as they are stored (`22:00-07:00`, `off`, nothing: the town's)."""
    if stored is None:
        return usual
    if stored == NO_QUIET:
        return Quiet(time(0), time(0), time(0))
    start, _, end = stored.partition("-")
    # Whoever has chosen an hour to be woken at means every day.
    return Quiet(time.fromisoformat(start), time.fromisoformat(end), time.fromisoformat(end))


def stored_quiet(start: int, end: int) -> str:
    """Quiet hours from one full hour to another, as they are stored."""
    return f"{start:02}:00-{end:02}:00"
