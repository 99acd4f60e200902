"""Which content ran when, and how many people its changes would meet."""

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
"""Held by who takes content over. A number of our own among all advisory locks of the database."""
AT_ONCE = 1000
"""Values that are read from the database in one go."""


@dataclass(frozen=True, slots=True)
class Run:
    """A state of a town's content and since when it ran; `outline` is what of it matters to answers."""

    town: str
    revision: str
    taken_at: datetime
    outline: Mapping[str, Any]


def last(connection: Connection, town: str) -> Run | None:
    """The content that ran last, None where none ever did."""
    columns = (content_run.c[name] for name in Run.__dataclass_fields__)
    row = connection.execute(
        select(*columns).where(content_run.c.town == town).order_by(content_run.c.id.desc()).limit(1)
    ).first()
    return None if row is None else Run(*row)


def record(connection: Connection, town: str, revision: str, outline: Mapping[str, Any], now: datetime) -> None:
    """Record that this content runs from now on.

    Where it ran already, its row stays and only the outline is written anew: a newer Lotse may see more in the same
    files. Whoever does so at the same moment waits until this transaction ends, and finds what it has taken over.
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
    """How many people have a question before them, by its id; `asking` is the place where questions are asked."""
    at = participant.c.at
    rows = connection.execute(
        select(at, func.count())
        .join_from(participant, chat)
        .where(chat.c.screen == asking, at.is_not(None))
        .group_by(at)
    )
    return {row[0]: row[1] for row in rows}


def answered(connection: Connection) -> dict[str, int]:
    """How many people have answered a question, skipped it or declined, by its id."""
    rows = connection.execute(
        select(answer.c.question_id, func.count())
        .where(answer.c.status != Status.COMPUTED.value)
        .group_by(answer.c.question_id)
    )
    return {row[0]: row[1] for row in rows}


def chosen(connection: Connection, question_id: str) -> dict[str, int]:
    """How many people have chosen each option of a question with options; their own words are nobody's option."""
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
