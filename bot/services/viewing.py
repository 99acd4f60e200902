"""What the screen of a place is built from: what is known at every place, and what is looked up for this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.db.people import paper_codes
from bot.db.threads import threads
from bot.services import places
from bot.services.offers import offering
from bot.services.offers.offer_screens import LISTED
from bot.services.openings import interesting
from bot.services.path import roads
from bot.services.rights import privacy_screen
from bot.services.view import Found, View

if TYPE_CHECKING:
    from bot.services.visit import Visit


def view_of(visit: Visit) -> View:
    """The view of a visit as things are now."""
    turn, person, look = visit.turn, visit.participant, _LOOKS.get(visit.place)
    return View(
        content=turn.content,
        language=visit.language,
        state=visit.state,
        found=Found() if look is None else look(visit),
        focus=visit.chat.focus or "",
        now=turn.now,
        phone_language=visit.visitor.phone_language,
        person=person,
        people=visit.people,
        more=person is not None and person.more,
        given_at=visit.given_at,
        messages=visit.preferences,
        translates=turn.translates,
    )


def _consents(visit: Visit) -> Found:
    return Found(consents=visit.consents())


def _privacy(visit: Visit) -> Found:
    """On the page about partners also what these may know."""
    person, consents = _person(visit), visit.consents()
    if person is None or visit.chat.focus != privacy_screen.SERVICES:
        return Found(consents=consents)
    return Found(consents=consents, interests=interesting.told_to(visit.turn, person, visit.language))


def _list(visit: Visit) -> Found:
    name = _subject(visit)
    return Found(
        offers=offering.listed(visit.turn, name if name in LISTED else "courses", visit.state, _person(visit))
    )


def _offer(visit: Visit) -> Found:
    one = offering.one(visit.turn, _subject(visit), visit.state, _person(visit))
    return Found(consents=visit.consents(), offers=() if one is None else (one,))


def _mine(visit: Visit) -> Found:
    person = _person(visit)
    interests = () if person is None else interesting.of_person(visit.turn, person, visit.language)
    return Found(offers=offering.own(visit.turn, visit.state, person), interests=interests)


def _path(visit: Visit) -> Found:
    return Found(consents=visit.consents(), way=visit.way())


def _step(visit: Visit) -> Found:
    """Where the step is gone meanwhile, the whole path is shown."""
    way, name = visit.way(), _subject(visit)
    if way is None or name not in way.plan.by_id:
        return Found(consents=visit.consents(), way=way)
    return Found(offers=roads.offers_of(visit.turn, name, visit.state, _person(visit)), way=way)


def _again(visit: Visit) -> Found:
    return Found(again=visit.again())


def _news(visit: Visit) -> Found:
    return Found(news=visit.news())


def _talk(visit: Visit) -> Found:
    connection = visit.turn.connection
    return Found(waits=tuple(threads.waits(connection)), has_said=threads.has_said(connection, _person(visit) or 0))


def _paper(visit: Visit) -> Found:
    person = _person(visit)
    return Found() if person is None else Found(code_since=paper_codes.made_at(visit.turn.connection, person))


def _person(visit: Visit) -> int | None:
    return None if visit.participant is None else visit.participant.id


def _subject(visit: Visit) -> str:
    """The first part of the focus: the name of a list, an offer or a step."""
    return (visit.chat.focus or "").partition(".")[0]


_LOOKS: dict[str, Callable[[Visit], Found]] = {
    places.CONSENTS_START: _consents,
    places.CONSENTS_END: _consents,
    places.ASKED_ANEW: _consents,
    places.PRIVACY: _privacy,
    places.OFFERS: _list,
    places.OFFER: _offer,
    places.MINE: _mine,
    places.PATH: _path,
    places.STEP: _step,
    places.AGAIN: _again,
    places.MORE: _news,
    places.DONE: _news,
    places.TALK: _talk,
    places.PAPER: _paper,
}
"""What is looked up for a place; nothing for one that is not here."""
