"""What the messages that are sent by themselves are put together from: names, places, times, rows of buttons."""

from __future__ import annotations

from datetime import datetime

from bot.core.message import Argument, Button, Text, Words
from bot.core.offers import Offer
from bot.core.timing import local_time
from bot.db.offers.meetings import Meeting
from bot.services.reminders import reminding
from bot.services.turn import Turn
from bot.services.view import Row, ui

DETAILS: Row = (Button(ui("button.details"), "details", "🗂"),)
WHY: Row = (Button(ui("button.why"), "why", "❓"),)
FOR_DATE: tuple[Row, ...] = (
    (Button(ui("button.come"), "come", "✅"),),
    (Button(ui("button.cannot"), "cannot", "↩️"),),
)
"""To come, or not. Who misses a date of a course keeps the seat; all of it is given back on the offer's card."""
FOR_HELD: tuple[Row, ...] = (
    (Button(ui("button.take"), "take", "✅"),),
    (Button(ui("button.queue_leave"), "cannot", "↩️"),),
    DETAILS,
)


def title(offer: Offer) -> Text:
    """The name of an offer."""
    return Text(f"offers.{offer.id}.title")


def where(offer: Offer, meeting: Meeting) -> Argument:
    """Where a meeting takes place: its own place and room, else the offer's."""
    own = reminding.where(meeting)
    if offer.place is None or meeting.place:
        return Words(own or "-")
    named = Text(f"offers.{offer.id}.place")
    return ui("offers.place_room", place=named, room=Words(own)) if own else named


def place(offer: Offer) -> Argument:
    """Where an offer takes place, with its address."""
    if offer.place is None:
        return Words("online")
    name = Text(f"offers.{offer.id}.place")
    return ui("offers.place_room", place=name, room=Words(offer.place.address)) if offer.place.address else name


def local(turn: Turn, at: datetime) -> datetime:
    """A moment as the town's clocks show it."""
    return local_time(at, turn.content.town.clock)
