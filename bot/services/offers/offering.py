"""What a person sees of offers: each beside their answers, with dates, seats, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.content.loader import Content
from bot.core import engine
from bot.core.engine import Answer
from bot.core.engine import State as Place
from bot.core.offers import Kind, Offer
from bot.core.seats import Span, State
from bot.core.timing import local_time
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.offers.registrations import Target
from bot.db.openings import interests
from bot.db.people import people
from bot.services.offers import registration
from bot.services.offers.offer_screens import LISTED, MOST_DATES
from bot.services.offers.reasons import Answers, level, match
from bot.services.offers.registration import Mine
from bot.services.offers.seats import Terms
from bot.services.offers.shown import Date, Match, Own, Shown, Standing
from bot.services.openings import interesting
from bot.services.turn import Turn


def terms_of(content: Content) -> Terms:
    """What the town says about seats and times."""
    town = content.town
    return Terms(content.offers, town.clock, town.quiet, town.free)


def answers_of(content: Content, place: Place | None) -> Answers:
    """A person's answers, to compare offers with; nothing is known of somebody who has given none."""
    return answers(content, place.answers if place is not None else {})


def answers(content: Content, given: Mapping[str, Answer]) -> Answers:
    """Answers as offers are compared with them."""
    questions = content.questionnaire
    return Answers(engine.lookup(questions, given), engine.counting(questions, given))


def listed(turn: Turn, name: str, place: Place | None, participant: int | None) -> tuple[Shown, ...]:
    """The offers of a list (`courses`, `events`, `openings`) that somebody can still come to, or have."""
    wanted = [one for one in turn.content.offers.values() if one.kind in LISTED[name] and not one.withdrawn]
    return tuple(one for one in _shown(turn, wanted, place, participant) if one.dates or _needs_no_date(one))


def _needs_no_date(one: Shown) -> bool:
    return one.offer.kind is Kind.ADVICE or (one.offer.kind is Kind.OPENING and one.to_be_had)


def one(turn: Turn, offer_id: str, place: Place | None, participant: int | None) -> Shown | None:
    """One offer; None where the content no longer has it."""
    offer = turn.content.offers.get(offer_id)
    if offer is None:
        return None
    (shown,) = _shown(turn, [offer], place, participant)
    return replace(shown, outdated=offer_id in _outdated(turn, participant))


def own(turn: Turn, place: Place | None, participant: int | None) -> tuple[Shown, ...]:
    """The offers somebody is registered for or waits for, and behind them those that are `outdated` only."""
    mine = {} if participant is None else _by_offer(registration.mine(turn, participant))
    outdated = _outdated(turn, participant)
    names = [*mine, *(name for name in outdated if name not in mine)]
    offers = [turn.content.offers[name] for name in names if name in turn.content.offers]
    return tuple(
        replace(shown, outdated=shown.offer.id in outdated) for shown in _shown(turn, offers, place, participant)
    )


def _outdated(turn: Turn, participant: int | None) -> tuple[str, ...]:
    """The offers of which dates to come may stand in a phone's calendar that are not the person's any more."""
    return () if participant is None else registration.given_back(turn, participant)


def _by_offer(mine: Iterable[Mine]) -> dict[str, list[Mine]]:
    found: dict[str, list[Mine]] = {}
    for one_ in mine:
        found.setdefault(one_.registration.offer_id, []).append(one_)
    return found


def _shown(turn: Turn, offers: list[Offer], place: Place | None, participant: int | None) -> list[Shown]:
    """Offers with what the database knows of them."""
    names = [offer.id for offer in offers]
    terms, answers = terms_of(turn.content), answers_of(turn.content, place)
    coming: dict[str, list[Meeting]] = {}
    for meeting in meetings.of_offers(turn.connection, names, turn.now):
        coming.setdefault(meeting.offer_id, []).append(meeting)
    free = registration.free_seats(turn, terms, names)
    mine = {} if participant is None else _by_offer(registration.mine(turn, participant))
    found = [
        _one_shown(turn, offer, answers, coming.get(offer.id, []), free, mine.get(offer.id, [])) for offer in offers
    ]
    found = [replace(one_, decisive=_decisive(turn.content, place, one_.match)) for one_ in found]
    return _with_interest(turn, found, participant)


