"""The town's questionnaire as a whole: no way through it is too long, and no question stands there for nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from bot.content.loader import Content
from bot.core import engine
from bot.core.conditions import All, Any, Condition, Fact, Not, compiled
from bot.core.engine import Answer, Status
from bot.core.paths import asked_of_nobody
from bot.core.questionnaire import SEEN, Kind, Question, Questionnaire

MOST_ANSWERS = 12


def facts(condition: Condition | None) -> Iterator[Fact]:
    """Every comparison inside a condition."""
    match condition:
        case Fact():
            yield condition
        case Not(part):
            yield from facts(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from facts(part)


def answers_to(question: Question) -> Iterator[Answer]:
    """Every answer there is; of numbers and words, enough: conditions here compare options only."""
    values: Iterator[str | int | tuple[str, ...]] = iter([option.id for option in question.options])
    match question.kind:
        case Kind.MULTIPLE:
            values = _ticked(question)
        case Kind.NUMBER:
            values = iter([question.minimum, question.maximum])
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            values = iter(["words"])
        case Kind.MONTH_YEAR:
            values = iter(["2024-03"])
        case Kind.STATEMENT:
            values = iter([SEEN])
    yield from (Answer(Status.GIVEN, value) for value in values)
    if question.optional:
        yield Answer(Status.SKIPPED, None)
    if question.sensitive:
        yield Answer(Status.DECLINED, None)


def _ticked(question: Question) -> Iterator[tuple[str, ...]]:
    shared = [option.id for option in question.options if not option.exclusive]
    yield from ((option.id,) for option in question.options if option.exclusive)
    for size in range(max(question.least, 1), (question.most or len(shared)) + 1):
        yield from combinations(shared, size)


def kinds_of_answers(questionnaire: Questionnaire) -> dict[str, list[Answer]]:
    """One answer for each way in which answers to a question can matter to any condition."""
    asked = [fact for question in questionnaire.questions for fact in facts(question.ask_if)]
    computed = tuple(question for question in questionnaire.questions if question.kind is Kind.COMPUTED)
    kinds: dict[str, list[Answer]] = {}
    for question in questionnaire.questions:
        about = [fact for fact in asked if fact.question in {question.id, *(one.id for one in computed)}]
        alone = Questionnaire(questionnaire.sections, (replace(question, ask_if=None), *computed))
        by_outcome = {
            tuple(compiled(fact)(engine.lookup(alone, {question.id: one})) for fact in about): one
            for one in answers_to(question)
        }
        kinds[question.id] = list(by_outcome.values())
    return kinds


def ways_through(questionnaire: Questionnaire) -> Iterator[Mapping[str, Answer]]:
    """Every way through the questionnaire that differs in what is asked."""
    kinds = kinds_of_answers(questionnaire)
    begun: list[dict[str, Answer]] = [{}]
    while begun:
        answers = begun.pop()
        at = engine.frontier(questionnaire, answers)
        if at is None:
            yield answers
        else:
            begun += [{**answers, at: one} for one in kinds[at]]


@cache
def telling_ways(questionnaire: Questionnaire) -> tuple[Mapping[str, Answer], ...]:
    """Of all ways so many that every answer which matters is given on one of them."""
    known: set[tuple[str, Answer]] = set()
    telling = []
    for way in ways_through(questionnaire):
        if not known.issuperset(way.items()):
            known.update(way.items())
            telling.append(way)
    return tuple(telling)


@pytest.fixture(scope="module")
def ways(content: Content) -> list[Mapping[str, Answer]]:
    return list(ways_through(content.questionnaire.first_pass))


def test_numbers_and_words_decide_no_question(content: Content) -> None:
    by_id = content.questionnaire.by_id
    asked = [fact for question in content.questionnaire.questions for fact in facts(question.ask_if)]
    words = {Kind.NUMBER, Kind.MONTH_YEAR, Kind.SHORT_TEXT, Kind.LONG_TEXT}
    assert words.isdisjoint(by_id[fact.question].kind for fact in asked)


def answered(content: Content, questions: Iterable[str]) -> int:
    """How many of these are answered: what is only read is no answer."""
    return sum(content.questionnaire.by_id[one].kind.is_answered for one in questions)


def test_no_way_has_more_than_twelve_answers(content: Content, ways: list[Mapping[str, Answer]]) -> None:
    assert len(ways) > 100, "the ways differ in too little to show anything"
    assert max(answered(content, way) for way in ways) == MOST_ANSWERS


def test_the_length_a_person_is_shown_on_the_way_is_never_more_than_twelve(
    content: Content, ways: list[Mapping[str, Answer]]
) -> None:
    seen: set[tuple[tuple[str, Answer], ...]] = set()
    for way in ways:
        given = tuple(way.items())
        for known in range(len(given)):
            if given[:known] in seen:
                continue
            seen.add(given[:known])
            begun = dict(given[:known])
            assert answered(content, engine.path(content.questionnaire.first_pass, begun)) <= MOST_ANSWERS, begun


def test_every_question_is_asked_of_somebody(content: Content, ways: list[Mapping[str, Answer]]) -> None:
    asked = {question for way in ways for question in way}
    first = content.questionnaire.first_pass.questions
    assert asked == {question.id for question in first if question.kind is not Kind.COMPUTED}
    assert asked_of_nobody(content.questionnaire) == frozenset()


def test_every_conditional_question_is_spared_somebody(content: Content, ways: list[Mapping[str, Answer]]) -> None:
    first = content.questionnaire.first_pass.questions
    conditional = {question.id for question in first if question.ask_if is not None}
    always = set.intersection(*(set(way) for way in ways))
    assert conditional.isdisjoint(always)
