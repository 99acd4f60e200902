"""Somebody says that they are interested, or takes it back: on an opening's card, and for what stands on messages.

Where a partner would be told, the person is asked first; language and hash of the words they agreed to are kept.
"""

from __future__ import annotations

from bot.core.broadcasts import Broadcast, Interest, Subject
from bot.core.offers import Offer
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.people import people
from bot.services import places
from bot.services.offers import offering, reasons
from bot.services.openings import interesting, partners
from bot.services.openings.opening_screens import ASK
from bot.services.reply import Reply
from bot.services.staff.openings import leads
from bot.services.view import ui
from bot.services.visit import Visit


def give(visit: Visit, subject: Subject, partner: str | None, by: Broadcast | None = None) -> None:
    """They are interested, and agree to what was shown; the team hears of it, and a partner with a chat.

    `by`: the message they tapped on.
    """
    turn, person = visit.turn, visit.participant
    known = None if person is None else interests.of_person(turn.connection, person.id, subject)
    if person is None:
        return
    agreed = interesting.version(turn.content, visit.language, partner)
    if known is None or known.state is Interest.WITHDRAWN:
        given = Interested(0, person.id, subject, partner or None, Interest.OPEN, turn.now)
        interests.give(turn.connection, given, visit.language, agreed)
        leads.tell(turn, subject, by)
    elif partner and known.partner is None:
        interests.share(turn.connection, known.id, partner, visit.language, agreed, turn.now)
    else:
        return
    if (one := interests.of_person(turn.connection, person.id, subject)) is not None:
        partners.tell(turn, one)


def withdraw(visit: Visit, subject: Subject) -> None:
    """They are no longer interested: nobody is told of them from now on."""
    turn, person = visit.turn, visit.participant
    known = None if person is None else interests.of_person(turn.connection, person.id, subject)
    if known is not None and known.state is not Interest.WITHDRAWN:
        interests.change(turn.connection, known.id, Interest.WITHDRAWN, None, turn.now)
        partners.look_around(turn)


def drop(visit: Visit, word: str, tapped: int | None) -> Reply:
    """Take an interest back, on a card or in the list of their own."""
    withdraw(visit, Subject.named(word))
    return visit.reply(toast=ui("interest.withdrawn"), tapped=tapped)


def interested(visit: Visit, offer_id: str, tapped: int | None, *, asked: bool = False) -> Reply:
    """On an opening's card. Where a partner would be told, they are asked for that first."""
    visit.refresh()
    one = interesting.opening(visit.turn.content, offer_id)
    if visit.participant is None:
        return visit.only(ui("notice.first_consent"))
    if one is None or not (one.takes_interest and interesting.to_be_had(visit.turn, one)):
        visit.look_at(places.OFFER, offer_id)
        return visit.reply(toast=ui("news.stale"), tapped=tapped)
    if not (_is_in(visit, one) or _has_what_it_needs(visit, one)):
        visit.look_at(places.OFFER, one.id)
        return visit.reply(toast=ui("news.needs"), tapped=tapped)
    if one.partner:
        words = interesting.version(visit.turn.content, visit.language, one.partner)
        question = f"{one.id}.{ASK}.{words}"
        if not asked or visit.chat.focus != question:  # a yes to other words, or for somebody else, does not count
            visit.look_at(places.OFFER, question)
            return visit.reply(tapped=tapped)
    give(visit, Subject(opening=one.id), one.partner)
    visit.look_at(places.OFFER, one.id)
    return visit.reply(toast=ui("interest.given"), tapped=tapped)


def _is_in(visit: Visit, one: Offer) -> bool:
    """Whether they are interested already, and a partner may know of it."""
    person = visit.participant
    own = None if person is None else interests.of_person(visit.turn.connection, person.id, Subject(opening=one.id))
    return own is not None and own.state is not Interest.WITHDRAWN


def _has_what_it_needs(visit: Visit, one: Offer) -> bool:
    content = visit.turn.content
    return reasons.match(content, one, offering.answers_of(content, visit.state)).open


def want_no_more(visit: Visit, offer_id: str, tapped: int | None) -> Reply:
    """On the card of a piece of information: it is not for them, and they do not hear of it again."""
    visit.refresh()
    if visit.participant is None:
        return visit.only(ui("notice.first_consent"))
    visit.look_at(places.OFFER, offer_id)
    one = interesting.opening(visit.turn.content, offer_id)
    if one is None or one.takes_interest:
        return visit.reply(toast=ui("news.stale"), tapped=tapped)
    people.want_no_more(visit.turn.connection, visit.participant.id, offer_id, visit.turn.now)
    return visit.reply(toast=ui("news.unwanted"), tapped=tapped)


def refused(visit: Visit, offer_id: str, tapped: int | None) -> Reply:
    """They are asked whether a partner may know, and say no."""
    visit.look_at(places.OFFER, offer_id)
    return visit.reply(toast=ui("interest.refused"), tapped=tapped)
