"""Counts what people need: one statement over everybody, so that all tables of a board count the same people.

Courses and their free seats take a few more queries, however many courses there are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from bot.core.conditions import Value
from bot.core.inputs import Status
from bot.core.needs import Found
from bot.core.seats import TAKING, Span
from bot.db.schema import answer, chat, consent, meeting, participant, registration
from bot.db.sealing import opened

_COUNTS = (Status.GIVEN.value, Status.COMPUTED.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answers are counted.

    `former`: earlier ids that its answers may be stored under. `too_old`: answers to these questions from that moment
    or earlier do not count, nor does what was computed from them.
    """

    question: str
    former: tuple[str, ...] = ()
    too_old: Mapping[str, datetime] | None = None


def found(
    connection: Connection,
    tables: Mapping[str, Sequence[str]],
    asked: Collection[Asked],
    purpose: str,
    courses: Collection[str],
) -> list[Found]:
    """How many finished people gave which answers to the questions of each table.

    Left out: people who do not agree to `purpose`, who blocked us, or who have a seat in one of the `courses`.
    """
    people = _people(asked, purpose, courses)
    width = max(len(questions) for questions in tables.values())
    parts = [_table(people, name, questions, width) for name, questions in tables.items()]
    rows = connection.execute(union_all(*parts) if len(parts) > 1 else parts[0])
    several: Counter[tuple[str, tuple[Value | None, ...]]] = Counter()
    for table, number, *values in rows:  # a sealed answer equals no other until it is opened
        several[table, tuple(map(_value, values))] += number
    return [
        Found(table, dict(zip(tables[table], values, strict=False)), number)
        for (table, values), number in several.items()
    ]


def _people(asked: Collection[Asked], purpose: str, courses: Collection[str]) -> CTE:
    """Everybody who counts, with their answers as JSON."""
    source: FromClause = participant.join(chat, participant.c.chat_id == chat.c.id)
    columns: list[ColumnElement[Any]] = []
    for one in asked:
        values: list[ColumnElement[Any]] = []
        for home in (one.question, *one.former):
            given = answer.alias(f"a_{home}")
            source = source.outerjoin(
                given,
                and_(
                    given.c.participant_id == participant.c.id,
                    given.c.question_id == home,
                    given.c.applies,
                    given.c.status.in_(_COUNTS),
                ),
            )
            values.append(cast(given.c.value, Text))
        value = func.coalesce(*values) if len(values) > 1 else values[0]
        columns.append((case((_outdated(one), null()), else_=value) if one.too_old else value).label(one.question))
    return (
        select(*columns)
        .select_from(source)
        .where(
            participant.c.finished_at.is_not(None),
            participant.c.restricted_at.is_(None),
            chat.c.blocked_at.is_(None),
            agrees(purpose),
            ~_seated(courses),
        )
        .cte("people")
    )


def agrees(purpose: str) -> ColumnElement[bool]:
    """Whether a participant agrees to a purpose now."""
    return exists().where(
        consent.c.participant_id == participant.c.id, consent.c.purpose == purpose, consent.c.withdrawn_at.is_(None)
    )


def _outdated(one: Asked) -> ColumnElement[bool]:
    old = answer.alias(f"old_{one.question}")
    return exists().where(
        old.c.participant_id == participant.c.id,
        old.c.applies,
        old.c.status == Status.GIVEN.value,
        or_(
            *(
                and_(old.c.question_id == name, old.c.answered_at <= until)
                for name, until in (one.too_old or {}).items()
            )
        ),
    )


def _seated(courses: Collection[str]) -> ColumnElement[bool]:
    """Whether a person's need is met: they have a seat in a course that is not over."""
    return exists().where(
        registration.c.participant_id == participant.c.id,
        registration.c.offer_id.in_(sorted(courses)),
        registration.c.ended_at.is_(None),
        registration.c.state.in_(sorted(state.value for state in TAKING)),
    )


def _table(people: CTE, name: str, questions: Sequence[str], width: int) -> Select[Any]:
    """The people by their answers to some questions, with as many columns as the widest table."""
    by = [people.c[question] for question in questions]
    filling = [cast(null(), Text)] * (width - len(questions))
    return select(cast(literal(name), String), func.count(), *by, *filling).group_by(*by)


def _value(stored: str | None) -> Value | None:
    value = None if stored is None else opened(json.loads(stored), "answer")
    return tuple(value) if isinstance(value, list) else value


def spans(connection: Connection, offer_ids: Collection[str]) -> dict[str, Span]:
    """When each offer begins and ends. Offers without meetings are left out."""
    rows = connection.execute(
        select(meeting.c.offer_id, func.min(meeting.c.starts_at), func.max(meeting.c.ends_at))
        .where(meeting.c.offer_id.in_(sorted(offer_ids)), meeting.c.cancelled_at.is_(None))
        .group_by(meeting.c.offer_id)
    )
    return {offer_id: Span(first, end) for offer_id, first, end in rows}
