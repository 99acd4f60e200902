"""The offers that a place of the conversation shows, and what somebody is interested in."""

from __future__ import annotations

from bot.core.engine import State
from bot.services import screens
from bot.services.offers import offering
from bot.services.offers.offer_screens import LISTED
from bot.services.offers.shown import Interesting, Shown
from bot.services.openings import interesting
from bot.services.path import roads
from bot.services.rights import privacy_screen
from bot.services.turn import Turn


def at(turn: Turn, place: str, focus: str, state: State | None, person: int | None) -> tuple[Shown, ...]:
    """The offers of a place, for a person who may have said nothing yet; `focus` is what the place is about."""
    match place, focus.partition("."):
        case screens.MINE, _:
            return offering.own(turn, state, person)
        case screens.OFFER, (offer_id, _, _):
            found = offering.one(turn, offer_id, state, person)
            return () if found is None else (found,)
        case screens.STEP, (step_id, _, _):
            return roads.offers_of(turn, step_id, state, person)
        case _, (name, _, _) if name in LISTED:
            return offering.listed(turn, name, state, person)
    return offering.listed(turn, "courses", state, person)


def interests(turn: Turn, place: str, focus: str, person: int | None, language: str) -> tuple[Interesting, ...]:
    """What somebody is interested in, where a place lists it; on the page about partners, what these may know."""
    if person is None:
        return ()
    if place == screens.MINE:
        return interesting.of_person(turn, person, language)
    told = place == screens.PRIVACY and focus == privacy_screen.SERVICES
    return interesting.told_to(turn, person, language) if told else ()
