"""Meetings: from the files into the table, and changed by staff. What staff changed beats the file.

Whoever changes a meeting gets it back as it was and as it is, to plan notices in the same transaction.
docs/decisions/0012-registration.md says what becomes of a meeting that the file no longer has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.offers import Kind, PlannedMeeting
from bot.core.pauses import after_pause
from bot.core.timing import instant
from bot.db.offers import attendances, meetings, registrations
from bot.db.offers.meetings import Identity, Meeting
from bot.db.offers.registrations import Registration, Target
from bot.services.offers.seats import Terms
from bot.services.turn import Turn

TIME, ROOM, PLACE, CANCELLED = "time", "room", "place", "cancelled"
"""What staff can change, as `Meeting.changed` names it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A meeting before and after."""

    old: Meeting
    new: Meeting


@dataclass(frozen=True, slots=True)
class Report:
    """What the files make of the meetings. `kept`: the file says something else, but staff changed it."""

    added: tuple[Identity, ...]
    moved: tuple[Change, ...]
    cancelled: tuple[Change, ...]
    """The file no longer has them, and somebody is or was registered."""
    restored: tuple[Change, ...]
    """The file has them again."""
    removed: tuple[Identity, ...]
    kept: tuple[Identity, ...]


def synchronise(turn: Turn, terms: Terms, *, dry_run: bool = False) -> Report:
    """Bring the meetings of the files into the table; with `dry_run` only say what would change.

    What is past stays as it was. Call `registration.lapse` afterwards: there may be more seats now.
    """
    planned = {
        (offer.id, original_of(one.original)): one for offer in terms.offers.values() for one in offer.meetings
    }
    stored, special = meetings.everything(turn.connection), _after_pauses(terms)
    added = [name for name in planned if name not in stored]
    changes, kept = _met(turn, terms, planned, stored, special)
    gone = [one for name, one in stored.items() if name not in planned and _could_go(turn, one)]
    cancelled, removed = _gone(turn, [one for one in gone if not one.changed], lock=not dry_run)
    if not dry_run:
        rows = [_row(turn, terms.zone, name, planned[name], exceptional=name in special) for name in added]
        meetings.add(turn.connection, rows)
        meetings.write(turn.connection, [one.new for one in (*changes, *cancelled)], turn.now)
        meetings.remove(turn.connection, [one.id for one in removed])
    said = [one for one in changes if one.new.sequence != one.old.sequence]
    return Report(
        added=tuple(added),
        moved=tuple(one for one in said if one.old.cancelled_at is None),
        cancelled=tuple(cancelled),
        restored=tuple(one for one in said if one.old.cancelled_at is not None),
        removed=tuple(one.identity for one in removed),
        kept=(*kept, *(one.identity for one in gone if one.changed)),
    )


def _met(
    turn: Turn,
    terms: Terms,
    planned: Mapping[Identity, PlannedMeeting],
    stored: Mapping[Identity, Meeting],
    special: Collection[Identity],
) -> tuple[list[Change], list[Identity]]:
    """What changes about meetings that files and table both have; and those that staff's changes keep as they are."""
    changes, kept = [], []
    for name, one in planned.items():
        old = stored.get(name)
        if old is None or old.ends_at <= turn.now:
            continue
        new, keeps = _as_in_file(old, one, terms.zone, special=name in special)
        if new != old:
            changes.append(Change(old, new))
        if keeps:
            kept.append(name)
    return changes, kept


def _could_go(turn: Turn, one: Meeting) -> bool:
    """Whether a meeting goes when the files no longer have it: it came from them, and has yet to take place."""
    return one.from_file and one.ends_at > turn.now and one.cancelled_at is None


def _after_pauses(terms: Terms) -> set[Identity]:
    """The meetings of courses that are the first after a pause."""
    return {
        (offer.id, original_of(start))
        for offer in terms.offers.values()
        if offer.kind is Kind.COURSE
        for start in after_pause(one.original for one in offer.meetings)
    }


def move(turn: Turn, terms: Terms, meeting_id: int, start: datetime, minutes: int) -> Change | None:
    """Staff moves a meeting to another local time. None where nothing changes, or it would be past."""
    starts_at = instant(start, terms.zone)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
    return None if times["ends_at"] <= turn.now else _change(turn, meeting_id, TIME, **times)


def set_room(turn: Turn, meeting_id: int, room: str) -> Change | None:
    """Staff puts a meeting into another room."""
    return _change(turn, meeting_id, ROOM, room=room)


def set_place(turn: Turn, meeting_id: int, place: Mapping[str, str] | None) -> Change | None:
    """Staff moves a meeting to another place (name, address, map); None: to the offer's own."""
    return _change(turn, meeting_id, PLACE, place=place)


def cancel(turn: Turn, meeting_id: int) -> Change | None:
    """Staff cancels a meeting. Whoever is registered stays so, in case it takes place after all."""
    return _change(turn, meeting_id, CANCELLED, cancelled_at=turn.now)


def reinstate(turn: Turn, meeting_id: int) -> Change | None:
    """Staff says that a cancelled meeting takes place after all."""
    return _change(turn, meeting_id, CANCELLED, cancelled_at=None)


