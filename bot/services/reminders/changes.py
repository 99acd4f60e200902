"""A meeting has changed: the notice that says so, and the mark on messages that already stand in a chat.

The notice is a new message, and waits for the end of the night. The mark is put into the old message at once, makes
no sound, and says the same: whoever reads only one of the two knows what holds now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core.message import Argument, Screen, Text, Words
from bot.core.offers import Kind, Offer
from bot.core.seats import State
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.outbox import reminding as marks
from bot.db.outbox.deliveries import Due
from bot.db.outbox.worlds import World
from bot.services.deliveries.letter_parts import DETAILS, FOR_DATE, FOR_HELD, local, title, where
from bot.services.reminders import reminding
from bot.services.turn import Turn
from bot.services.view import Block, Row, ui


def notice(turn: Turn, due: Due, world: World) -> Screen | str:
    """What is told to somebody registered or waiting, or why nothing is."""
    found = _found(turn, due)
    if found is None:
        return "offer_gone"
    if world.state not in reminding.CONCERNED:
        return "not_registered"
    offer, meeting = found
    was = due.params or {}
    what = _what(was, reminding.as_was(turn, meeting))
    if what is None:
        return "changed_back"
    return Screen((_told(turn, offer, meeting, what, was),), _ways(offer, meeting, world))


def mark(turn: Turn, due: Due, world: World) -> Screen | str:
    """What replaces a message that no longer holds: which meeting, what was said of it, and what is true now.

    Nothing where all is as it was then, unless an earlier mark has said otherwise.
    """
    found = _found(turn, due)
    if found is None:
        return Screen(((ui("change.outdated"),),))
    offer, meeting = found
    was, now = due.params or {}, reminding.as_was(turn, meeting)
    what = _what_with_place(was, now)
    rows = _ways(offer, meeting, world) if due.registration_id is not None else ()
    if what is None:
        if not marks.changed_before(turn.connection, due):
            return "changed_back"
        same = "cancelled" if now["cancelled"] else "as_before"
        return Screen((_told(turn, offer, meeting, same, was),), rows)
    blocks: tuple[Block, ...] = ((ui("change.outdated"),), _told(turn, offer, meeting, what, was))
    if due.registration_id is None:  # no notice follows
        blocks = (*blocks, (ui("change.outdated_offer"),))
    return Screen(blocks, rows)


def _found(turn: Turn, due: Due) -> tuple[Offer, Meeting] | None:
    meeting = None if due.meeting_id is None else meetings.load(turn.connection, due.meeting_id)
    offer = None if meeting is None else turn.content.offers.get(meeting.offer_id)
    return None if meeting is None or offer is None else (offer, meeting)


def _told(turn: Turn, offer: Offer, meeting: Meeting, what: str, was: Mapping[str, Any]) -> Block:
    """Old and new in one paragraph."""
    args: dict[str, Argument] = {"title": title(offer), "when": local(turn, meeting.starts_at)}
    if what in {"moved", "moved_room"}:
        args["old"] = local(turn, datetime.fromisoformat(was["starts"]))
    elif what == "room":
        args["old"] = _where_it_was(turn, offer, was)
    if what in {"room", "moved_room", "back", "as_before"}:
        args["where"] = where(offer, meeting)
    return (Text(f"ui.change.{what}", args),)


def _where_it_was(turn: Turn, offer: Offer, was: Mapping[str, Any]) -> Argument:
    """Where it was; the offer's place in the reader's language, as long as it is the same."""
    place = was.get("place")
    if place is not None and place != reminding.place_of(turn, offer):
        return Words(", ".join(one for one in (place, was["where"]) if one) or "-")
    return Words(was["where"]) if was["where"] else Text(f"offers.{offer.id}.place")


def _ways(offer: Offer, meeting: Meeting, world: World) -> tuple[Row, ...]:
    """What somebody can do about it."""
    if meeting.cancelled_at is None and world.state is State.REGISTERED:
        return (*FOR_DATE, DETAILS)
    if meeting.cancelled_at is None and world.state is State.HELD and offer.kind is Kind.EVENT:
        return FOR_HELD
    return (DETAILS,)


def _what(was: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """What is different, as the name of a text; None where nothing is."""
    if now["cancelled"]:
        return None if was.get("cancelled") else "cancelled"
    if was.get("cancelled"):
        return "back"
    moved, other_room = was.get("starts") != now["starts"], was.get("where") != now["where"]
    if moved:
        return "moved_room" if other_room else "moved"
    return "room" if other_room else None


def _what_with_place(was: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """The same, where the offer's own place counts too: of that a message of its own is told."""
    what = _what(was, now)
    if was.get("place") in {None, now["place"]}:
        return what
    return {"moved": "moved_room", None: "room"}.get(what, what)
