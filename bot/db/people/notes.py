"""Notes of the team about participants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bot.db.schema import note, staff


@dataclass(frozen=True, slots=True)
class Note:
    """What a member wrote. `author` is None if they have left the team."""

    id: int
    participant_id: int
    author_id: int | None
    author: str | None
    at: datetime
    text: str


_NOTES = select(
    note.c.id, note.c.participant_id, note.c.author_id, staff.c.name.label("author"), note.c.at, note.c.text
).select_from(note.outerjoin(staff, staff.c.id == note.c.author_id))


def of_person(connection: Connection, participant_id: int) -> list[Note]:
    """Everything that was written about a person, the newest first."""
    mine = _NOTES.where(note.c.participant_id == participant_id).order_by(note.c.at.desc(), note.c.id.desc())
    return [_note(row) for row in connection.execute(mine)]


def load(connection: Connection, number: int) -> Note | None:
    """One note. None if it is gone."""
    row = connection.execute(_NOTES.where(note.c.id == number)).first()
    return None if row is None else _note(row)


def write(connection: Connection, participant_id: int, author_id: int, text: str, now: datetime) -> None:
    """Writes a new note."""
    row = {"participant_id": participant_id, "author_id": author_id, "at": now, "text": text}
    connection.execute(insert(note), row)


def remove(connection: Connection, number: int) -> None:
    """Deletes a note."""
    connection.execute(delete(note).where(note.c.id == number))


def _note(columns: Sequence[Any]) -> Note:
    return Note(*columns)
