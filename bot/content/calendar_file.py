"""iCalendar files (RFC 5545): a person's dates for their phone, and a provider's dates for the town.

A date is known by its UID; a later file with a higher SEQUENCE changes it in the calendar it was added to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.content.offers_file import LONGEST_MEETING

if TYPE_CHECKING:
    from icalendar.cal import Component
    from recurring_ical_events import CalendarQuery

MOST = 1000
"""Meetings taken from one file."""
LARGEST = 1_000_000
"""Bytes of a file that is read."""
FARTHEST, MONTH = timedelta(days=3 * 366), timedelta(days=31)
HALF_AN_HOUR, LONGEST = timedelta(minutes=30), timedelta(minutes=LONGEST_MEETING)
STEADY = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
"""How often a meeting is repeated."""
OLDEST = 1970
"""The year from which on repeated meetings begin."""
FOLD, RULE = re.compile(rb"(?:\r?\n)+[ \t]"), re.compile(rb"(?im)^RRULE\b[^:\r\n]*:([^\r\n]*)(?:\r?\n)?")
LONGEST_UID = 255
FAULTS = ("too_large", "unreadable", "too_many", "whole_day", "no_end", "no_meeting")
"""What can be wrong with a file, the gravest first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting to be written: local start in the calendar's zone."""

    uid: str
    sequence: int
    start: datetime
    minutes: int
    title: str
    text: str = ""
    place: str = ""
    url: str = ""
    cancelled: bool = False


def written(entries: Sequence[Entry], zone: str, name: str, now: datetime) -> bytes:
    """The file: each entry an event in the zone's local time, with the zone's own rules in it."""
    import icalendar  # noqa: PLC0415 - only when somebody asks for a file

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Lotse//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    clock = ZoneInfo(zone)
    for one in entries:
        start = one.start.replace(tzinfo=clock)
        event = icalendar.Event()
        event.add("uid", one.uid)
        event.add("sequence", one.sequence)
        event.add("dtstamp", now)
        event.add("dtstart", start)
        # On the wall clock: a lesson through the night of a change would be none.
        event.add("dtend", (one.start + timedelta(minutes=one.minutes)).replace(tzinfo=clock))
        event.add("summary", one.title)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        for key, value in (("description", one.text), ("location", one.place), ("url", one.url)):
            if value:
                event.add(key, value)
        calendar.add_component(event)
    years = [one.start.year for one in entries] or [now.year]
    calendar.add_missing_timezones(first_date=date(min(years), 1, 1), last_date=date(max(years) + 1, 1, 1))
    return bytes(calendar.to_ical())


