"""What the screen of a place is built from: what every place needs, and what this one looks up besides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.db.people import paper_codes
from bot.db.threads import threads
from bot.services import screens
from bot.services.offers import place_offers
from bot.services.view import View, local_day

if TYPE_CHECKING:
    from bot.services.visit import Visit


def view_of(visit: Visit) -> View:
    """The view of a visit as things are now."""
    turn, place, person = visit.turn, visit.place, visit.participant
    number, focus = None if person is None else person.id, visit.chat.focus or ""
    view = View(
        content=turn.content,
        language=visit.language,
        state=visit.state,
        consents=visit.consents() if place in screens.NEEDS_CONSENTS else {},
        phone_language=visit.visitor.phone_language,
        more=person is not None and person.more,
        given_at=visit.given_at,
        today=local_day(turn.content, turn.now),
        now=turn.now,
        focus=focus,
        interests=place_offers.interests(turn, place, focus, number, visit.language),
        messages=visit.preferences,
        translates=turn.translates,
        people=visit.people,
        person=person,
    )
    if place in screens.WITH_OFFERS:
        view = replace(view, offers=place_offers.at(turn, place, focus, visit.state, number))
    if place in screens.WITH_PATH:
        view = replace(view, way=visit.way())
    match place:
        case screens.AGAIN:
            return replace(view, again=visit.again())
        case screens.MORE | screens.DONE:
            return replace(view, news=visit.news())
        case screens.TALK:
            waits, has_said = threads.waits(turn.connection), threads.has_said(turn.connection, number or 0)
            return replace(view, waits=tuple(waits), has_said=has_said)
        case screens.PAPER if person is not None:
            return replace(view, code_since=paper_codes.made_at(turn.connection, person.id))
    return view
