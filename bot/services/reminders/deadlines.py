"""Before registration ends: whom an offer fits that they have not signed up for, and who waits for a yes.

The first are told of an offer they did not ask for: that is what the consent to offers is about. The second are told
of their own registration. Both are found in advance (`bot.services.reminders.seeking`) and judged once more when
it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import engine
from bot.core.conditions import Lookup, Predicate, compiled
from bot.core.message import Argument, Button, Screen, Text
from bot.core.offers import Kind, Offer
from bot.core.reminders import Anchor, Rule, Topic
from bot.core.seats import ENDED, Span, State
from bot.core.timing import local_time, moment
from bot.db.offers import meetings
from bot.db.offers.registrations import Target
from bot.db.outbox.deliveries import Due, Planned
from bot.db.people import people
from bot.db.people.people import Held, Person
from bot.services.offers import offering, registration
from bot.services.questions.stored import StoredAnswers
from bot.services.reminders import by_rule
from bot.services.reminders.by_rule import stamp
from bot.services.turn import Turn
from bot.services.view import Block, Row, ui


@dataclass(frozen=True, slots=True)
class Ask:
    """A rule about one end of registration. `first` is the meeting it leads to, None where that has been.

    `fits`: whom the offer is recommended to. `belongs`: whom the rule is for.
    """

    rule: Rule
    offer: Offer
    target: Target
    first: int | None
    ends: datetime
    fits: Predicate
    belongs: Predicate


def asks(turn: Turn, ahead: timedelta) -> tuple[Ask, ...]:
    """The rules that speak of a deadline within that time, or should have spoken already and still help."""
    rules = [one for one in turn.content.reminders.values() if one.anchor is Anchor.DEADLINE]
    zone = turn.content.town.clock
    found = []
    for target, first, ends in _ends(turn) if rules else ():
        offer = turn.content.offers[target.offer_id]
        for rule in rules:
            near = moment(rule.offset, ends, zone) <= turn.now + ahead
            if offer.kind in rule.kinds and near and moment(rule.useful, ends, zone) >= turn.now:
                fits, belongs = compiled(offer.recommended), compiled(rule.audience)
                found.append(Ask(rule, offer, target, first, ends, fits, belongs))
    return tuple(found)


def _ends(turn: Turn) -> Iterator[tuple[Target, int | None, datetime]]:
    """Every end of registration to come: what it is for, the first meeting behind it, and when.

    Offers without `register_until` have none: people may sign up until it begins.
    """
    zone = turn.content.town.clock
    offers = {one.id: one for one in turn.content.offers.values() if one.register_until is not None}
    coming = [one for one in meetings.of_offers(turn.connection, offers, turn.now) if one.cancelled_at is None]
    for offer in offers.values():
        dates = [one for one in coming if one.offer_id == offer.id]
        if offer.kind is Kind.EVENT:
            for one in dates:
                ends = Span(one.starts_at, one.ends_at).deadline(offer, zone)
                if ends > turn.now:
                    yield Target(offer.id, one.id), one.id, ends
        elif dates and (span := meetings.span(turn.connection, offer.id, None)) is not None:
            first = next((one.id for one in dates if one.starts_at == span.first), None)
            if (ends := span.deadline(offer, zone)) > turn.now:
                yield Target(offer.id), first, ends


def standing(seats: Sequence[Held], target: Target) -> Held | bool:
    """Where somebody stands: their request that waits for a yes; True: free to sign up; False: neither.

    Whoever has a seat at another date of the offer has signed up for it; who has given this one back, or was refused
    once, has been there.
    """
    mine = [one for one in seats if one.offer_id == target.offer_id]
    live = [one for one in mine if one.state not in ENDED]
    if live:
        asked = [one for one in live if one.meeting_id == target.meeting_id and one.state is State.REQUESTED]
        return asked[0] if asked else False
    return not any(one.meeting_id == target.meeting_id or one.state is State.REFUSED for one in mine)


def for_person(turn: Turn, ask: Ask, person: Person) -> Planned | None:
    """What a person would be told of a deadline, their answers aside; None where nothing."""
    stands = standing(person.seats, ask.target)
    own = stands if isinstance(stands, Held) else None
    if not (ask.rule.requested if own is not None else stands and ask.offer.id not in person.unwanted):
        return None
    found = by_rule.due_for(turn, ask.rule, ask.ends, person.hours)
    if found.at is None:
        return None
    whose = f"p{person.id}" if own is None else f"r{own.id}"
    # The deadline is no part of the cause: nobody is told again because it has moved.
    cause = f"{ask.rule.id}:{ask.offer.id}:{ask.target.meeting_id or 0}:{whose}"
    params = {"offer": ask.offer.id, "meeting": ask.target.meeting_id, "ends": stamp(ask.ends)}
    planned = by_rule.planned(ask.rule, cause, found, params=params, participant_id=person.id, meeting_id=ask.first)
    return planned if own is None else replace(planned, topic=Topic.OWN.value, registration_id=own.id)


def concerns(ask: Ask, one: Planned, lookup: Lookup) -> bool:
    """Whether a person's answers make it something for them; where that is not known, they do not."""
    return ask.belongs(lookup) is True and (one.registration_id is not None or ask.fits(lookup) is True)


