"""A condition as ticks, so that what was pasted, or comes from an offer or the needs board, can be changed by taps.

What taps cannot say stays a condition as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.content.loader import Content
from bot.core.audience import question_of
from bot.core.conditions import All, Condition, Fact, Not
from bot.core.conditions import Any as Any_
from bot.core.questionnaire import Question
from bot.services.broadcasts import audience
from bot.services.broadcasts.audience import EITHER, WITH, WITHOUT
from bot.services.profiles import people

Line = tuple[str, str, list[str]]
"""Chosen or ruled out, the question, and its options."""


def audience_of(content: Content, who: Condition) -> Mapping[str, Any]:
    """The audience of a condition: as ticks where these can express it."""
    found = ticks(content, who)
    return audience.of_condition(who) if found is None else found


def ticks(content: Content, who: Condition) -> dict[str, Any] | None:
    """The ticks that mean exactly that: lines that must hold, and one group of which one is enough. Else None."""
    known = {one.id: one for one in people.filters(content)}
    every: list[Line] = []
    either: list[Line] = []
    for part in _parts(who):
        if (line := _line(content, known, part)) is not None:
            every.append(line)
        elif not either and (group := _group(content, known, part)):
            either = group
        else:
            return None
    return _stored(every, either)


def _group(content: Content, known: Mapping[str, Question], part: Condition) -> list[Line]:
    """The lines of the questions of which one is enough; empty where the condition says something else."""
    found = [_alternative(content, known, one) for one in part.parts] if isinstance(part, Any_) else []
    names = {lines[0][1] for lines in found if lines}
    return [line for lines in found for line in lines] if len(names) == len(found) else []


def _alternative(content: Content, known: Mapping[str, Question], part: Condition) -> list[Line]:
    """The lines of one question that must all hold; empty where the condition says something else."""
    lines = [line for one in _parts(part) if (line := _line(content, known, one)) is not None]
    return lines if len(lines) == len(_parts(part)) and len({name for _, name, _ in lines}) == 1 else []


def _stored(every: list[Line], either: list[Line]) -> dict[str, Any] | None:
    """The lines as they are stored; None where a question occurs twice, since it has one place only."""
    lines, names = [*every, *either], [name for _, name, _ in either]
    if len({(of, name) for of, name, _ in lines}) < len(lines) or any(name in names for _, name, _ in every):
        return None
    chosen: dict[str, Any] = {
        part: {name: values for of, name, values in lines if of == part} for part in (WITH, WITHOUT)
    }
    return {part: by for part, by in {**chosen, EITHER: list(dict.fromkeys(names))}.items() if by}


def _parts(who: Condition) -> list[Condition]:
    """The parts of nested `all`s."""
    return [one for part in who.parts for one in _parts(part)] if isinstance(who, All) else [who]


def _line(content: Content, known: Mapping[str, Question], part: Condition) -> Line | None:
    """The line that taps on one question's options would make; None where the condition says something else."""
    inner, of = (part.part, WITHOUT) if isinstance(part, Not) else (part, WITH)
    facts = list(inner.parts) if isinstance(inner, Any_) else [inner]
    plain = [_plain(one) for one in facts if isinstance(one, Fact)]
    if not plain or len(plain) < len(facts) or len({one.question for one in plain}) > 1:
        return None
    name = plain[0].question
    values = [value for one in plain for value in _values(one)]
    if name not in known or not set(values) <= set(people.options(known[name])):
        return None
    said = audience.condition(content, {WITH: {name: values}})
    meant: Condition = plain[0] if len(plain) == 1 else Any_(tuple(plain))
    return (of, name, values) if said == meant else None


def _plain(fact: Fact) -> Fact:
    """The fact under the question's short name, where that name has no other meaning."""
    question = question_of(fact.question)
    return fact if question is None or question_of(question) is None else replace(fact, question=question)


def _values(fact: Fact) -> list[str]:
    """What is compared with, as options."""
    return [str(one) for one in (fact.operand if isinstance(fact.operand, tuple) else (fact.operand,))]
