"""Seats by button: sign up, take a held seat, give one back. What follows is planned in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.folding import number
from bot.core.message import Text
from bot.core.seats import State
from bot.core.timing import fit
from bot.db.offers import registrations
from bot.db.offers.registrations import Target
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import participants
from bot.services.offers import offering, registration
from bot.services.offers.registration import Outcome, Result
from bot.services.offers.seats import News, What
from bot.services.preferences import preferences
from bot.services.reminders import by_rule, reminding
from bot.services.reply import Reply
from bot.services.turn import Turn
from bot.services.view import ui
from bot.services.visit import Visit

_SAID = {
    Result.REGISTERED: "registered",
    Result.REQUESTED: "requested",
    Result.ALREADY: "already",
    Result.CLOSED: "closed",
    Result.OVER: "over",
    Result.NEEDS: "needs",
    Result.ENDED: "given_back",
    Result.STALE: "stale",
}
_TOLD = {
    What.REGISTERED: "told_registered",
    What.HELD: "told_held",
    What.REFUSED: "told_refused",
    What.LAPSED: "told_lapsed",
    What.NO_SEAT: "told_no_seat",
    What.WITHDRAWN: "told_withdrawn",
}
"""What is told to somebody who did not do it themselves."""


def join(visit: Visit, offer_id: str, meeting: str, tapped: int | None) -> Reply:
    """Sign up for an offer, or one meeting of it."""
    key = number(meeting)
    if visit.participant is None or key is None:
        return visit.only(ui("notice.first_consent"))
    outcome = sign_up(visit, Target(offer_id, key or None))
    return visit.reply(toast=said(outcome), tapped=tapped)


def give_back(visit: Visit, key: str, tapped: int | None) -> Reply:
    """Give a seat back, decline a held one, or leave the waiting list."""
    outcome = end(visit, number(key) or 0)
    return visit.reply(toast=said(outcome), tapped=tapped)


def take(visit: Visit, key: str, tapped: int | None) -> Reply:
    """Take the seat that is held."""
    outcome = accept(visit, number(key) or 0)
    return visit.reply(toast=said(outcome), tapped=tapped)


def sign_up(visit: Visit, target: Target) -> Outcome:
    """Take a seat, or a place on the waiting list, if the person has what is needed."""
    turn, person = visit.turn, visit.participant
    if person is None:
        return Outcome(Result.STALE)
    shown = offering.one(turn, target.offer_id, visit.state, person.id)
    fits = shown is not None and shown.match.open
    outcome = registration.register(turn, offering.terms_of(turn.content), person.id, target, fits=fits)
    settle(turn, outcome.news, by=person.id)
    return outcome


def end(visit: Visit, registration_id: int) -> Outcome:
    """End the person's own registration, whatever its state."""
    turn, person = visit.turn, visit.participant
    one = registrations.load(turn.connection, registration_id)
    if person is None or one is None:
        return Outcome(Result.STALE)
    how = {State.WAITING: registration.leave_list, State.HELD: registration.decline_hold}
    leave = how.get(one.state, registration.give_back)
    outcome = leave(turn, offering.terms_of(turn.content), registration_id, person.id)
    settle(turn, outcome.news, by=person.id)
    return outcome


def accept(visit: Visit, registration_id: int) -> Outcome:
    """Take the person's own held seat."""
    turn, person = visit.turn, visit.participant
    if person is None:
        return Outcome(Result.STALE)
    outcome = registration.accept_hold(turn, offering.terms_of(turn.content), registration_id, person.id)
    settle(turn, outcome.news, by=person.id)
    return outcome


def said(outcome: Outcome) -> Text:
    """The short word that answers a button."""
    if outcome.result is Result.WAITING:
        return ui("news.waiting", place=outcome.position or 1)
    if outcome.result is Result.ENDED and any(one.what is What.LEFT for one in outcome.news):
        return ui("news.left")
    return ui(f"news.{_SAID[outcome.result]}")


def settle(turn: Turn, news: Iterable[News], by: int | None = None) -> None:
    """Plan what follows from news: reminders, and a message to everybody but whoever did it (`by`)."""
    for one in news:
        known = registrations.load(turn.connection, one.registration_id)
        if known is not None and known.state is State.REGISTERED:
            reminding.seat_is_firm(turn, known)
        elif known is not None and known.state is State.HELD:
            reminding.seat_is_held(turn, known)
        elif known is None or known.ended_at is not None:
            reminding.seat_is_gone(turn, one.registration_id)
        if one.participant_id != by and one.what in _TOLD:
            tell(turn, one, _TOLD[one.what])


def tell(turn: Turn, one: News, name: str) -> None:
    """Plan a message about a registration, outside the person's quiet hours."""
    found = participants.chat_of(turn.connection, one.participant_id)
    if found is None:
        return
    chat_id, hours = found
    town = turn.content.town
    until = one.until if one.what is What.HELD else None
    at = fit(turn.now, *preferences.nights(hours, town), town.free, last_useful=until, earliest=turn.now)
    planned = Planned(
        f"news:{name}:{one.registration_id}:{by_rule.stamp(turn.now)}",
        Kind.NOTICE,
        at or turn.now,
        f"ui.news.{name}",
        last_useful_at=until,
        urgent=at is None,
        participant_id=one.participant_id,
        registration_id=one.registration_id,
        meeting_id=one.meeting_id,
    )
    deliveries.plan(turn.connection, [(chat_id, planned)])


def look_after(turn: Turn) -> None:
    """What the clock does to seats: ends holds that ran out, offers seats that are free."""
    settle(turn, registration.lapse(turn, offering.terms_of(turn.content)))