def _with_interest(turn: Turn, shown: list[Shown], participant: int | None) -> list[Shown]:
    """Openings with what became of the person's interest, and whether they are still available."""
    if not any(one_.offer.kind is Kind.OPENING for one_ in shown):
        return shown
    said = [] if participant is None else interests.all_of_person(turn.connection, participant)
    mine = {one_.subject.opening: one_ for one_ in said}
    infos = [one_.offer.id for one_ in shown if one_.offer.kind is Kind.OPENING and not one_.offer.takes_interest]
    refused = _refused(turn, infos, participant)
    return [
        replace(
            one_,
            to_be_had=interesting.to_be_had(turn, one_.offer),
            interest=mine[one_.offer.id].state if one_.offer.id in mine else None,
            partner=mine[one_.offer.id].partner if one_.offer.id in mine else None,
            unwanted=one_.offer.id in refused,
        )
        if one_.offer.kind is Kind.OPENING
        else one_
        for one_ in shown
    ]


def _refused(turn: Turn, names: list[str], participant: int | None) -> frozenset[str]:
    """Those of these offers that the person no longer wants to hear of."""
    if participant is None or not names:
        return frozenset()
    return frozenset(name for _, name in people.unwanted(turn.connection, [participant], names))


def _decisive(content: Content, place: Place | None, found: Match) -> tuple[str, ...]:
    """The questions on a person's path that decide about what is missing, in their order."""
    if place is None or not found.lacking:
        return ()
    wanted = content.questionnaire.answered_for(found.lacking)
    return tuple(one for one in engine.path(content.questionnaire, place.answers) if one in wanted)


def _one_shown(
    turn: Turn, offer: Offer, answers: Answers, coming: list[Meeting], free: Mapping[Target, int], mine: list[Mine]
) -> Shown:
    whole = Target(offer.id)
    held = {one_.registration.meeting_id: _own(turn, one_) for one_ in mine}
    dates = [_date(turn, offer, meeting, free, held.get(meeting.id)) for meeting in coming]
    # The person's own dates are always shown, whatever else there is room for.
    near = [date for number, date in enumerate(dates) if number < MOST_DATES or date.own is not None]
    span = meetings.span(turn.connection, offer.id, None) if offer.kind is Kind.COURSE else None
    deadline = _deadline(turn, offer, span)
    return Shown(
        match(turn.content, offer, answers),
        tuple(near),
        more_dates=len(dates) - len(near),
        seats=free.get(whole, offer.seats),
        closed=deadline is not None and deadline <= turn.now,
        deadline=_local(turn, deadline) if deadline is not None and offer.register_until is not None else None,
        own=held.get(None),
        level=level(turn.content, offer),
    )


def _deadline(turn: Turn, offer: Offer, span: Span | None) -> datetime | None:
    """Until when people can register by themselves."""
    return None if span is None else span.deadline(offer, turn.content.town.clock)


def _date(turn: Turn, offer: Offer, meeting: Meeting, free: Mapping[Target, int], mine: Own | None) -> Date:
    deadline = _deadline(turn, offer, Span(meeting.starts_at, meeting.ends_at))
    return Date(
        meeting.id,
        _local(turn, meeting.starts_at),
        int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        meeting.room,
        place=meeting.place["name"] if meeting.place else None,
        cancelled=meeting.cancelled_at is not None,
        seats=free.get(Target(offer.id, meeting.id), offer.seats),
        closed=deadline is not None and deadline <= turn.now,
        own=mine,
    )


_STANDINGS = {
    State.REQUESTED: Standing.REQUESTED,
    State.REGISTERED: Standing.REGISTERED,
    State.WAITING: Standing.WAITING,
    State.HELD: Standing.HELD,
}


def _own(turn: Turn, mine: Mine) -> Own:
    until = mine.registration.held_until
    return Own(
        mine.registration.id,
        _STANDINGS[mine.registration.state],
        until=None if until is None else _local(turn, until),
        place=mine.position or 0,
    )


def _local(turn: Turn, at: datetime) -> datetime:
    return local_time(at, turn.content.town.clock)
