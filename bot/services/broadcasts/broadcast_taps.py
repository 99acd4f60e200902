"""What people do with a broadcast that stands in their chat: say that they are interested, or not, or ask why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.core import matching
from bot.core.broadcasts import STANDING, Broadcast, of_key
from bot.core.message import Button, Listing, Screen, Text
from bot.db.broadcasts import broadcasts
from bot.db.outbox.deliveries import Due
from bot.db.people import people
from bot.services import places
from bot.services.broadcasts import audience, broadcast_screens
from bot.services.offers import offering, reasons
from bot.services.openings import interest_taps, interesting
from bot.services.reply import Reply
from bot.services.view import Row, ui
from bot.services.visit import Visit

MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Tapped:
    """A short word, and the message as it is to be now; None: as it is."""

    toast: Text
    screen: Screen | None = None


def tap(visit: Visit, due: Due, verb: str, arguments: tuple[str, ...]) -> Tapped | Reply:
    """Do what a button of a broadcast says."""
    number = of_key(due.text_key)
    one = None if number is None else broadcasts.load(visit.turn.connection, number)
    perform = _VERBS.get(verb)
    if one is None or perform is None or visit.participant is None or (arguments and verb != "interest_yes"):
        return Tapped(ui("news.stale"))
    offer = interesting.opening(visit.turn.content, one.offer_id)
    gone = offer is not None and broadcast_screens.gone(visit.turn, offer) is not None
    if verb not in {"why", "interest_back", "details"} and (gone or one.stage not in STANDING):
        return Tapped(ui("news.stale"), broadcast_screens.again(visit.turn, due))
    partner = interesting.partner_of(visit.turn.content, one)
    if verb == "interest_yes" and partner and arguments != (_words(visit, partner),):
        perform = _interest  # a yes to other words, or for somebody else, does not count
    return perform(visit, due, one)


def _words(visit: Visit, partner: str) -> str:
    return interesting.version(visit.turn.content, visit.language, partner)


def _interest(visit: Visit, due: Due, one: Broadcast) -> Tapped | Reply:
    """Somebody is interested. Where a partner would be told, they are asked for that first."""
    if not _takes_interest(visit, one):
        return Tapped(ui("news.stale"))
    partner = interesting.partner_of(visit.turn.content, one)
    if partner is None:
        return _give(visit, due, one)
    asked, rows = interesting.ask(visit.turn.content, partner), _answers(_words(visit, partner))
    if visit.language in broadcasts.released(visit.turn.connection, [one.id])[one.id]:
        screen = broadcast_screens.copy(one, asked, rows=rows)
    else:  # nobody agrees to what they cannot read
        screen = broadcast_screens.alone(one, asked, rows)
    return Tapped(ui("button.interest"), screen)


def _takes_interest(visit: Visit, one: Broadcast) -> bool:
    """Whether people can be interested: not in what has become a piece of information."""
    offer = interesting.opening(visit.turn.content, one.offer_id)
    return one.answering.interest and (offer is None or offer.takes_interest)


def _answers(words: str) -> tuple[Row, ...]:
    """Yes and no to these words."""
    return (
        (Button(ui("button.interest_yes"), f"interest_yes.{words}", "✅"),),
        (Button(ui("button.interest_no"), "interest_no", "🚫"),),
    )


def _give(visit: Visit, due: Due, one: Broadcast) -> Tapped | Reply:
    """They are interested, and agree to what was shown to them."""
    if visit.participant is None or not _takes_interest(visit, one):
        return Tapped(ui("news.stale"))
    content = visit.turn.content
    interest_taps.give(visit, interesting.subject_of(content, one), interesting.partner_of(content, one), one)
    return Tapped(ui("interest.given"), broadcast_screens.again(visit.turn, due))


def _refuse(visit: Visit, due: Due, _: Broadcast) -> Tapped | Reply:
    return Tapped(ui("interest.refused"), broadcast_screens.again(visit.turn, due))


def _take_back(visit: Visit, due: Due, one: Broadcast) -> Tapped | Reply:
    """They are no longer interested: nobody is told of them from now on."""
    interest_taps.withdraw(visit, interesting.subject_of(visit.turn.content, one))
    return Tapped(ui("interest.withdrawn"), broadcast_screens.again(visit.turn, due))


def _not_me(visit: Visit, due: Due, one: Broadcast) -> Tapped | Reply:
    """It is not for them: they do not hear again of the offer it is about."""
    if one.offer_id is None:
        broadcasts.refuse(visit.turn.connection, one.id, due.chat_id)
    elif visit.participant is not None:
        people.want_no_more(visit.turn.connection, visit.participant.id, one.offer_id, visit.turn.now)
    word = ui("interest.not_me")
    return Tapped(word, broadcast_screens.copy(one, word))


def _details(visit: Visit, _: Due, one: Broadcast) -> Tapped | Reply:
    """The card of the offer it is about, below."""
    if one.offer_id not in visit.turn.content.offers:
        return Tapped(ui("news.stale"))
    visit.look_at(places.OFFER, one.offer_id)
    return visit.reply()


def _why(visit: Visit, _: Due, one: Broadcast) -> Tapped | Reply:
    """Why they got it: their own answers that the audience was chosen by, else that they agreed to such messages."""
    content = visit.turn.content
    answers = offering.answers_of(content, visit.state)
    found = matching.explained(audience.condition(content, one.audience), answers.lookup)
    said = reasons.because(content, found.because, answers)
    if not said:
        return Tapped(ui("why.everybody"))
    return Tapped(ui("why.because", what=Listing(said[:MOST_REASONS])))


_VERBS: dict[str, Callable[[Visit, Due, Broadcast], Tapped | Reply]] = {
    "interest": _interest,
    "interest_yes": _give,
    "interest_no": _refuse,
    "interest_back": _take_back,
    "not_me": _not_me,
    "details": _details,
    "why": _why,
}
