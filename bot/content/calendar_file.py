"""iCalendar files (RFC 5545): exports a person's dates for their phone, and imports a provider's dates.

A date is identified by its UID. A later file with a higher SEQUENCE changes it in the calendar that has it.
"""

from __future__ import annotations

import codecs
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
"""The most meetings that are taken from one file."""
LARGEST = 1_000_000
"""The largest file that is read, in bytes."""
FARTHEST, MONTH = timedelta(days=3 * 366), timedelta(days=31)
HALF_AN_HOUR, LONGEST = timedelta(minutes=30), timedelta(minutes=LONGEST_MEETING)
STEADY = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
"""The most times a meeting may repeat."""
OLDEST = 1970
"""The first year in which a repeated meeting may begin."""
LINE_END, FOLD = re.compile(rb"\r*\n|\r"), re.compile(rb"\n+[ \t]")
RULE = re.compile(r"(?im)^(RRULE\b[^:\n]*:)(.*)\n?")
LAST_DAY = re.compile(r"(UNTIL=[0-9]{8})(?=;|$)")
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Characters that no text may contain. PostgreSQL refuses the first of them."""
LONGEST_UID = 255
LONGEST_OWN_UID = LONGEST_UID - len("/2027-01-11T18:00")
SAY_WHEN = frozenset({"DTSTART", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
FAULTS = ("too_large", "unreadable", "too_many", "left_out", "whole_day", "no_end", "no_meeting")
"""What can be wrong with a file, the worst first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting to write. `start` is local, in the calendar's zone."""

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
    """The file. Each entry becomes an event in the zone's local time. The zone's rules are included."""
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
        # Wall-clock time: otherwise a lesson during the night of a clock change could have no length.
        event.add("dtend", (one.start + timedelta(minutes=one.minutes)).replace(tzinfo=clock))
        event.add("summary", one.title)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        for key, value in (("description", one.text), ("location", one.place), ("url", one.url)):
            if value:
                event.add(key, value)
        calendar.add_component(event)
    years = [one.start.year for one in entries] or [now.year]
    calendar.add_missing_timezones(first_date=date(min(years), 1, 1), last_date=date(max(years) + 1, 1, 1))
    for rules in calendar.timezones:
        for part in rules.subcomponents:
            if "RDATE" in part:  # ical.js (Nextcloud, Thunderbird) starts at RDATE, not at DTSTART
                part.add("RDATE", part.DTSTART)
    return bytes(calendar.to_ical())


@dataclass(frozen=True, slots=True)
class Imported:
    """A meeting of a foreign file. `start` is local, in the town's zone.

    `uid` identifies it in this file and in later ones. It is the UID of the file. For one of several dates, the time
    it was first planned for is added.
    """

    uid: str
    start: datetime
    minutes: int
    title: str
    place: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """The result of reading a file: meetings in order of time, and the codes of what was wrong."""

    meetings: tuple[Imported, ...]
    faults: tuple[str, ...]


TOO_LARGE = Read((), ("too_large",))
BAD = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What the libraries raise for impossible files and times."""


def read(data: bytes, zone: str, since: datetime) -> Read:
    """The meetings of a file from `since` (aware) on, with repetitions expanded. Never raises for bad files.

    The faults are codes of FAULTS. With `too_many`, the first MOST meetings are returned. With `left_out`, all but
    those that cannot be read.
    """
    import icalendar  # noqa: PLC0415

    if len(data) > LARGEST:
        return TOO_LARGE
    faults: dict[str, None] = {}
    found: list[tuple[Imported, str]] = []
    try:
        calendars = icalendar.Calendar.from_ical(_steady(_unfolded(data), faults), multiple=True)
    except BAD:
        return Read((), ("unreadable",))
    if not calendars:  # the file is cut off
        return Read((), ("unreadable",))
    events = [event for one in calendars for event in _events(one, ZoneInfo(zone), faults)]
    for event in _dates(_queries(events, faults), since, faults):
        if len(found) == MOST:
            faults["too_many"] = None
            break
        try:
            found += _imported(event, ZoneInfo(zone), faults)
        except BAD:
            faults["left_out"] = None
    if not found:
        faults["no_meeting"] = None
    named = _named(found)
    return Read(tuple(sorted(named, key=lambda one: (one.start, one.uid))), tuple(faults))


def _unfolded(data: bytes) -> str:
    """The text of a file with its folded lines joined. Handles the usual encodings and line ends."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    data = data.decode("utf-16", "replace").encode() if wide else data
    data = FOLD.sub(b"", LINE_END.sub(b"\n", data))  # a line may be folded inside a letter
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _steady(words: str, faults: dict[str, None]) -> str:
    """The file without rules that have no end, or whose dates would take minutes to count. Also in its zones.

    The last day of a rule counts to the end of that day, as calendars read it.
    """

    def kept(rule: re.Match[str]) -> str:
        said = rule[2].upper().replace(" ", "")
        parts = dict(part.partition("=")[::2] for part in said.split(";"))
        often = parts.get("FREQ", "") not in STEADY
        if often or not re.fullmatch(r"\+?0*[1-9]\d*", parts.get("INTERVAL", "1")):
            faults["too_many"] = None
            return ""
        return rule[1] + LAST_DAY.sub(r"\1T235959", said) + "\n"

    return RULE.sub(kept, words)