def add(
    turn: Turn,
    /,
    terms: Terms,
    offer_id: str,
    start: datetime,
    minutes: int,
    room: str = "",
    *,
    exceptional: bool = True,
    uid: str | None = None,
) -> Meeting | None:
    """Staff adds a meeting that the file does not have; None where the offer has one at that time already.

    `exceptional`: people do not expect it, as they do one of a series. `uid` names it in a calendar file.
    """
    identity = offer_id, original_of(start)
    if offer_id not in terms.offers or meetings.is_named(turn.connection, identity):
        return None
    row = _row(turn, terms.zone, identity, PlannedMeeting(start, minutes, room), exceptional=exceptional)
    return meetings.create(turn.connection, {**row, "from_file": False, "changed": [TIME, ROOM], "uid": uid})


def concerned(turn: Turn, meeting: Meeting) -> list[Registration]:
    """Whoever has a seat at a meeting or waits for one, at it alone or with its whole offer."""
    return registrations.at_meeting(turn.connection, meeting.offer_id, meeting.id)


def original_of(start: datetime) -> str:
    """A local time as it names a meeting."""
    return start.isoformat(timespec="minutes")


def _row(turn: Turn, zone: ZoneInfo, name: Identity, planned: PlannedMeeting, *, exceptional: bool) -> dict[str, Any]:
    offer_id, original = name
    starts_at, ends_at = _times(planned, zone)
    return {
        "offer_id": offer_id,
        "original": original,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "room": planned.room,
        "exceptional": exceptional,
        "changed": None,
        "from_file": True,
        "updated_at": turn.now,
    }


def _times(planned: PlannedMeeting, zone: ZoneInfo) -> tuple[datetime, datetime]:
    starts_at = instant(planned.original, zone)
    return starts_at, starts_at + timedelta(minutes=planned.minutes)


def _as_in_file(old: Meeting, planned: PlannedMeeting, zone: ZoneInfo, *, special: bool) -> tuple[Meeting, bool]:
    """A meeting as the file has it, but for what staff changed; and whether that keeps something from the file."""
    starts_at, ends_at = _times(planned, zone)
    now = (starts_at, ends_at, planned.room, None, True, old.exceptional or special)
    if (old.starts_at, old.ends_at, old.room, old.cancelled_at, old.from_file, old.exceptional) == now:
        return old, False  # as nearly all of them, and there may be thousands
    said: dict[str, dict[str, Any]] = {
        TIME: {"starts_at": starts_at, "ends_at": ends_at},
        ROOM: {"room": planned.room},
        CANCELLED: {"cancelled_at": None},
    }
    differing = {
        what: values
        for what, values in said.items()
        if any(getattr(old, name) != new for name, new in values.items())
    }
    taken = {
        name: new for what, values in differing.items() if what not in old.changed for name, new in values.items()
    }
    new = replace(old, from_file=True, exceptional=old.exceptional or special, **taken)
    if taken:
        new = replace(new, exceptional=True, sequence=old.sequence + 1)
    return new, any(what in old.changed for what in differing)


def _gone(turn: Turn, gone: list[Meeting], *, lock: bool) -> tuple[list[Change], list[Meeting]]:
    """Meetings that the file no longer has: cancelled where anybody is concerned, else deleted."""
    if not gone:
        return [], []
    if lock:  # nobody registers for them meanwhile
        registrations.lock(turn.connection, _targets(gone))
    offers, live = registrations.concerned(turn.connection)
    touched = live | registrations.remembered(turn.connection) | attendances.marked(turn.connection)
    needed = [one for one in gone if one.offer_id in offers or one.id in touched]
    kept = {one.id for one in needed}
    cancelled = [
        Change(one, replace(one, cancelled_at=turn.now, sequence=one.sequence + 1, exceptional=True))
        for one in needed
    ]
    return cancelled, [one for one in gone if one.id not in kept]


def _targets(several: Iterable[Meeting]) -> list[Target]:
    """Everything people can be registered for to come to these meetings."""
    return [target for one in several for target in (Target(one.offer_id), Target(one.offer_id, one.id))]


def _change(turn: Turn, meeting_id: int, what: str, **values: Any) -> Change | None:  # noqa: ANN401
    """Staff changes a meeting. None where it is gone, over or cancelled, or already as wanted."""
    known = meetings.load(turn.connection, meeting_id)
    if known is None:
        return None
    registrations.lock(turn.connection, _targets([known]))
    old = meetings.load(turn.connection, meeting_id)
    if old is None or old.ends_at <= turn.now or (what != CANCELLED and old.cancelled_at is not None):
        return None
    if what == CANCELLED and (old.cancelled_at is None) == (values["cancelled_at"] is None):
        return None
    if all(getattr(old, name) == value for name, value in values.items()):
        return None
    changed = old.changed if what in old.changed else (*old.changed, what)
    new = replace(old, changed=changed, exceptional=True, sequence=old.sequence + 1, **values)
    meetings.write(turn.connection, [new], turn.now)
    return Change(old, new)
