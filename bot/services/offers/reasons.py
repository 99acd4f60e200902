"""Why an offer fits a person, or what is still missing, in words of their own answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.content.loader import Content
from bot.core import matching
from bot.core.conditions import NOBODY, Condition, Fact, Lookup, Test, compiled
from bot.core.engine import Answer
from bot.core.matching import Explained, Point
from bot.core.message import Argument, Listing, Month, Text, Words
from bot.core.months import year_and_month
from bot.core.offers import Offer
from bot.core.questionnaire import Kind, Question
from bot.services.offers.shown import Fit, Match
from bot.services.view import option_text, shown_value, ui

_ORDER = {
    (Test.AT_LEAST, False): "at_least",
    (Test.AT_MOST, False): "at_most",
    (Test.AT_LEAST, True): "below",
    (Test.AT_MOST, True): "above",
}
MOST_NAMED = 3
"""Answers that are named one by one; where there are more, only the question is named."""
MOST_BRIEF = 2
"""Reasons on a line of a list."""
TELLING = frozenset({Kind.SCALE, Kind.COMPUTED, Kind.MULTIPLE, Kind.LIST})
"""Kinds of questions whose answers speak for themselves: a level, a goal, a profession; not a yes."""
NEAR = 2
"""Needs that may be missing for an offer to fit nearly; none of them by more than a step (`beyond`)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """A person's answers: as values to decide with, and as they were given, to be shown."""

    lookup: Lookup
    given: dict[str, Answer]


def match(content: Content, offer: Offer, answers: Answers) -> Match:
    """One offer beside a person."""
    needs = [matching.explained(need.condition, answers.lookup) for need in offer.needs]
    suits = matching.explained(offer.suits, answers.lookup)
    missing = _missing(content, offer, needs)
    if matching.together(needs).holds:
        fit = Fit.RECOMMENDED if suits.holds and (offer.suits or offer.needs) else Fit.POSSIBLE
    else:
        near = len(missing) <= NEAR and not _is_far(offer, answers.lookup)
        fit = Fit.NEAR if near and suits.holds is not False else Fit.OTHER
    points = (point for part in (*needs, suits) for point in part.because)
    lacking = frozenset(point.fact.question for part in needs if not part.holds for point in part.missing)
    told = tuple(dict.fromkeys(points))
    return Match(offer, fit, because(content, told, answers), missing, lacking, _briefly(content, told, answers))


def level(content: Content, offer: Offer) -> Text | None:
    """Where a course begins and where it leads, in the words of the questions; None where it does not say."""
    if not offer.level_to:
        return None
    goal = _level(content, offer.level_to)
    if not offer.level_from:
        return ui("offers.level_to", goal=goal)
    return ui("offers.level", start=_level(content, offer.level_from), goal=goal)


def _level(content: Content, name: str) -> Text | Words:
    """A level in the words of the needs board's question, or of another that has it; else as it is written."""
    board = content.needs.level if content.needs is not None else ""
    ranked = [one for one in content.questionnaire.questions if one.kind in {Kind.SCALE, Kind.COMPUTED}]
    for question in sorted(ranked, key=lambda one: one.id != board):
        if question.option(name) is not None:
            return option_text(content, question, name)
    return Words(name)


def _is_far(offer: Offer, lookup: Lookup) -> bool:
    """Whether somebody is far from what is needed."""
    bounds = (matching.beyond(need.condition) for need in offer.needs)
    return any(compiled(one)(lookup) for one in bounds if one is not None)


def because(content: Content, points: Iterable[Point], answers: Answers) -> tuple[Text, ...]:
    """The person's own answers that speak for something, each once."""
    return _once(said for point in dict.fromkeys(points) if (said := _spoken_for(content, point, answers)))


def _briefly(content: Content, points: Iterable[Point], answers: Answers) -> tuple[Argument, ...]:
    """The first of these answers in few words: without its question where it speaks for itself."""
    found: list[Argument] = []
    for point in points:
        said = _spoken_for(content, point, answers)
        if said is None:
            continue
        value = said.args["value"]
        if isinstance(value, Listing):  # too much for a line, and which of them it was is not known
            continue
        alone = content.questionnaire.by_id[point.fact.question].kind in TELLING
        brief = value if alone else said
        if brief not in found:
            found.append(brief)
    return tuple(found[:MOST_BRIEF])


def wanted(content: Content, condition: Condition) -> tuple[Text, ...]:
    """What would have to be true for the condition to hold for somebody about whom nothing is known.

    Only about answers: whatever else an audience asks about has no words here.
    """
    points = matching.explained(condition, lambda _: None).missing
    return _once(_wanted(content, one) for one in points if one.fact.question in content.questionnaire.by_id)


def _missing(content: Content, offer: Offer, needs: Sequence[Explained]) -> tuple[Text, ...]:
    """What is lacking, each need in the town's own words where it has some."""
    said: list[Text] = []
    for number, (need, found) in enumerate(zip(offer.needs, needs, strict=True), 1):
        if found.holds:
            continue
        if need.condition == NOBODY:
            said.append(ui("why.unclear"))
            continue
        own = Text(f"offers.{offer.id}.need_{number}")
        said += [own] if need.own_text else [_wanted(content, point) for point in found.missing]
    return _once(said)


def _once(texts: Iterable[Text]) -> tuple[Text, ...]:
    """Each text once (texts cannot be hashed)."""
    found: list[Text] = []
    for one in texts:
        if one not in found:
            found.append(one)
    return tuple(found)


def _spoken_for(content: Content, point: Point, answers: Answers) -> Text | None:
    """The person's own answer that speaks for an offer; None where there is nothing to show."""
    question = content.questionnaire.by_id.get(point.fact.question)
    given = None if question is None else answers.given.get(question.id)
    if question is None or given is None or given.value is None:
        return None
    if point.fact.test is Test.INCLUDES and not point.negated:
        return _line(question, option_text(content, question, str(point.fact.operand)))
    return _line(question, shown_value(content, question, given))


def _line(question: Question, value: Argument) -> Text:
    return ui("summary.line", label=_label(question), value=value)


def _label(question: Question) -> Text:
    return Text(f"{question.key}.short")


def _wanted(content: Content, point: Point) -> Text:
    """What would have to be true."""
    fact = point.fact
    question = content.questionnaire.by_id[fact.question]
    label = _label(question)
    if fact.test is Test.ANSWERED:
        return ui("why.answer", label=label)
    values = _values(content, question, fact)
    if not values:
        return ui("why.other", label=label)
    value: Argument = values[0] if len(values) == 1 else Listing(values)
    if fact.test in {Test.AT_LEAST, Test.AT_MOST}:
        return ui(f"why.{_ORDER[fact.test, point.negated]}", label=label, value=value)
    if point.negated:
        return ui("why.not", label=label, value=value)
    return ui("why.is", label=label, value=value) if len(values) == 1 else ui("why.one_of", label=label, value=value)


def _values(content: Content, question: Question, fact: Fact) -> tuple[Argument, ...]:
    """What an answer is compared with; empty where that would be too much to read."""
    operands = fact.operand if isinstance(fact.operand, tuple) else (fact.operand,)
    if len(operands) > MOST_NAMED:
        return ()
    return tuple(_value(content, question, one) for one in operands)


def _value(content: Content, question: Question, operand: object) -> Argument:
    if isinstance(operand, int):
        return operand
    if question.kind is Kind.MONTH_YEAR:
        return Month(*year_and_month(str(operand)))
    return option_text(content, question, str(operand))
