"""Answers that are older than their question keeps them. The same condition counts and deletes them.

`Periods` gives the questions by the moment before which an answer to them is old. Answers to a question that is not
in it (the questionnaire no longer has it) are kept as long as the longest-kept ones, as people were told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select

from bot.db.schema import answer, answer_history

Periods: TypeAlias = Mapping[datetime, Sequence[str]]
_TABLES = (answer, answer_history)


def count(connection: Connection, periods: Periods) -> int:
    """How many answers are old, former ones included."""
    return sum(
        connection.execute(select(func.count()).select_from(table).where(old)).scalar_one()
        for table in _TABLES
        for old in _old(connection, table, periods)
    )


def forget(connection: Connection, periods: Periods) -> int:
    """Deletes these answers. Returns how many there were."""
    return sum(
        connection.execute(delete(table).where(old)).rowcount
        for table in _TABLES
        for old in _old(connection, table, periods)
    )


def _old(connection: Connection, table: Table, periods: Periods) -> Iterator[ColumnElement[bool]]:
    """Which rows of a table are old: one condition for each period, and one for all other questions."""
    name, at = table.c.question_id, table.c.answered_at
    known = {one for questions in periods.values() for one in questions}
    others = [one for one in _questions(connection, table) if one not in known]
    for before, questions in (*periods.items(), (min(periods), others)):
        if questions:
            yield and_(name.in_(questions), at < before)


def _questions(connection: Connection, table: Table) -> list[str]:
    """The questions that have answers, with one look into the index for each question, not for each answer."""
    name = table.c.question_id
    named = select(func.min(name).label("name")).cte("named", recursive=True)
    behind = select(func.min(name)).where(name > named.c.name).scalar_subquery()
    named = named.union_all(select(behind).where(named.c.name.is_not(None)))
    return list(connection.execute(select(named.c.name).where(named.c.name.is_not(None))).scalars())
