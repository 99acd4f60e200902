"""Dates of an offer from a calendar file: what the file would do, before it does it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.content.calendar_file import FAULTS, Imported
from bot.core.engine import Answer, State, Status
from bot.core.message import Button, Screen, Short, Text
from bot.core.offers import Offer
from bot.core.roles import Right
from bot.core.timing import instant
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.staff import drafts
from bot.db.staff.drafts import Draft
from bot.db.staff.staff import Member
from bot.services.offers.meetings import original_of
from bot.services.staff.offers.offer_pages import DATES, IMPORT, title
from bot.services.staff.page import Page, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block

FORM = "import"
"""The name of the draft that keeps a file until somebody has looked at it."""
_DATES, _FAULTS = "dates", "faults"
MOST_SHOWN = 6


class What(StrEnum):
    """What a date of the file would do to the offer."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Step:
    """One date of the file, with the meeting it matches."""

    what: What
    entry: Imported
    meeting: Meeting | None


def plan(turn: Turn, offer: Offer, entries: tuple[Imported, ...]) -> list[Step]:
    """What each date would do. A date is known by the file's own name for it, else by its time.

    What the file does not mention stays as it is.
    """
    known = meetings.of_offers(turn.connection, [offer.id], turn.now)
    by_uid = {one.uid: one for one in known if one.uid}
    by_start = {one.original: one for one in known}
    return [
        _step(turn, offer, one, by_uid.get(one.uid) or by_start.get(original_of(one.start)))
        for one in entries
        if instant(one.start, turn.content.town.clock) > turn.now
    ]


def _step(turn: Turn, offer: Offer, entry: Imported, meeting: Meeting | None) -> Step:
    if meeting is None:
        return Step(What.SAME if entry.cancelled else What.NEW, entry, None)
    if entry.cancelled:
        return Step(What.SAME if meeting.cancelled_at is not None else What.CANCELLED, entry, meeting)
    starts_at = instant(entry.start, turn.content.town.clock)
    times = (starts_at, starts_at + timedelta(minutes=entry.minutes))
    same = times == (meeting.starts_at, meeting.ends_at) and room_of(turn, offer, entry) in {"", meeting.room}
    return Step(What.SAME if same and meeting.cancelled_at is None else What.CHANGED, entry, meeting)


def room_of(turn: Turn, offer: Offer, entry: Imported) -> str:
    """The room named by a file's place; empty where it only repeats where the offer takes place."""
    key = f"offers.{offer.id}.place"
    place = turn.content.texts.source(key) if offer.place is not None and turn.content.texts.has("de", key) else ""
    whole = f"{place}, {offer.place.address if offer.place is not None else ''}"
    return "" if entry.place and entry.place in whole else " ".join(entry.place.split())[:64]


def keep(turn: Turn, member: Member, offer_id: str, entries: tuple[Imported, ...], faults: tuple[str, ...]) -> None:
    """Keep what was read until the member has looked at it."""
    lines = tuple(
        json.dumps([one.uid, original_of(one.start), one.minutes, one.place, one.cancelled]) for one in entries
    )
    state = State({_DATES: Answer(Status.GIVEN, lines), _FAULTS: Answer(Status.GIVEN, faults)})
    kept = drafts.find(turn.connection, member.id, FORM, offer_id)
    if kept is not None:
        drafts.save(turn.connection, kept.id, state, turn.now)
    else:
        drafts.create(turn.connection, member.id, FORM, offer_id, state, turn.now)


def kept(turn: Turn, member: Member, offer_id: str) -> tuple[Draft, tuple[Imported, ...], tuple[str, ...]] | None:
    """What was read last and has not been taken over."""
    draft = drafts.find(turn.connection, member.id, FORM, offer_id)
    if draft is None:
        return None
    lines, faults = (draft.state.answers[name].value for name in (_DATES, _FAULTS))
    read = (json.loads(line) for line in (lines if isinstance(lines, tuple) else ()))
    entries = tuple(
        Imported(uid, datetime.fromisoformat(start), minutes, "", place, cancelled)
        for uid, start, minutes, place, cancelled in read
    )
    return draft, entries, faults if isinstance(faults, tuple) else ()


def _import(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    offer = turn.content.offers.get(arguments[0])
    if offer is None:
        return None
    name: Block = (staff_text("offers.name", title=title(offer)),)
    read = kept(turn, member, offer.id)
    if read is None:
        return Screen((name, (staff_text("import.how"),)), (back(f"{DATES}.{offer.id}.0"),))
    _, entries, faults = read
    steps = plan(turn, offer, entries)
    counts: list[Text] = [
        staff_text(f"import.{what}", number) for what in What if (number := sum(one.what is what for one in steps))
    ]
    counts += [staff_text(f"import.fault_{one}") for one in FAULTS if one in faults]
    doing = [one for one in steps if one.what is not What.SAME]
    lines = tuple(staff_text(f"import.line_{one.what}", when=Short(one.entry.start)) for one in doing[:MOST_SHOWN])
    more = (staff_text("import.more", len(doing) - MOST_SHOWN),) if len(doing) > MOST_SHOWN else ()
    take = ((Button(staff_text("button.take_dates"), f"take_dates.{offer.id}", "✅"),),) if doing else ()
    blocks = (
        name,
        tuple(counts) or (staff_text("import.nothing"),),
        (*lines, *more),
        (staff_text("import.another"),),
    )
    return Screen(tuple(one for one in blocks if one), (*take, back(f"{DATES}.{offer.id}.0")))


PAGES: dict[str, Page] = {IMPORT: Page(Right.CHANGE_OFFERS, _import, 1)}
