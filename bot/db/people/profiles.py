"""Everything about every participant, for an export: a few queries for several hundred people at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from bot.db.people.participants import Past, Stored, as_past, as_stored
from bot.db.people.persons import last_seen, own_language
from bot.db.schema import answer, answer_history, chat, consent, participant

BATCH = 500


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A participant as the tables have them: no name, and nothing by which the messenger knows them.

    `consents`: the current ones, with since when. `history`: former answers, the oldest first.
    """

    id: int
    language: str | None
    source: str | None
    created_at: datetime
    finished_at: datetime | None
    seen_at: datetime
    blocked: bool
    answers: dict[str, Stored]
    consents: dict[str, datetime]
    history: tuple[Past, ...]


_PEOPLE = (
    select(
        participant.c.id,
        own_language,
        chat.c.source,
        participant.c.created_at,
        participant.c.finished_at,
        last_seen,
        chat.c.blocked_at.is_not(None),
    )
    .join_from(participant, chat)
    .where(participant.c.id > bindparam("after"), participant.c.restricted_at.is_(None))
    .order_by(participant.c.id)
    .limit(bindparam("most"))
)


def _in_batch(key: ColumnElement[int]) -> ColumnElement[bool]:
    return key.between(bindparam("first"), bindparam("last"))


_ANSWERS = select(
    answer.c.participant_id,
    answer.c.question_id,
    answer.c.status,
    answer.c.value,
    answer.c.answered_at,
    answer.c.revision,
    answer.c.applies,
).where(_in_batch(answer.c.participant_id))
_CONSENTS = select(consent.c.participant_id, consent.c.purpose, consent.c.given_at).where(
    _in_batch(consent.c.participant_id), consent.c.withdrawn_at.is_(None)
)
_HISTORY = (
    select(
        answer_history.c.participant_id,
        answer_history.c.question_id,
        answer_history.c.status,
        answer_history.c.value,
        answer_history.c.answered_at,
        answer_history.c.replaced_at,
    )
    .where(_in_batch(answer_history.c.participant_id))
    .order_by(answer_history.c.answered_at, answer_history.c.id)
)


def names(connection: Connection, only: Select[tuple[int]]) -> dict[int, str]:
    """The names of these people, if they gave one."""
    said = select(participant.c.id, participant.c.name).where(
        participant.c.id.in_(only), participant.c.name.is_not(None)
    )
    return {row[0]: row[1] for row in connection.execute(said)}


def profile_rows(
    connection: Connection, batch: int = BATCH, only: Select[tuple[int]] | None = None
) -> Iterator[ProfileRow]:
    """Every participant (or only these) by id. Rows are read as the caller goes on."""
    after = 0
    statement = _PEOPLE if only is None else _PEOPLE.where(participant.c.id.in_(only))
    while people := connection.execute(statement, {"after": after, "most": batch}).all():
        first, after = people[0][0], people[-1][0]
        bounds = {"first": first, "last": after}
        # Between the first and the last there may be many people who are not wanted.
        ids = [one[0] for one in people]

        def theirs(what: Select[Any], key: ColumnElement[int], ids: list[int] = ids) -> Select[Any]:
            return what if only is None else what.where(key.in_(ids))

        answers: defaultdict[int, dict[str, Stored]] = defaultdict(dict)
        for key, question, *columns in connection.execute(theirs(_ANSWERS, answer.c.participant_id), bounds):
            answers[key][question] = as_stored(*columns)
        consents: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
        for key, purpose, since in connection.execute(theirs(_CONSENTS, consent.c.participant_id), bounds):
            consents[key][purpose] = since
        history: defaultdict[int, list[Past]] = defaultdict(list)
        for key, *columns in connection.execute(theirs(_HISTORY, answer_history.c.participant_id), bounds):
            history[key].append(as_past(*columns))
        for key, language, source, created_at, finished_at, seen_at, blocked in people:
            times = (created_at, finished_at, seen_at)
            about = (answers[key], consents[key], tuple(history[key]))
            yield ProfileRow(key, language, source, *times, blocked, *about)
