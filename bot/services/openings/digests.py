"""Openings that fit a person and that they have not heard of yet, in one message.

Who may get one is found in advance, page by page (`bot.services.reminders.seeking`), and told on the days and at
the hour of a rule. What it says is decided when it is said: what has been filled, is over or no longer fits is left
out, and what is new by then comes in. Its row then keeps which openings it named: none is named to a person
twice, nor if they got a message about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.content.loader import Content
from bot.core.conditions import Lookup, Predicate, compiled
from bot.core.message import Button, Listing, Screen, Text
from bot.core.offers import Kind, Offer
from bot.core.reminders import Anchor, Rule
from bot.core.timing import instant, moment
from bot.db.openings import openings
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Planned, State
from bot.db.people import people
from bot.db.people.people import Person, Told
from bot.services.offers import offering, reasons
from bot.services.offers.offer_screens import mark
from bot.services.offers.shown import Match
from bot.services.openings import interesting
from bot.services.questions.stored import StoredAnswers
from bot.services.reminders import by_rule
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day, ui

MOST_REASONS = 2
"""Own answers of the person that are named for each opening."""
VERB = "opening"
_LOOK_BACK = 7
_WAITING = frozenset({State.PLANNED, State.CLAIMED})
_NOT_HEARD = frozenset({State.SKIPPED, State.FAILED, State.BLOCKED})
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ask:
    """A rule on one of its days, which begins at `anchor`. `fits`: whom each available opening fits."""

    rule: Rule
    anchor: datetime
    fits: Mapping[str, Predicate]
    belongs: Predicate


@dataclass(frozen=True, slots=True)
class Heard:
    """Who has heard of which openings by a message of its own, or by saying that they are interested."""

    by_chat: frozenset[tuple[int, str]] = frozenset()
    by_person: frozenset[tuple[int, str]] = field(default_factory=frozenset)


def rules(content: Content) -> tuple[Rule, ...]:
    """The rules about new openings."""
    return tuple(one for one in content.reminders.values() if one.anchor is Anchor.NEW_OPENINGS)


def offers(turn: Turn) -> tuple[Offer, ...]:
    """The available openings, those that end soonest first."""
    found = (one for one in turn.content.offers.values() if one.kind is Kind.OPENING)
    return tuple(
        sorted((one for one in found if interesting.to_be_had(turn, one)), key=lambda one: one.until or date.max)
    )


def asks(turn: Turn, ahead: timedelta) -> tuple[Ask, ...]:
    """The rules whose hour comes within that time, or has passed and still helps."""
    every, found = rules(turn.content), offers(turn)
    if not every or not found:
        return ()
    zone, today = turn.content.town.clock, local_day(turn.content, turn.now)
    fits = {one.id: compiled(one.recommended) for one in found}
    days = [today + number * DAY for number in range(-_LOOK_BACK, ahead.days + 2)]
    return tuple(
        Ask(rule, anchor, fits, compiled(rule.audience))
        for rule in every
        for day in days
        if day.isoweekday() in rule.days
        for anchor in (instant(datetime.combine(day, time.min), zone),)
        if moment(rule.offset, anchor, zone) <= turn.now + ahead and moment(rule.useful, anchor, zone) >= turn.now
    )


def heard(turn: Turn, asked: Iterable[Ask], page: Sequence[Person]) -> Heard:
    """What these people have heard of in other ways."""
    named = sorted({name for ask in asked for name in ask.fits})
    if not named or not page:
        return Heard()
    return _heard(turn, named, page)


def _heard(turn: Turn, named: Sequence[str], page: Sequence[Person]) -> Heard:
    return Heard(
        openings.told(turn.connection, [one.chat_id for one in page], named),
        openings.interested(turn.connection, [one.id for one in page], named),
    )


def for_person(turn: Turn, ask: Ask, person: Person, otherwise: Heard) -> Planned | None:
    """The message a person would get, their answers aside; None where there is nothing they have not heard of."""
    if _waits(turn.content, person.told) or not _new(turn.content, ask.fits, person, otherwise):
        return None
    found = by_rule.due_for(turn, ask.rule, ask.anchor, person.hours)
    if found.at is None:
        return None
    cause = f"{ask.rule.id}:p{person.id}:{by_rule.stamp(ask.anchor)}"
    return by_rule.planned(ask.rule, cause, found, participant_id=person.id)


def concerns(turn: Turn, ask: Ask, person: Person, otherwise: Heard, lookup: Lookup) -> bool:
    """Whether one of the openings fits them by their answers; where that is not known, it does not."""
    new = _new(turn.content, ask.fits, person, otherwise)
    return ask.belongs(lookup) is True and any(ask.fits[name](lookup) is True for name in new)


def _waits(content: Content, told: Sequence[Told]) -> bool:
    """Whether another such message is on its way: it will say what is new then."""
    keys = {one.text_key for one in rules(content)}
    return any(one.text_key in keys and one.state in _WAITING for one in told)


def _new(
    content: Content, named: Iterable[str], person: Person, otherwise: Heard, without: str | None = None
) -> list[str]:
    """The openings a person has not heard of; `without`: a message that does not count."""
    keys = {one.text_key for one in rules(content)}
    known = {
        name
        for one in person.told
        if one.text_key in keys and one.state not in _NOT_HEARD and one.cause != without
        for name in one.params.get("openings", ())
    }
    return [
        name
        for name in named
        if name not in known | person.unwanted
        and (person.chat_id, name) not in otherwise.by_chat
        and (person.id, name) not in otherwise.by_person
    ]


# -- when it is said


def said(turn: Turn, one: Due, rule: Rule) -> Screen | str:
    """The message as the world is now, or why there is none."""
    keys = {other.text_key for other in rules(turn.content)}
    found = [
        person for person in people.of_chat(turn.connection, one.chat_id, keys) if person.id == one.participant_id
    ]
    there = {offer.id: offer for offer in offers(turn)}
    if not found or not there:
        return "not_fitting"
    new = _new(turn.content, there, found[0], _heard(turn, list(there), found), without=one.cause)
    matches = [match for match in _matches(turn, found[0].id, [there[name] for name in new]) if match.recommended]
    matches = _in_own_language(turn.content, one.language, matches) or matches
    return screen(rule, matches[: rule.most]) if matches else "not_fitting"


def _in_own_language(content: Content, language: str | None, matches: Sequence[Match]) -> list[Match]:
    """The openings that have a name in the person's language; the others wait for a message of their own."""
    spoken = language if language in content.languages else content.languages[0]
    return [one for one in matches if content.texts.has(spoken, f"offers.{one.offer.id}.title")]


