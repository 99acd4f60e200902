"""Which content ran when, and how many people its changes would affect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from bot.core.engine import Status, value_from_data
from bot.core.questionnaire import OWN_WORDS
from bot.db.schema import answer, chat, content_run, participant

_LOCK = 0x636F6E74656E74
"""The advisory lock for taking content over. Its number is ours alone in the database."""
AT_ONCE = 1000
"""How many values are read from the database at once."""


@dataclass(frozen=True, slots=True)
class Run:
    """A state of a town's content, and since when it ran. `outline` is what matters about it for answers."""

    town: str
    revision: str
    taken_at: datetime
    outline: Mapping[str, Any]


def last(connection: Connection, town: str) -> Run | None:
    """The content that ran last. None if none ever did."""
    columns = (content_run.c[name] for name in Run.__dataclass_fields__)
    row = connection.execute(
        select(*columns).where(content_run.c.town == town).order_by(content_run.c.id.desc()).limit(1)
    ).first()
    return None if row is None else Run(*row)


def record(connection: Connection, town: str, revision: str, outline: Mapping[str, Any], now: datetime) -> None:
    """Records that this content runs from now on.

    If it ran before, its row stays and only the outline is rewritten: a newer Lotse may read more from the same
    files. Another process that records at the same moment waits for this transaction, and finds its result.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    row = connection.execute(
        select(content_run.c.id, content_run.c.revision)
        .where(content_run.c.town == town)
        .order_by(content_run.c.id.desc())
        .limit(1)
    ).first()
    if row is not None and row.revision == revision:
        connection.execute(update(content_run).where(content_run.c.id == row.id).values(outline=outline))
        return
    connection.execute(insert(content_run), {"town": town, "revision": revision, "taken_at": now, "outline": outline})


def inside(connection: Connection, asking: str) -> dict[str, int]:
    """How many people have each question on their card, by its id. `asking`: the place where questions are asked."""
    at = participant.c.at
    rows = connection.execute(
        select(at, func.count())
        .join_from(participant, chat)
        .where(chat.c.screen == asking, at.is_not(None))
        .group_by(at)
    )
    return {row[0]: row[1] for row in rows}


def answered(connection: Connection) -> dict[str, int]:
    """How many people have answered, skipped or declined each question, by its id."""
    rows = connection.execute(
        select(answer.c.question_id, func.count())
        .where(answer.c.status != Status.COMPUTED.value)
        .group_by(answer.c.question_id)
    )
    return {row[0]: row[1] for row in rows}


def chosen(connection: Connection, question_id: str) -> dict[str, int]:
    """How many people have chosen each option of a question. People's own words are not an option."""
    values = connection.execute(
        select(answer.c.value)
        .where(answer.c.question_id == question_id, answer.c.status == Status.GIVEN.value)
        .execution_options(yield_per=AT_ONCE)
    ).scalars()
    people: Counter[str] = Counter()
    for value in map(value_from_data, values):
        options = frozenset(value) if isinstance(value, tuple) else {value}
        people.update(one for one in options if isinstance(one, str) and not one.startswith(OWN_WORDS))
    return dict(people)
