"""Conditions about people, as staff paste and store them: YAML in the language of the files, with more names.

`read_condition` understands what `condition_text` writes. A fault is a code with parameters. The words for it are in
`content/staff.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import yaml

from bot.content.conditions_file import Fault as ConditionFault
from bot.content.conditions_file import parsed
from bot.content.faults import Report, closest
from bot.content.loader import Content
from bot.content.nodes import parse_table
from bot.core.audience import (
    ANSWER,
    ATTENDANCE,
    DAYS,
    FINISHED,
    INTEREST,
    INTERESTS,
    LANGUAGE,
    NEVER,
    NO,
    REGISTRATION,
    SEATS,
    YES,
    question_of,
)
from bot.core.conditions import All, Any, Condition, Fact, Not, Test
from bot.core.offers import Kind as OfferKind
from bot.core.questionnaire import Kind, Option, Question
from bot.core.reminders import REGISTERED_FOR

LONGEST = 10_000
"""The most characters of a condition. No message holds more."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a text is not a condition: a code of `FAULTS`, the line (from 1), the word in question, and suggestions."""

    code: str
    line: int
    about: str = ""
    near: str = ""


FAULTS = (
    "yaml",
    "shape",
    "joint",
    "name",
    "compare",
    "option",
    "number",
    "month",
    "list",
    "flag",
    "unsure",
    "sensitive",
    "other",
)
"""What can be wrong. `name`: an unknown question, offer or name. `option`: an unknown answer of a question."""


def read_condition(text: str, content: Content) -> Condition | Unread:
    """The condition that a text holds, or the first fault in it. Never raises for bad texts."""
    report = Report()
    root = parse_table(text, "", report) if len(text) <= LONGEST else None
    if root is None or report.found:
        return Unread("yaml", report.found[0].line if report.found else 1)
    lists = {name: finder.listed for name, finder in content.finders.items()}
    found = parsed(root, names(content), (), lists, includes=frozenset(_several(content)))
    return _unread(found) if isinstance(found, ConditionFault) else found


def _unread(fault: ConditionFault) -> Unread:
    close = closest(fault.about, fault.known)
    few = ", ".join(fault.known) if len(fault.known) <= MOST_NAMED else ""
    return Unread(fault.code, fault.line, fault.about, few if close is None else close)


MOST_NAMED = 8
"""If no name is close, all are suggested when there are at most this many."""


def names(content: Content) -> Mapping[str, Question]:
    """Every name that a condition about people can ask about, each as a question with its options."""
    questions = content.questionnaire.questions
    plain = {one.id: one for one in questions if question_of(one.id) is not None}
    found = {ANSWER + one.id: plain.get(one.id, replace(one, id=ANSWER + one.id)) for one in questions} | plain
    found |= {one: _asked(one, Kind.YES_NO, (YES, NO)) for one in (FINISHED, *_attendances(content))}
    found |= {one: _asked(one, Kind.MULTIPLE, options) for one, options in _several(content).items()}
    found[LANGUAGE] = _asked(LANGUAGE, Kind.SINGLE, content.languages)
    found[DAYS] = Question(DAYS, "", Kind.NUMBER, "", "", "", minimum=0, maximum=NEVER)
    return found


def _asked(name: str, kind: Kind, options: tuple[str, ...]) -> Question:
    return Question(name, "", kind, "", "", "", options=tuple(map(Option, options)))


def _several(content: Content) -> dict[str, tuple[str, ...]]:
    """The names that can have several values at once, each with all its possible values."""
    seats = {REGISTRATION + one.id: tuple(SEATS) for one in content.offers.values() if one.kind in REGISTERED_FOR}
    openings = [one.id for one in content.offers.values() if one.kind is OfferKind.OPENING]
    return seats | {INTEREST + one: tuple(INTERESTS) for one in openings}


def _attendances(content: Content) -> list[str]:
    return [ATTENDANCE + one.id for one in content.offers.values() if one.kind in REGISTERED_FOR]


def condition_text(condition: Condition) -> str:
    """The condition as YAML."""
    return yaml.safe_dump(_data(condition), allow_unicode=True, sort_keys=False, default_flow_style=None, width=100)


def _data(condition: Condition) -> dict[str, object]:
    match condition:
        case Fact(question, test, operand):
            short = test is Test.IS or (test is Test.INCLUDES and question.startswith((REGISTRATION, INTEREST)))
            said = list(operand) if isinstance(operand, tuple) else operand
            return {question: said if short else {test.value: said}}
        case Not(part):
            return {"not": _data(part)}
        case All(parts):
            return {"all": [_data(part) for part in parts]}
        case Any(parts):
            return {"any": [_data(part) for part in parts]}
