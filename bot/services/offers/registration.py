"""Registering, waiting, and giving back: what participants and staff do with seats, and what the clock does.

Every use case locks its target first, so that two people at the same moment come one after the other, and tells what
has changed for whom. docs/decisions/0012-registration.md has the states and the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from bot.core.seats import Seat, State
from bot.db.offers import meetings, registrations
from bot.db.offers.meetings import Meeting
from bot.db.offers.registrations import Numbers, Registration, Target
from bot.services.offers.seats import News, Seats, Terms, What
from bot.services.turn import Turn


class Result(Enum):
    """How a use case ended."""

    REGISTERED = auto()
    REQUESTED = auto()
    """A coordinator has to say yes; the seat is kept."""
    WAITING = auto()
    ALREADY = auto()
    """The person has a seat or waits already: nothing changed."""
    CLOSED = auto()
    """The deadline is over."""
    OVER = auto()
    """It is past or cancelled, or one cannot register for it."""
    NEEDS = auto()
    """The person lacks something that the offer needs."""
    FULL = auto()
    """No seat is free; staff may enter somebody all the same, if they say so."""
    ENDED = auto()
    """Given back, left or refused, as asked."""
    STALE = auto()
    """The registration is no longer as the button says, or is somebody else's: nothing changed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, and what changed for whom, the person included. `position` is theirs on the waiting list."""

    result: Result
    news: tuple[News, ...] = ()
    registration_id: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without a chat, as staff know them."""

    name: str
    contact: str = ""


def register(turn: Turn, terms: Terms, participant_id: int, target: Target, *, fits: bool = True) -> Outcome:
    """Take a seat, or the next place on the waiting list. `fits`: the person has what the offer needs."""
    line = Seats(turn, terms, target)
    if line.offer is None or line.is_over:
        return _outcome(Result.OVER, line)
    if (mine := line.of(participant_id)) is not None:
        return _outcome(Result.ALREADY, line, mine.id)
    if line.is_closed:
        return _outcome(Result.CLOSED, line)
    if not fits:
        return _outcome(Result.NEEDS, line)
    if line.free == 0:
        return _outcome(Result.WAITING, line, line.add(participant_id, State.WAITING))
    state = State.REQUESTED if line.offer.approval else State.REGISTERED
    return _outcome(Result[state.name], line, line.add(participant_id, state))


def give_back(turn: Turn, terms: Terms, registration_id: int, owner: int | None) -> Outcome:
    """Give a seat back; the next on the waiting list gets it. `owner` None: staff does it for whoever has it.

    What is over stays as it was, for the record.
    """
    line, seat = _find(turn, terms, registration_id, owner, {State.REQUESTED, State.REGISTERED})
    if line is not None and seat is not None and line.is_over and owner is not None:
        return _outcome(Result.OVER, line, seat.id)
    return _end((line, seat), State.GIVEN_BACK)


def leave_list(turn: Turn, terms: Terms, registration_id: int, owner: int | None) -> Outcome:
    """Leave the waiting list."""
    return _end(_find(turn, terms, registration_id, owner, {State.WAITING}), State.LEFT)


def decline_hold(turn: Turn, terms: Terms, registration_id: int, owner: int | None) -> Outcome:
    """Decline the seat that is held; the next on the waiting list gets it."""
    return _end(_find(turn, terms, registration_id, owner, {State.HELD}), State.LEFT)


def accept_hold(turn: Turn, terms: Terms, registration_id: int, owner: int | None) -> Outcome:
    """Take the seat that is held."""
    line, seat = _find(turn, terms, registration_id, owner, {State.HELD})
    if line is None or seat is None:
        return _stale(line)
    if line.offer is None or line.is_over:
        return _outcome(Result.OVER, line, seat.id)
    state = State.REQUESTED if line.offer.approval else State.REGISTERED
    line.turn_to(seat, state)
    return _outcome(Result[state.name], line, seat.id)


def approve(turn: Turn, terms: Terms, registration_id: int, by: int) -> Outcome:
    """Staff says yes to a request."""
    line, seat = _find(turn, terms, registration_id, None, {State.REQUESTED})
    if line is None or seat is None:
        return _stale(line)
    line.turn_to(seat, State.REGISTERED, approved_by=by)
    return _outcome(Result.REGISTERED, line, seat.id)


def refuse(turn: Turn, terms: Terms, registration_id: int, by: int) -> Outcome:
    """Staff says no to a request; the next on the waiting list gets the seat."""
    return _end(_find(turn, terms, registration_id, None, {State.REQUESTED}), State.REFUSED, approved_by=by)


def enter_guest(turn: Turn, terms: Terms, target: Target, guest: Guest, by: int, *, beyond: bool = False) -> Outcome:
    """Staff enters somebody without a chat, after the deadline too; beyond the seats only where they say so."""
    line = Seats(turn, terms, target)
    if line.span is None:
        return _outcome(Result.OVER, line)
    if line.free == 0 and not beyond:
        return _outcome(Result.FULL, line)
    words = {"name": guest.name, "contact": guest.contact}
    # Whoever is entered by staff needs no other yes.
    added = line.add(None, State.REGISTERED, guest=words, entered_by=by, approved_by=by)
    return _outcome(Result.REGISTERED, line, added)


def withdraw(turn: Turn, terms: Terms, offer_id: str) -> tuple[News, ...]:
    """An offer does not take place: every live registration of it ends."""
    held = [Target(offer_id), *(Target(offer_id, one) for one in registrations.targets(turn.connection, offer_id))]
    news: list[News] = []
    for target in held:
        line = Seats(turn, terms, target)
        for seat in line.line:
            line.turn_to(seat, State.LAPSED, what=What.WITHDRAWN)
        news += [one for one in line.news if one.what is What.WITHDRAWN]
    return tuple(news)


def lapse(turn: Turn, terms: Terms) -> tuple[News, ...]:
    """What the clock does: end holds that ran out, and give whatever is free to the next on its waiting list.

    It makes up for every other way in which seats become free: an erased person, more seats in the file, a meeting
    that takes place after all.
    """
    found = registrations.stirring(turn.connection, turn.now)
    registrations.lock(turn.connection, found)  # all at once, in everybody's order
    return tuple(one for target in found for one in Seats(turn, terms, target).news)


def free_seats(turn: Turn, terms: Terms, offer_ids: Collection[str]) -> Mapping[Target, int]:
    """Seats that somebody new could have, for each target of these offers in which anybody has one.

    Targets in which nobody has a seat, and offers that take as many as come, are left out.
    """
    return {
        target: left
        for target, numbers in registrations.numbers(turn.connection, offer_ids).items()
        if (left := _left(terms, target, numbers)) is not None
    }


@dataclass(frozen=True, slots=True)
class Mine:
    """A registration of the person's own, with the meetings it is for that are still to come, cancelled ones too."""

    registration: Registration
    meetings: tuple[Meeting, ...]
    position: int | None
    """On the waiting list."""


