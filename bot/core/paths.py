"""How long the ways through a questionnaire can get, without walking each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations

from bot.core.conditions import All, Any, Condition, Fact, Not, Value, compiled, questions_in
from bot.core.questionnaire import Kind, Question, Questionnaire


def longest_path(questionnaire: Questionnaire) -> int:
    """How many questions a person may have to answer at most.

    Answers that no later condition can tell apart are one case, so that a questionnaire of dozens of questions takes
    no time either.
    """
    asked = questionnaire.asked
    later = [_asked_about(one.ask_if for one, _ in asked[start:]) for start in range(len(asked) + 1)]
    facts: dict[str, list[Fact]] = {question.id: [] for question, _ in asked}
    for question, _ in asked:
        for fact in facts_in(question.ask_if):
            facts[fact.question].append(fact)
    cases = {question.id: _cases(question, facts[question.id]) for question, _ in asked}

    @cache
    def longest(start: int, known: frozenset[tuple[str, Value]]) -> int:
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
            for size in range(1, min(question.most or len(options), len(telling) + len(others)) + 1):
                yield from combinations((*telling, *others), size)
        case Kind.NUMBER:
            limits = (int(fact.operand) for fact in facts if isinstance(fact.operand, int))
            near = {limit + step for limit in limits for step in (-1, 0, 1)} | {question.minimum, question.maximum}
            yield from (number for number in near if question.minimum <= number <= question.maximum)
        case Kind.SHORT_TEXT:
            yield "words"
        case _:
            yield from options
