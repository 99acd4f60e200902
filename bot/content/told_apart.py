"""Finds options that nothing tells apart. What makes no difference need not be asked."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content.faults import Fault, Level
from bot.content.loader import Content
from bot.core.conditions import Fact, Value, compiled
from bot.core.paths import facts_in
from bot.core.questionnaire import Kind, Question, Questionnaire


def faults(content: Content) -> list[Fault]:
    """Hints for options that no condition tells apart and that are not counted."""
    found = []
    for question in content.questionnaire.questions:
        if question.report or not question.kind.has_options or _is_taken_over(content.questionnaire, question):
            continue
        place = content.texts.place(f"{question.key}.ask")
        facts = _facts_about(content.questionnaire, question)
        if not facts:
            what = f"'{question.id}' is not counted, and no condition asks about it"
            found.append(Fault(*place, what, "Leave it out, or take 'report: false' away", Level.HINT))
            continue
        for alike in _alike(question, facts):
            names = ", ".join(f"'{option}'" for option in alike)
            what = f"The options {names} of '{question.id}' are not counted, and no condition tells them apart"
            found.append(Fault(*place, what, "Make them one option, or take 'report: false' away", Level.HINT))
    return found


def _is_taken_over(questionnaire: Questionnaire, question: Question) -> bool:
    """Whether a computed value takes the answer itself."""
    return any(rule.take == question.id for one in questionnaire.questions for rule in one.rules)


def _facts_about(questionnaire: Questionnaire, question: Question) -> list[Fact]:
    conditions = (
        condition for one in questionnaire.questions for condition in (one.ask_if, *(r.condition for r in one.rules))
    )
    return [fact for condition in conditions for fact in facts_in(condition) if fact.question == question.id]


def _alike(question: Question, facts: list[Fact]) -> Iterator[tuple[str, ...]]:
    """Groups of options for which every comparison has the same result."""
    tests = [compiled(fact) for fact in facts]

    def outcome(value: Value) -> tuple[bool | None, ...]:
        return tuple(test(lambda _: value) for test in tests)

    groups: dict[tuple[bool | None, ...], list[str]] = {}
    for option in question.options:
        if not option.unsure:
            value: Value = (option.id,) if question.kind is Kind.MULTIPLE else option.id
            groups.setdefault(outcome(value), []).append(option.id)
    yield from (tuple(group) for group in groups.values() if len(group) > 1)