@dataclass(frozen=True, slots=True)
class Imported:
    """A meeting of a foreign file: local start in the town's zone.

    `uid` names it in this file and in later ones: the file's own name, of a repeated one with the time it was planned
    for first.
    """

    uid: str
    start: datetime
    minutes: int
    title: str
    place: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading a file: the meetings in order of time, and what was wrong with it, as codes."""

    meetings: tuple[Imported, ...]
    faults: tuple[str, ...]


TOO_LARGE = Read((), ("too_large",))


def read(data: bytes, zone: str, since: datetime) -> Read:
    """The meetings of a file from `since` (aware) on, repeated ones one by one. Never raises for bad files.

    Faults are of FAULTS; with `too_many` the first MOST are there.
    """
    import icalendar  # noqa: PLC0415
    import recurring_ical_events  # noqa: PLC0415

    if len(data) > LARGEST:
        return TOO_LARGE
    faults: dict[str, None] = {}
    found: list[tuple[Imported, str]] = []
    try:
        calendar = icalendar.Calendar.from_ical(_steady(data, faults))
        for event in calendar.walk("VEVENT"):
            _mend(event, ZoneInfo(zone), faults)
        for event in _dates(recurring_ical_events.of(calendar, skip_bad_series=True), since):
            if len(found) == MOST:
                faults["too_many"] = None
                break
            found += _imported(event, ZoneInfo(zone), faults)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        return Read((), ("unreadable",))
    if not found:
        faults["no_meeting"] = None
    named = _named(found)
    return Read(tuple(sorted(named, key=lambda one: (one.start, one.uid))), tuple(faults))


def _steady(data: bytes, faults: dict[str, None]) -> bytes:
    """The file without rules whose dates would take minutes to count, or have no end; also in its zones."""

    def kept(rule: re.Match[bytes]) -> bytes:
        parts = dict(part.strip().partition("=")[::2] for part in rule[1].decode(errors="replace").upper().split(";"))
        often = parts.get("FREQ", "").strip() not in STEADY
        if often or not re.fullmatch(r"\+?0*[1-9]\d*", parts.get("INTERVAL", "1").strip()):
            faults["too_many"] = None
            return b""
        return rule[0]

    return RULE.sub(kept, FOLD.sub(b"", data))


def _mend(event: Component, clock: ZoneInfo, faults: dict[str, None]) -> None:
    """An event is repeated from our time on, and has an end that can be."""
    start, day = _moment(event, "DTSTART"), getattr(event.get("DTSTART"), "dt", None)
    if day is not None and day.year < OLDEST and event.pop("RRULE", None) is not None:
        faults["too_many"] = None
    if start is None:
        return
    end, lasts = _moment(event, "DTEND"), getattr(event.get("DURATION"), "dt", None)
    if end is not None:
        lasts = _aware(end, clock) - _aware(start, clock)
    if lasts is None or not timedelta(0) < lasts <= LONGEST:
        faults["no_end"] = None
        event.pop("DTEND", None)
        event.pop("DURATION", None)
        event.add("DURATION", HALF_AN_HOUR)


def _dates(repeated: CalendarQuery, since: datetime) -> Iterator[Component]:
    """The dates of all events, a month at a time: of those that come daily for ever only the first are asked for."""
    seen = set()
    for month in range(FARTHEST // MONTH):
        for event in repeated.between(since + month * MONTH, MONTH):
            key = (str(event.get("UID")), _moment(event, "RECURRENCE-ID"), event["DTSTART"].dt)
            if key not in seen:
                seen.add(key)
                yield event


def _named(found: Sequence[tuple[Imported, str]]) -> list[Imported]:
    """Each under a name of its own; of a repeated one the file's name is that of all its dates."""
    frequency = Counter(one.uid for one, _ in found)
    return [
        replace(one, uid=f"{one.uid}/{first}"[:LONGEST_UID]) if one.uid and frequency[one.uid] > 1 else one
        for one, first in found
    ]


def _imported(event: Component, clock: ZoneInfo, faults: dict[str, None]) -> Iterator[tuple[Imported, str]]:
    """A meeting, and the time it was planned for first."""
    start = _moment(event, "DTSTART")
    if start is None:
        faults["whole_day"] = None  # a day without an hour does not say when to come
        return
    end = _moment(event, "DTEND") or start
    local = start.replace(tzinfo=clock) if start.tzinfo is None else start.astimezone(clock)
    minutes = int((_aware(end, clock) - _aware(start, clock)).total_seconds() // 60)
    words = {key: _words(event, key) for key in ("UID", "SUMMARY", "LOCATION", "STATUS")}
    first = _moment(event, "RECURRENCE-ID") or start
    planned = first if first.tzinfo is None else first.astimezone(clock)
    meeting = Imported(
        words["UID"][:LONGEST_UID],
        local.replace(tzinfo=None, second=0, microsecond=0),
        max(minutes, 1),
        words["SUMMARY"],
        words["LOCATION"],
        cancelled=words["STATUS"].upper() == "CANCELLED",
    )
    yield meeting, f"{planned:%Y-%m-%dT%H:%M}"


def _words(event: Component, key: str) -> str:
    """A property's words; of one that stands there in several languages the first."""
    value = event.get(key, "")
    return str(value[0] if isinstance(value, list) else value).strip()


def _aware(moment: datetime, clock: ZoneInfo) -> datetime:
    return (moment.replace(tzinfo=clock) if moment.tzinfo is None else moment).astimezone(UTC)


def _moment(event: Component, key: str) -> datetime | None:
    """A property's time; None where it is missing, or a whole day."""
    value = getattr(event.get(key), "dt", None)
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time()) if isinstance(value, date) and key == "DTEND" else None