def mine(turn: Turn, participant_id: int) -> tuple[Mine, ...]:
    """What somebody is registered for or waits for, what comes next first. What is over is left out."""
    own = registrations.of_participant(turn.connection, participant_id)
    coming = meetings.of_offers(turn.connection, {one.offer_id for one in own}, turn.now)
    found = []
    for one in own:
        still = tuple(each for each in coming if each.offer_id == one.offer_id and one.meeting_id in {None, each.id})
        if still:
            found.append(Mine(one, still, _position(turn, one)))
    return tuple(sorted(found, key=lambda one: one.meetings[0].starts_at))


@dataclass(frozen=True, slots=True)
class Noted:
    """A meeting still to come that may stand in the calendar of somebody's phone.

    `ended`: how many seats at it they had and have no more. `gone`: they have none now.
    """

    meeting: Meeting
    ended: int
    gone: bool


def noted(turn: Turn, participant_id: int) -> tuple[Noted, ...]:
    """The meetings still to come that somebody has a firm seat at, or had one, in the order of time."""
    return _noted(turn, participant_id, registrations.former_of(turn.connection, participant_id))


def given_back(turn: Turn, participant_id: int) -> tuple[str, ...]:
    """The offers with meetings still to come at which somebody had a firm seat, and has none now."""
    former = registrations.former_of(turn.connection, participant_id)
    if not former:
        return ()  # as for nearly everybody
    return tuple(dict.fromkeys(one.meeting.offer_id for one in _noted(turn, participant_id, former) if one.gone))


def _noted(turn: Turn, participant_id: int, former: Sequence[Registration]) -> tuple[Noted, ...]:
    own = registrations.of_participant(turn.connection, participant_id)
    firm = [one for one in own if one.state is State.REGISTERED]
    every = {one.offer_id for one in (*firm, *former)}
    found = []
    for meeting in meetings.of_offers(turn.connection, every, turn.now) if every else ():
        of = {Target(meeting.offer_id), Target(meeting.offer_id, meeting.id)}
        ended = sum(one.target in of for one in former)
        has = any(one.target in of for one in firm)
        if has or ended:
            found.append(Noted(meeting, ended, gone=not has))
    return tuple(found)


def _position(turn: Turn, one: Registration) -> int | None:
    if one.state is not State.WAITING:
        return None
    line = registrations.line(turn.connection, one.target)
    return sum(seat.state is State.WAITING and seat.id <= one.id for seat in line)


def _left(terms: Terms, target: Target, numbers: Numbers) -> int | None:
    offer = terms.offers.get(target.offer_id)
    return None if offer is None or offer.seats is None else max(0, offer.seats - numbers.taken - numbers.waiting)


_Found = tuple[Seats | None, Seat | None]


def _find(turn: Turn, terms: Terms, registration_id: int, owner: int | None, states: Collection[State]) -> _Found:
    """A registration in one of these states, with its locked target. An `owner`'s must be their own."""
    known = registrations.load(turn.connection, registration_id)
    if known is None or owner not in {None, known.participant_id}:
        return None, None
    line = Seats(turn, terms, known.target)
    seat = line.get(registration_id)
    return line, seat if seat is not None and seat.state in states else None


def _end(found: _Found, state: State, **columns: Any) -> Outcome:  # noqa: ANN401 - a column's value
    line, seat = found
    if line is None or seat is None:
        return _stale(line)
    line.turn_to(seat, state, **columns)
    line.settle()
    return _outcome(Result.ENDED, line, seat.id)


def _stale(line: Seats | None) -> Outcome:
    return Outcome(Result.STALE) if line is None else _outcome(Result.STALE, line)


def _outcome(result: Result, line: Seats, key: int | None = None) -> Outcome:
    return Outcome(result, tuple(line.news), key, None if key is None else line.position(key))
