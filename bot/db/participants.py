"""Participants: their place in the questionnaire, their answers, their consents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.engine import Answer, State, Status, value_from_data, value_to_data
from bot.db.schema import answer, consent, participant


def create(connection: Connection, chat_id: int, state: State, now: datetime) -> int:
    """A person who has said yes; the new participant's id."""
    row = {"chat_id": chat_id, "created_at": now, "finished_at": None, **_place(state)}
    created: int = connection.execute(insert(participant).returning(participant.c.id), row).scalar_one()
    return created


_ANSWERS = select(answer.c.question_id, answer.c.status, answer.c.value, answer.c.applies).where(
    answer.c.participant_id == bindparam("id")
)


def answers(connection: Connection, participant_id: int) -> tuple[dict[str, Answer], frozenset[str]]:
    """Every answer ever given by question id, and the ids of those that are marked as counting."""
    rows = connection.execute(_ANSWERS, {"id": participant_id}).all()
    given = {question: Answer(Status(status), value_from_data(value)) for question, status, value, _ in rows}
    return given, frozenset(question for question, _, _, applies in rows if applies)


_MOVE = (
    update(participant)
    .where(participant.c.id == bindparam("key"))
    .values(at=bindparam("new_at"), draft=bindparam("new_draft"), from_summary=bindparam("new_from_summary"))
)


def move(connection: Connection, participant_id: int, state: State) -> None:
    """Store where the card is."""
    place = {f"new_{name}": value for name, value in _place(state).items()}
    connection.execute(_MOVE, {"key": participant_id, **place})


def finish(connection: Connection, participant_id: int, now: datetime) -> None:
    """The person has confirmed the summary; the first time counts."""
    connection.execute(
        update(participant)
        .where(participant.c.id == participant_id, participant.c.finished_at.is_(None))
        .values(finished_at=now)
    )


_UPSERTS: dict[str, Any] = {}


def _upsert(dialect: str) -> Any:  # noqa: ANN401 - an insert of either dialect
    if dialect not in _UPSERTS:
        statement = (sqlite if dialect == "sqlite" else postgresql).insert(answer)
        _UPSERTS[dialect] = statement.on_conflict_do_update(
            index_elements=["participant_id", "question_id"],
            set_={
                name: statement.excluded[name] for name in ("status", "value", "applies", "answered_at", "revision")
            },
        )
    return _UPSERTS[dialect]


def save_answers(
    connection: Connection, participant_id: int, given: Mapping[str, Answer], revision: str, now: datetime
) -> None:
    """Store answers that were given now, and that count."""
    rows = [
        {
            "participant_id": participant_id,
            "question_id": question,
            "status": one.status.value,
            "value": value_to_data(one.value),
            "applies": True,
            "answered_at": now,
            "revision": revision,
        }
        for question, one in given.items()
    ]
    connection.execute(_upsert(connection.dialect.name), rows[0] if len(rows) == 1 else rows)


def mark_counting(connection: Connection, participant_id: int, questions: Iterable[str], *, counts: bool) -> None:
    """Answers that begin to count again, or stop to, because of another answer."""
    connection.execute(
        update(answer)
        .where(answer.c.participant_id == participant_id, answer.c.question_id.in_(list(questions)))
        .values(applies=counts)
    )


def forget_answers(connection: Connection, questions: Iterable[str], before: datetime) -> int:
    """Delete answers to these questions that were given before that day; how many."""
    old = answer.c.question_id.in_(list(questions)) & (answer.c.answered_at < before)
    return connection.execute(delete(answer).where(old)).rowcount


def consents(connection: Connection, participant_id: int) -> dict[str, datetime]:
    """The purposes a person agrees to now, each with since when."""
    rows = connection.execute(
        select(consent.c.purpose, consent.c.given_at).where(
            consent.c.participant_id == participant_id, consent.c.withdrawn_at.is_(None)
        )
    )
    return {row.purpose: row.given_at for row in rows}


def give_consent(
    connection: Connection, participant_id: int, purpose: str, *, language: str, text_version: str, now: datetime
) -> None:
    """Record a yes to one purpose, with the text it was said to. A yes that stands stays as it is."""
    if purpose in consents(connection, participant_id):
        return
    connection.execute(
        insert(consent),
        {
            "participant_id": participant_id,
            "purpose": purpose,
            "language": language,
            "text_version": text_version,
            "given_at": now,
        },
    )


def withdraw_consent(connection: Connection, participant_id: int, purpose: str, now: datetime) -> None:
    """Record that a yes is taken back; it stays in the history."""
    connection.execute(
        update(consent)
        .where(
            consent.c.participant_id == participant_id, consent.c.purpose == purpose, consent.c.withdrawn_at.is_(None)
        )
        .values(withdrawn_at=now)
    )


def _place(state: State) -> dict[str, Any]:
    return {"at": state.at, "draft": " ".join(state.draft), "from_summary": state.returning}
