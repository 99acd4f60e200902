"""A person's dates as a file for the calendar of their phone."""

from __future__ import annotations

from dataclasses import replace

from bot.content import calendar_file
from bot.content.calendar_file import Entry
from bot.core.message import Argument, Text
from bot.core.offers import Offer
from bot.core.timing import local_time
from bot.db.offers.meetings import Meeting
from bot.services.offers import registration
from bot.services.offers.registration import Noted
from bot.services.reply import File, Reply
from bot.services.view import ui
from bot.services.visit import Visit

KIND = "text/calendar"


def of_offer(visit: Visit, offer_id: str) -> Reply:
    """The dates of an offer the person has a seat for, in their own language."""
    return _file(visit, offer_id, only=offer_id)


def of_everything(visit: Visit) -> Reply:
    """The dates of everything the person has a seat for, in one file."""
    return _file(visit, visit.turn.content.town.id)


def _file(visit: Visit, name: str, only: str | None = None) -> Reply:
    """A file with the dates of the person's firm seats, at one offer or at all; a word where there are none.

    Dates still to come at which they have no seat any more are cancelled in it.
    """
    turn, person = visit.turn, visit.participant
    offers, town = turn.content.offers, turn.content.town
    entries = [
        _entry(visit, offers[one.meeting.offer_id], one)
        for one in (() if person is None else registration.noted(turn, person.id))
        if one.meeting.offer_id in offers and only in {None, one.meeting.offer_id}
    ]
    if not entries:
        return visit.only(ui("calendar.none"))
    data = calendar_file.written(entries, town.zone, town.project, turn.now)
    off = any(one.cancelled for one in entries)
    caption = ui("calendar.caption_cancelled") if off else ui("calendar.caption")
    file = File(visit.chat.id, visit.language, f"{name}.ics", KIND, data, caption)
    return replace(visit.only(), file=file)


def uid(visit: Visit, meeting: Meeting) -> str:
    """The identifier of a meeting in every calendar, for ever."""
    return f"{meeting.offer_id}-{meeting.original}@{visit.turn.content.town.id}.lotse"


def _sequence(one: Noted) -> int:
    """Grows with each change of the meeting, and with each seat that is given back or taken anew."""
    return one.meeting.sequence + 2 * one.ended - (1 if one.gone else 0)


def _entry(visit: Visit, offer: Offer, noted: Noted) -> Entry:
    meeting = noted.meeting

    def words(text: Argument | None) -> str:
        return visit.turn.content.texts.label(visit.language, text) if isinstance(text, Text) else ""

    zone = visit.turn.content.town.clock
    place = meeting.place or {}
    where = [
        place.get("name") or (words(Text(f"offers.{offer.id}.place")) if offer.place else ""),
        meeting.room,
        place.get("address") or (offer.place.address if offer.place else ""),
    ]
    return Entry(
        uid(visit, meeting),
        _sequence(noted),
        local_time(meeting.starts_at, zone),
        int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        words(Text(f"offers.{offer.id}.title")),
        words(Text(f"offers.{offer.id}.text")),
        ", ".join(one for one in where if one),
        place.get("map") or (offer.place.map if offer.place else ""),
        cancelled=noted.gone or meeting.cancelled_at is not None,
    )
