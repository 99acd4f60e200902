"""Conditions as SQL over all profiles, with the meaning they have in memory.

SQL's own logic is Kleene's: NULL is unknown, and AND, OR and NOT treat it as conditions do. What follows from answers
is not stored anywhere: which questions apply, and what is computed, is worked out for each person, each question once.
A question that others depend on stands in an inner layer, as a column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any as Anything

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    false,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from bot.core.audience import question_of
from bot.core.conditions import All, Any, Condition, Fact, Not, Test, questions_in
from bot.core.questionnaire import Kind, Question, Questionnaire
from bot.db.audience.answers import code, holds, homes_of, value
from bot.db.audience.beside import beside
from bot.db.audience.keeping import Layout
from bot.db.schema import profile

Predicate = ColumnElement[bool]
KEPT = (
    "participant_id",
    "chat_id",
    "language",
    "blocked",
    "finished",
    "contacted_at",
    "weekly_cap",
    "agreed",
    "muted",
)
"""Columns of a profile that every layer hands on."""

_FENCE = literal_column("0")
"""OFFSET 0 as a number and no parameter: PostgreSQL knows it as a fence, and still works in parallel."""


class Crowd:
    """All profiles with the values that some conditions look at, for one moment and one content.

    `rows` is what to select from; `only` narrows it, by columns of `profile`.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        layout: Layout,
        now: datetime,
        conditions: Iterable[Condition],
        dialect: str,
        *only: Predicate,
    ) -> None:
        self._questionnaire = questionnaire
        self._layout = layout
        self._now = now
        self._dialect = dialect
        self._order = {question.id: place for place, question in enumerate(questionnaire.questions)}
        self._values: dict[str, ColumnElement[int]] = {}
        self.rows = self._layers(_asked(conditions), only)

    def holds(self, condition: Condition | None) -> Predicate:
        """Whether it holds, NULL where it cannot be known; of columns of `rows`."""
        return self._holds(condition, len(self._order))

    def _layers(self, wanted: Collection[str], only: Iterable[Predicate]) -> FromClause:
        """One layer for each depth of questions that depend on others; the innermost reads the cells."""
        needed = self._needed(wanted)
        depths = self._depths(needed)
        cells = {one: value(self._questionnaire, self._layout, self._now, self._question(one)) for one in needed}
        first = [cells[one].label(f"v_{one}") for one in needed if self._question(one).kind is not Kind.COMPUTED]
        rows = self._fenced(select(*(profile.c[name] for name in KEPT), *first).where(*only))
        for depth in range(max(depths.values(), default=0) + 1):
            here = [one for one in needed if depths[one] == depth]
            # Before others can depend on them, their own columns say nothing about whether they apply.
            worked_out = {one: self._worked_out(self._question(one), rows) for one in here if not self._is_plain(one)}
            if worked_out:
                handed_on = [column for column in rows.c if column.name.removeprefix("v_") not in worked_out]
                rows = self._fenced(select(*handed_on, *(one.label(f"v_{name}") for name, one in worked_out.items())))
            self._values = {name: rows.c[f"v_{name}"] for name in needed if depths[name] <= depth}
        return rows

    def _fenced(self, rows: Select[Anything]) -> FromClause:
        """Neither database may work out a column once more for every use of it."""
        return (rows.limit(-1) if self._dialect == "sqlite" else rows.offset(_FENCE)).subquery()

    def _is_plain(self, name: str) -> bool:
        question = self._question(name)
        return question.ask_if is None and question.kind is not Kind.COMPUTED

    def _worked_out(self, question: Question, rows: FromClause) -> ColumnElement[int]:
        """A question's value where it applies: the cell's, or that of the first rule that gives one."""
        place = self._order[question.id]
        if question.kind is not Kind.COMPUTED:
            return case((self._holds(question.ask_if, place), rows.c[f"v_{question.id}"]))
        rules = []
        for rule in question.rules:
            condition = self._holds(rule.condition, place)
            if rule.take is None:
                rules.append((condition, code(rule.value)))
            elif rule.take in self._values and self._order[rule.take] < place:
                taken = self._values[rule.take]
                rules.append((and_(condition, taken.is_not(None)), taken))
        found = case(*rules) if rules else literal(None, BigInteger)
        return found if question.ask_if is None else case((self._holds(question.ask_if, place), found))

    def _holds(self, condition: Condition | None, before: int) -> Predicate:
        """`before`: only questions in front of that place are known, as to who is just being asked."""
        match condition:
            case None:
                return true()
            case Fact():
                return self._fact(condition, before)
            case Not(part):
                return not_(self._holds(part, before))
            case All(parts):
                return and_(true(), *(self._holds(part, before) for part in parts))
            case Any(parts):
                return or_(false(), *(self._holds(part, before) for part in parts))

    def _fact(self, fact: Fact, before: int) -> Predicate:
        name = question_of(fact.question)
        if name is None:
            return beside(fact, self.rows, self._now)
        if self._order.get(name, before) >= before:
            unknown = fact.test is not Test.ANSWERED
            return literal(None, true().type) if unknown else true() if fact.operand is False else false()
        question = self._question(name)
        homes = homes_of(self._questionnaire, self._layout, question)
        return holds(question, self._layout, homes, fact, self._values[name])

    def _question(self, name: str) -> Question:
        return self._questionnaire.by_id[name]

    def _needed(self, wanted: Collection[str]) -> list[str]:
        """The questions that decide, in the order they are asked."""
        only = self._questionnaire.only(one for one in wanted if one in self._order)
        return [question.id for question in only.questions]

    def _depths(self, needed: list[str]) -> dict[str, int]:
        """How many layers lie below each question."""
        depths: dict[str, int] = {}
        for name in needed:
            question = self._question(name)
            below = set(questions_in(question.ask_if)).union(*(questions_in(one.condition) for one in question.rules))
            below |= {one.take for one in question.rules if one.take is not None}
            depths[name] = max((depths[one] + 1 for one in below if one in depths), default=0)
        return depths


def _asked(conditions: Iterable[Condition]) -> set[str]:
    names = {question_of(name) for one in conditions for name in questions_in(one)}
    return {name for name in names if name is not None}