def _events(calendar: Component, clock: ZoneInfo, faults: dict[str, None]) -> Iterator[Component]:
    """The events of a calendar whose times can be read, after `_mend`."""
    cancelled = _words(calendar, "METHOD").upper() == "CANCEL"
    for event in calendar.walk("VEVENT"):
        broken = {name.upper() for name, _ in event.errors if name}
        for name in broken - SAY_WHEN:
            event.pop(name, None)
        try:
            readable = "DTSTART" in event and not broken & SAY_WHEN
            if readable:
                _mend(event, clock, faults)
        except BAD:
            readable = False
        if not readable:
            faults["left_out"] = None
            continue
        if cancelled:
            event["STATUS"] = "CANCELLED"
        yield event


def _queries(events: Sequence[Component], faults: dict[str, None]) -> list[CalendarQuery]:
    """The events grouped by UID, each with its repetitions. An event that fails takes no other with it."""
    import icalendar  # noqa: PLC0415
    import recurring_ical_events  # noqa: PLC0415

    groups: dict[str, list[Component]] = {}
    for number, event in enumerate(events):
        groups.setdefault(str(event.get("UID", "")) or f"\n{number}", []).append(event)
    found = []
    for group in groups.values():
        _name_dates(group)
        calendar = icalendar.Calendar()
        for event in group:
            calendar.add_component(event)
        try:
            found.append(recurring_ical_events.of(calendar))
        except BAD:
            faults["left_out"] = None
    return found


def _name_dates(group: Sequence[Component]) -> None:
    """A date of a series that is named by its day alone is the one of that day, at the hour of the series.

    The standard wants the hour there as well; taken as it is, the date would stand beside the one it moves.
    """
    starts = (_moment(event, "DTSTART") for event in group if "RECURRENCE-ID" not in event)
    start = next((one for one in starts if one is not None), None)
    if start is None:
        return
    for event in group:
        named = event.get("RECURRENCE-ID")
        day = getattr(named, "dt", None)
        if isinstance(day, date) and not isinstance(day, datetime):
            span = {"RANGE": named.params["RANGE"]} if "RANGE" in named.params else {}
            del event["RECURRENCE-ID"]
            event.add("RECURRENCE-ID", datetime.combine(day, start.time(), start.tzinfo), parameters=span)


def _mend(event: Component, clock: ZoneInfo, faults: dict[str, None]) -> None:
    """Limits the repetitions of an event to our time, and gives it a possible end."""
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


def _dates(queries: list[CalendarQuery], since: datetime, faults: dict[str, None]) -> Iterator[Component]:
    """The dates of all events, month by month, so that of daily events without an end only the first are computed."""
    seen = set()
    for month in range(FARTHEST // MONTH):
        for query in list(queries):
            try:
                events = query.between(since + month * MONTH, MONTH)
            except BAD:
                faults["left_out"] = None
                queries.remove(query)
                continue
            for event in events:
                key = (str(event.get("UID")), _moment(event, "RECURRENCE-ID"), event["DTSTART"].dt)
                if key not in seen:
                    seen.add(key)
                    yield event


def _named(found: Sequence[tuple[Imported, str]]) -> list[Imported]:
    """The meetings, each with its own `uid`. Repeated ones have the file's UID plus a time.

    Dates that were moved together ("this and all following") share one planned time, so they use their own time.
    """
    frequency = Counter(one.uid for one, _ in found)
    planned = Counter((one.uid, first) for one, first in found)
    named = []
    for one, first in found:
        time = first if planned[one.uid, first] == 1 else f"{one.start:%Y-%m-%dT%H:%M}"
        repeated = one.uid and frequency[one.uid] > 1
        named.append(replace(one, uid=f"{one.uid[:LONGEST_OWN_UID]}/{time}") if repeated else one)
    return named


def _imported(event: Component, clock: ZoneInfo, faults: dict[str, None]) -> Iterator[tuple[Imported, str]]:
    """A meeting, and the time it was first planned for."""
    start = _moment(event, "DTSTART")
    if start is None:
        faults["whole_day"] = None  # a whole day does not say at what time to come
        return
    end = _moment(event, "DTEND") or start
    local = _aware(start, clock).astimezone(clock)
    lasts = _aware(end, clock) - _aware(start, clock)
    if _is_left_out(start, clock):  # the end was reckoned on the wall clock, from an hour that it never shows
        lasts = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    minutes = int(lasts.total_seconds() // 60)
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
    """The words of a property. If it is there in several languages, the first one."""
    value = event.get(key, "")
    return UNSEEN.sub(" ", str(value[0] if isinstance(value, list) else value)).strip()


def _aware(moment: datetime, clock: ZoneInfo) -> datetime:
    return (moment.replace(tzinfo=clock) if moment.tzinfo is None else moment).astimezone(UTC)


def _is_left_out(moment: datetime, clock: ZoneInfo) -> bool:
    """Whether the clocks there pass over this time in spring: then it is an hour later, as the standard says."""
    zone = moment.tzinfo or clock
    return _aware(moment, clock).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None)


def _moment(event: Component, key: str) -> datetime | None:
    """The time of a property. None if it is missing or a whole day."""
    value = getattr(event.get(key), "dt", None)
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time()) if isinstance(value, date) and key == "DTEND" else None
