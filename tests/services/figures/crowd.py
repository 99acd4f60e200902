"""Many people who have finished, row by row or at once, for boards and reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, insert

from bot.core.conditions import Value
from bot.db.schema import answer, answer_history, attendance, chat, consent, meeting, participant, registration

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
_numbers = count(1)
_row = {"screen": "done", "card_version": 1, "card_since": 1, "shown_version": 1}


@dataclass(frozen=True, slots=True)
class One:
    """A person: what they answered (and how long ago), how they came, and what they lack."""

    answers: Mapping[str, Value] = field(default_factory=dict)
    source: str | None = "jobcenter"
    language: str = "ar"
    ago: timedelta = 10 * DAY
    finished: bool = True
    agrees: bool = True
    blocked: bool = False
    withdrawn: bool = False


def needing(level: str = "B1", *times: str, more: Mapping[str, Value] | None = None, **columns: Any) -> One:
    """A person of a level who wants to learn German at these times."""
    said: dict[str, Value] = {"goals": ("german",), "german_level": level, "level": level, **(more or {})}
    return One(said | ({"times": times} if times else {}), **columns)


def fill(connection: Connection, people: Iterable[One], now: datetime = NOW) -> list[int]:
    """Adds rows for these people. Returns the ids of their participants."""
    found = list(people)
    ids = [next(_numbers) for _ in found]
    _insert(connection, chat, [_chat(one, key, now) for one, key in zip(found, ids, strict=True)])
    _insert(connection, participant, [_participant(one, key, now) for one, key in zip(found, ids, strict=True)])
    _insert(connection, consent, [_consent(one, key, now) for one, key in zip(found, ids, strict=True) if one.agrees])
    _insert(
        connection,
        answer,
        [
            {
                "participant_id": key,
                "question_id": question,
                "status": "computed" if question == "level" else "given",
                "value": list(value) if isinstance(value, tuple) else value,
                "applies": True,
                "answered_at": now - one.ago,
                "revision": "r",
            }
            for one, key in zip(found, ids, strict=True)
            for question, value in one.answers.items()
        ],
    )
    return ids


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _chat(one: One, key: int, now: datetime) -> dict[str, Any]:
    times = {"created_at": now - one.ago, "seen_at": now, "blocked_at": now if one.blocked else None}
    return {"id": 10**9 + key, "language": one.language, "source": one.source, **times, **_row}


def _participant(one: One, key: int, now: datetime) -> dict[str, Any]:
    times = {"created_at": now - one.ago, "finished_at": now - one.ago if one.finished else None}
    return {"id": key, "chat_id": 10**9 + key, "draft": "", "from_summary": False, **times}


def _consent(one: One, key: int, now: datetime) -> dict[str, Any]:
    given = {"language": "ar", "text_version": "v", "given_at": now - one.ago}
    return {
        "participant_id": key,
        "purpose": "storage",
        "withdrawn_at": now if one.withdrawn else None,
        **given,
    }


def said_before(
    connection: Connection, people: Iterable[int], level: str, ago: timedelta, now: datetime = NOW
) -> None:
    """That long ago these people said that they were at this level. Another answer replaced it."""
    rows = [
        {
            "participant_id": key,
            "question_id": "level",
            "status": "computed",
            "value": level,
            "answered_at": now - ago,
            "revision": "r",
            "replaced_at": now - DAY,
        }
        for key in people
    ]
    _insert(connection, answer_history, rows)


def meeting_of(connection: Connection, offer_id: str, starts_at: datetime, **columns: Any) -> int:
    """A meeting of two hours. Returns its id."""
    row = {
        "offer_id": offer_id,
        "original": f"{starts_at:%Y-%m-%dT%H:%M}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "room": "1",
        "from_file": True,
        "updated_at": NOW,
        **columns,
    }
    made: int = connection.execute(insert(meeting).returning(meeting.c.id), row).scalar_one()
    return made


def seat(
    connection: Connection,
    offer_id: str,
    people: Iterable[int],
    *,
    state: str = "registered",
    meeting_id: int | None = None,
    marks: Iterable[tuple[int, str]] = (),
) -> None:
    """Registrations of these people, and the marks on the attendance list."""
    for person in people:
        row = {"offer_id": offer_id, "meeting_id": meeting_id, "participant_id": person, "state": state}
        key = connection.execute(
            insert(registration).returning(registration.c.id), {**row, "queued_at": NOW}
        ).scalar()
        _insert(
            connection,
            attendance,
            [{"registration_id": key, "meeting_id": at, "state": how, "marked_at": NOW} for at, how in marks],
        )