def again(turn: Turn, one: Due, rule: Rule) -> Screen | None:
    """The message that stands in a chat, with what is still available of it; None where nothing is."""
    there = {offer.id: offer for offer in offers(turn)}
    named = [there[name] for name in (one.params or {}).get("openings", ()) if name in there]
    if not named or one.participant_id is None:
        return None
    return screen(rule, list(_matches(turn, one.participant_id, named)))


def remember(turn: Turn, several: Iterable[tuple[Due, Screen | None]]) -> None:
    """Keep which openings are named by each of these messages, which are about to leave."""
    keys = {one.text_key for one in rules(turn.content)}
    for one, shown in several:
        if one.text_key in keys and shown is not None and one.edits is None:
            deliveries.note(turn.connection, one.id, {"openings": list(_named(shown))})


def _named(shown: Screen) -> Iterator[str]:
    for row in shown.rows:
        for button in row:
            if isinstance(button, Button) and button.action.startswith(f"{VERB}."):
                yield button.action.removeprefix(f"{VERB}.")


def _matches(turn: Turn, participant_id: int, several: Iterable[Offer]) -> Iterator[Match]:
    whole = turn.content.questionnaire
    stored = StoredAnswers(turn.connection, whole, participant_id).aged(turn.now, refreshing=False)
    answers = offering.answers(turn.content, stored)
    return (reasons.match(turn.content, one, answers) for one in several)


def screen(rule: Rule, matches: Sequence[Match]) -> Screen:
    """Each opening with why it fits; below it a button to its card."""
    lines = tuple(_line(one) for one in matches)
    rows: list[Row] = [
        (Button(Text(f"offers.{one.offer.id}.title"), f"{VERB}.{one.offer.id}", mark(one.offer) or "💼"),)
        for one in matches
    ]
    mute: Row = (Button(ui("button.mute"), f"mute.{rule.topic}", "🔕"),)
    return Screen(((Text(rule.text_key),), *lines), (*rows, mute))


def _line(one: Match) -> Block:
    entry = ui("offers.entry", title=Text(f"offers.{one.offer.id}.title"))
    if not one.because:
        return (entry,)
    return entry, ui("why.because", what=Listing(one.because[:MOST_REASONS]))
