"""What the screen of a place is built from: what every place needs, and what this one looks up besides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.engine import State
from bot.db.people import paper_codes
from bot.db.threads import threads
from bot.services import places
from bot.services.offers import offering
from bot.services.offers.offer_screens import LISTED
from bot.services.offers.shown import Interesting, Shown
from bot.services.openings import interesting
from bot.services.path import roads
from bot.services.rights import privacy_screen
from bot.services.turn import Turn
from bot.services.view import View, local_day

if TYPE_CHECKING:
    from bot.services.visit import Visit

_WITH_OFFERS = frozenset({places.OFFERS, places.OFFER, places.MINE, places.STEP})
_WITH_PATH = frozenset({places.PATH, places.STEP})
_WITH_CONSENTS = frozenset(
    {places.CONSENTS_START, places.CONSENTS_END, places.PRIVACY, places.ASKED_ANEW, places.OFFER, places.PATH}
)


def view_of(visit: Visit) -> View:
    """The view of a visit as things are now."""
    turn, place, person = visit.turn, visit.place, visit.participant
    number, focus = None if person is None else person.id, visit.chat.focus or ""
    view = View(
        content=turn.content,
        language=visit.language,
        state=visit.state,
        consents=visit.consents() if place in _WITH_CONSENTS else {},
        phone_language=visit.visitor.phone_language,
        more=person is not None and person.more,
        given_at=visit.given_at,
        today=local_day(turn.content, turn.now),
        now=turn.now,
        focus=focus,
        interests=_interests(turn, place, focus, number, visit.language),
        messages=visit.preferences,
        translates=turn.translates,
        people=visit.people,
        person=person,
    )
    if place in _WITH_OFFERS:
        view = replace(view, offers=_offers(turn, place, focus, visit.state, number))
    if place in _WITH_PATH:
        view = replace(view, way=visit.way())
    match place:
        case places.AGAIN:
            return replace(view, again=visit.again())
        case places.MORE | places.DONE:
            return replace(view, news=visit.news())
        case places.TALK:
            waits, has_said = threads.waits(turn.connection), threads.has_said(turn.connection, number or 0)
            return replace(view, waits=tuple(waits), has_said=has_said)
        case places.PAPER if person is not None:
            return replace(view, code_since=paper_codes.made_at(turn.connection, person.id))
    return view


def _offers(turn: Turn, place: str, focus: str, state: State | None, person: int | None) -> tuple[Shown, ...]:
    """The offers of a place, for a person who may have said nothing yet; `focus` is what the place is about."""
    match place, focus.partition("."):
        case places.MINE, _:
            return offering.own(turn, state, person)
        case places.OFFER, (offer_id, _, _):
            found = offering.one(turn, offer_id, state, person)
            return () if found is None else (found,)
        case places.STEP, (step_id, _, _):
            return roads.offers_of(turn, step_id, state, person)
        case _, (name, _, _) if name in LISTED:
            return offering.listed(turn, name, state, person)
    return offering.listed(turn, "courses", state, person)


def _interests(turn: Turn, place: str, focus: str, person: int | None, language: str) -> tuple[Interesting, ...]:
    """What somebody is interested in, where a place lists it; on the page about partners, what these may know."""
    if person is None:
        return ()
    if place == places.MINE:
        return interesting.of_person(turn, person, language)
    told = place == places.PRIVACY and focus == privacy_screen.SERVICES
    return interesting.told_to(turn, person, language) if told else ()
