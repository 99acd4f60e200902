"""What people are promised while content changes, in plain words.

Nothing here is taken from the engine. These few lines say themselves which answers count, where the card goes, and
what moves to another id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.conditions import All, Any, Condition, Fact, Not, Test, Value
from bot.core.engine import Age, Answer, Status
from bot.core.questionnaire import Kind, Question, Questionnaire

Answers = Mapping[str, Answer]


def heir(content: Questionnaire, name: str) -> str:
    """The id under which a question goes on: its own, or that of the question that has it as a former id."""
    if name in content.by_id:
        return name
    return next((one.id for one in content.questions if name in one.was), name)


def said_today(question: Question, value: Value | None) -> Value | None:
    """The same words in today's ids. A renamed or merged option is the other one. A split one is nobody's."""
    if not (question.kind in CHOICES or question.kind is Kind.LIST):
        return value

    def today(option: str) -> str:
        heirs = [one.id for one in question.options if option in one.was]
        return option if question.option(option) or len(heirs) != 1 else heirs[0]

    if isinstance(value, str):
        return today(value)
    if not isinstance(value, tuple) or question.kind is not Kind.MULTIPLE:
        return value
    found = {today(option) for option in value}
    known = [one.id for one in question.options if one.id in found]
    return (*known, *dict.fromkeys(name for name in map(today, value) if name not in known))


CHOICES = {Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.YES_NO}


def kept(content: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """Everything a person ever said, under today's ids. Of two answers to merged questions, the first one stays."""
    claims: dict[str, list[str]] = {}
    for name in answers:
        claims.setdefault(heir(content, name), []).append(name)
    result: dict[str, Answer] = {}
    for name, homes in claims.items():
        question = content.by_id.get(name)
        if question is None:
            result |= {home: answers[home] for home in homes}
            continue
        first = min(homes, key=[name, *question.was].index)
        result |= {home: answers[home] for home in homes if home != first}
        result[name] = replace(answers[first], value=said_today(question, answers[first].value))
    return result


def fits(question: Question, given: Answer) -> bool:
    """Whether an answer is still valid."""
    value, ids = given.value, question.option_ids
    if given.age is Age.EXPIRED or given.status is not Status.GIVEN:
        left_out = {Status.SKIPPED: question.optional, Status.DECLINED: question.sensitive}
        return given.age is not Age.EXPIRED and left_out[given.status]
    if isinstance(value, tuple):
        alone = [one.id for one in question.options if one.exclusive and one.id in value]
        most = question.most if question.most is not None else len(ids)
        bounded = len(value) == 1 if alone else question.least <= len(value) <= most
        return question.kind is Kind.MULTIPLE and set(value) <= ids and bounded
    if isinstance(value, int):
        return question.kind is Kind.NUMBER and question.minimum <= value <= question.maximum
    assert value is not None
    own_words = question.own_words and value[:1] == "~" and 1 <= len(value[1:]) <= question.max_length
    return {
        Kind.LIST: value in ids or own_words,
        Kind.MONTH_YEAR: re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value) is not None,
        Kind.STATEMENT: value == "seen",
        Kind.SHORT_TEXT: 1 <= len(value) <= question.max_length,
        Kind.LONG_TEXT: 1 <= len(value) <= question.max_length,
        Kind.MULTIPLE: False,
        Kind.NUMBER: False,
    }.get(question.kind, value in ids)


def holds(condition: Condition | None, known: Mapping[str, Value]) -> bool | None:
    """True, False, or None for unknown."""
    match condition:
        case None:
            return True
        case Not(part):
            inner = holds(part, known)
            return None if inner is None else not inner
        case All(parts):
            found = {holds(part, known) for part in parts}
            return False if False in found else None if None in found else True
        case Any(parts):
            found = {holds(part, known) for part in parts}
            return True if True in found else None if None in found else False
        case Fact(name, Test.ANSWERED, operand):
            return (name in known) is operand
        case Fact(name):
            return compares(condition, known[name]) if name in known else None


def compares(fact: Fact, value: Value) -> bool:
    """Whether a known answer is what a condition asks for."""
    match fact.test:
        case Test.ONE_OF:
            return isinstance(fact.operand, tuple) and value in fact.operand
        case Test.INCLUDES:
            return isinstance(value, tuple) and fact.operand in value
        case Test.AT_LEAST:
            return rank(fact, value) >= rank(fact, fact.operand)
        case Test.AT_MOST:
            return rank(fact, value) <= rank(fact, fact.operand)
    return value == fact.operand


def rank(fact: Fact, value: Value) -> tuple[int, str]:
    """The position on the scale, a number, or a month."""
    if fact.scale:
        return fact.scale.index(str(value)), ""
    return (value, "") if isinstance(value, int) else (0, str(value))


@dataclass(frozen=True)
class Seen:
    """What a person's answers lead to: the questions that apply, in order, the answered ones, the open ones."""

    asked: list[str]
    valid: set[str]
    open: list[str]

    def going_on(self) -> str | None:
        """The next open question after everything answered. At the end, the gaps."""
        behind = [name for name in self.open if not self.is_before_an_answer(name)]
        return next(iter(behind or self.open), None)

    def is_before_an_answer(self, name: str) -> bool:
        return any(later not in self.open for later in self.asked[self.asked.index(name) :])


def looked_at(content: Questionnaire, answers: Answers) -> Seen:
    known: dict[str, Value] = {}
    seen = Seen([], set(), [])
    for question in content.questions:
        if holds(question.ask_if, known) is not True:
            continue
        if question.kind is Kind.COMPUTED:
            rules = (rule for rule in question.rules if holds(rule.condition, known))
            values = [rule.value or known.get(rule.take or "") for rule in rules]
            if found := [value for value in values if value is not None]:
                known[question.id] = found[0]
            continue
        seen.asked.append(question.id)
        given = answers.get(question.id)
        if given is not None and fits(question, given):
            seen.valid.add(question.id)
            chosen = given.value if isinstance(given.value, tuple) else (given.value,)
            if given.value is not None and not any(one.unsure and one.id in chosen for one in question.options):
                known[question.id] = given.value
        if question.id not in seen.valid or (given is not None and given.age is Age.DUE):
            seen.open.append(question.id)
    return seen