# -- when it is said


def target_of(one: Due) -> Target | None:
    """What a delivery wants somebody to sign up for."""
    params = one.params or {}
    return Target(params["offer"], params["meeting"]) if "offer" in params else None


def said(turn: Turn, one: Due, rule: Rule) -> Screen | str:
    """The message as the world is now, or why there is none."""
    target = target_of(one)
    offer = None if target is None else turn.content.offers.get(target.offer_id)
    if target is None or offer is None or offer.register_until is None or one.participant_id is None:
        return "offer_gone"
    if reason := _needless(turn, one, target, offer):
        return reason
    span = meetings.span(turn.connection, offer.id, target.meeting_id)
    if span is None:
        return "cancelled"
    zone = turn.content.town.clock
    ends = span.deadline(offer, zone)
    if stamp(ends) != (one.params or {}).get("ends"):
        return "moved"
    args: dict[str, Argument] = {
        "title": Text(f"offers.{offer.id}.title"),
        "when": local_time(span.first, zone),
        "until": local_time(ends, zone),
    }
    mute: Row = (Button(ui("button.mute"), f"mute.{one.topic}", "🔕"),)
    details: Row = (Button(ui("button.details"), "details", "🗂"),)
    if one.registration_id is not None:
        waiting = Text(f"{one.text_key}.requested", args)
        return Screen(((waiting,),), (details, mute)) if rule.requested else "text_gone"
    terms = offering.terms_of(turn.content)
    full = registration.free_seats(turn, terms, [offer.id]).get(target, offer.seats) == 0
    lines: Block = (Text(one.text_key, args), *((ui("offers.full"),) if full else ()))
    join: Row = (Button(ui("button.queue" if full else "button.join"), "join", "✍️"),)
    return Screen((lines,), (join, details, (Button(ui("button.unwanted"), "unwanted", "🚫"),), mute))


def _needless(turn: Turn, one: Due, target: Target, offer: Offer) -> str | None:
    """Why a person need not, or may no longer, be told."""
    person = one.participant_id
    assert person is not None  # noqa: S101 - whoever asks has seen it
    found = standing(people.seats(turn.connection, person), target)
    if one.registration_id is not None:
        still = isinstance(found, Held) and found.id == one.registration_id
        return None if still else "not_requested"
    if found is not True:
        return "registered"
    if offer.id in people.not_wanted(turn.connection, person):
        return "not_wanted"
    questions = turn.content.questionnaire
    answers = StoredAnswers(turn.connection, questions, person).aged(turn.now, refreshing=False)
    return None if compiled(offer.recommended)(engine.lookup(questions, answers)) is True else "not_fitting"
