"""Conditions as SQL over all profiles, with the meaning they have in memory.

SQL's own logic is Kleene's: NULL is unknown, and AND, OR and NOT treat it as conditions do. What follows from answers
is not stored anywhere: which questions apply, and what is computed, is worked out for each person, each question
once. A question that others depend on stands in an inner layer, as a column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any as Anything

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
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
from bot.db.audience.beside import BESIDE, beside
from bot.db.audience.keeping import Layout
from bot.db.profile_tables import profile

Predicate = ColumnElement[bool]
KEPT = ("participant_id", "language")
"""Columns of a profile that every layer hands on, with those that are asked for: each costs SQLite time."""

_FENCE: ColumnElement[Anything] = literal_column("0")
"""OFFSET 0 as a number and no parameter: PostgreSQL knows it as a fence, and still works in parallel."""


def fenced(rows: Select[Anything], dialect: str) -> Subquery:
    """A layer that no database takes apart, to work out a column once more for every use of it."""
    return (rows.limit(-1) if dialect == "sqlite" else rows.offset(_FENCE)).subquery()


class Crowd:
    """All profiles with the values that some conditions look at, for one moment and one content.

    `rows` is what to select from, with the columns of `profile` in `keep`; `only` narrows it, by `profile`.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        layout: Layout,
        now: datetime,
        conditions: Sequence[Condition],
        dialect: str,
        keep: Iterable[str] = (),
        only: Iterable[Predicate] = (),
    ) -> None:
        self._questionnaire = questionnaire
        self._layout = layout
        self._now = now
        self._dialect = dialect
        self._order = {question.id: place for place, question in enumerate(questionnaire.questions)}
        self._values: dict[str, ColumnElement[int]] = {}
        names = frozenset().union(*map(questions_in, conditions))
        self._keep = tuple(dict.fromkeys((*KEPT, *keep, *(BESIDE[one] for one in sorted(names) if one in BESIDE))))
        self.rows = self._layers({one for one in map(question_of, names) if one is not None}, only)

    def holds(self, condition: Condition | None) -> Predicate:
        """Whether it holds, NULL where it cannot be known; of columns of `rows`."""
        return self._holds(condition, len(self._order))

    def _layers(self, wanted: Collection[str], only: Iterable[Predicate]) -> FromClause:
        """A layer below each depth of questions that depend on others; the innermost reads the cells.

        What no other question depends on is no column: it is looked at once, where it is asked.
        """
        needed = self._needed(wanted)
        depths = self._depths(needed)
        stored = [one for one in needed if self._question(one).kind is not Kind.COMPUTED]
        cells = {one: value(self._questionnaire, self._layout, self._now, self._question(one)) for one in stored}
        narrowed = list(only)
        rows: FromClause = profile
        for depth in range(max(depths.values(), default=0) + 1):
            if depth or narrowed:
                rows, cells = self._layer(rows, cells | self._values, narrowed)
                self._values = {name: cells[name] for name in self._values}
                narrowed = []
            here = {one: self._worked_out(one, rows, cells) for one in needed if depths[one] == depth}
            self._values = self._values | here
        return rows

    def _layer(
        self, rows: FromClause, values: dict[str, ColumnElement[int]], only: Iterable[Predicate]
    ) -> tuple[FromClause, dict[str, ColumnElement[int]]]:
        """All that is known so far as columns."""
        named = [one.label(f"v_{name}") for name, one in values.items()]
        found = select(*(rows.c[name] for name in self._keep), *named).where(*only)
        layer = fenced(found, self._dialect)
        return layer, {name: layer.c[f"v_{name}"] for name in values}

    def _worked_out(self, name: str, rows: FromClause, cells: dict[str, ColumnElement[int]]) -> ColumnElement[int]:
        """A question's value where it applies: the cell's, or that of the first rule that gives one."""
        question, place = self._question(name), self._order[name]
        self.rows = rows
        if question.kind is not Kind.COMPUTED:
            found = cells[name]
        else:
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
