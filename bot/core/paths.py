"""How long the ways through a questionnaire can get, without walking each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from math import comb

from bot.core.conditions import All, Any, Condition, Fact, Not, Value, compiled, questions_in
from bot.core.questionnaire import Kind, Question, Questionnaire

MOST_CASES = 20_000
"""Places looked at before we give up: a fraction of a second."""


class _TooManyError(Exception):
    """More cases than are worth looking at."""


def longest_path(questionnaire: Questionnaire) -> int | None:
    """How many questions a person may have to answer at most; None where there are too many cases to tell.

    Answers that no later condition can tell apart are one case, so that dozens of questions take no time either, as
    long as not many options of a multiple choice open a question each.
    """
    try:
        return _longest(questionnaire)
    except _TooManyError:
        return None


def _longest(questionnaire: Questionnaire) -> int:
    asked = questionnaire.asked
    later = [_asked_about(one.ask_if for one, _ in asked[start:]) for start in range(len(asked) + 1)]
    facts: dict[str, list[Fact]] = {question.id: [] for question, _ in asked}
    for question, _ in asked:
        for fact in facts_in(question.ask_if):
            facts[fact.question].append(fact)
    cases = {question.id: _cases(question, facts[question.id]) for question, _ in asked}

    @cache
    def longest(start: int, known: frozenset[tuple[str, Value]]) -> int:
        if longest.cache_info().misses > MOST_CASES:
            raise _TooManyError
        if start == len(asked):
            return 0
        question, condition = asked[start]
        kept = frozenset(one for one in known if one[0] in later[start + 1])
        if condition is not None and condition(dict(known).get) is not True:
            return longest(start + 1, kept)
        if question.id not in later[start + 1]:
            return 1 + longest(start + 1, kept)
        return 1 + max(
            longest(start + 1, kept if value is None else kept | {(question.id, value)})
            for value in cases[question.id]
        )

    return longest(0, frozenset())


def facts_in(condition: Condition | None) -> Iterator[Fact]:
    """Every comparison in a condition."""
    match condition:
        case Fact():
            yield condition
        case Not(part):
            yield from facts_in(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from facts_in(part)


def _asked_about(conditions: Iterable[Condition | None]) -> frozenset[str]:
    return frozenset().union(*(questions_in(one) for one in conditions))


def _cases(question: Question, facts: list[Fact]) -> list[Value | None]:
    """One value for each way in which an answer can matter to the facts about it; None is an unknown one."""
    tests = [compiled(fact) for fact in facts]

    def outcome(value: Value | None) -> tuple[bool | None, ...]:
        return tuple(test(lambda _: value) for test in tests)

    return list({outcome(value): value for value in (*_values(question, facts), None)}.values())


def _values(question: Question, facts: list[Fact]) -> Iterator[Value]:
    options = [option.id for option in question.options if not option.unsure]
    match question.kind:
        case Kind.MULTIPLE:
            named = {str(fact.operand) for fact in facts}
            telling = [option for option in options if option in named]
            others = [option for option in options if option not in named][:1]
            alone = {option.id for option in question.options if option.exclusive}
            shared = [option for option in (*telling, *others) if option not in alone]
            sizes = range(1, min(question.most or len(options), len(shared)) + 1)
            if sum(comb(len(shared), size) for size in sizes) > MOST_CASES:
                raise _TooManyError
            yield from ((option,) for option in alone)
            for size in sizes:
                yield from combinations(shared, size)
        case Kind.NUMBER:
            limits = (int(fact.operand) for fact in facts if isinstance(fact.operand, int))
            near = {limit + step for limit in limits for step in (-1, 0, 1)} | {question.minimum, question.maximum}
            yield from (number for number in near if question.minimum <= number <= question.maximum)
        case Kind.SHORT_TEXT:
            yield "words"
        case _:
            yield from options
