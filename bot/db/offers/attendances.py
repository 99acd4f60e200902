"""Attendance: who came to which meeting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.core.attending import Attended
from bot.db.schema import attendance, registration
from bot.db.upsert import insert_into


def mark(
    connection: Connection, registration_id: int, meeting_id: int, state: Attended, now: datetime, by: int
) -> None:
    """Writes down whether a person came. The last mark counts."""
    row = {
        "registration_id": registration_id,
        "meeting_id": meeting_id,
        "state": state.value,
        "marked_at": now,
        "marked_by": by,
    }
    statement = insert_into(connection, attendance)
    new = {name: statement.excluded[name] for name in ("state", "marked_at", "marked_by")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["registration_id", "meeting_id"], set_=new), row
    )


def unmark(connection: Connection, registration_id: int, meeting_id: int) -> None:
    """Removes a mark."""
    connection.execute(
        delete(attendance).where(
            attendance.c.registration_id == registration_id, attendance.c.meeting_id == meeting_id
        )
    )


def excuse(connection: Connection, registration_id: int, meeting_id: int, now: datetime) -> None:
    """Excuses a person who says that they cannot come. A mark of the team stays."""
    row = {
        "registration_id": registration_id,
        "meeting_id": meeting_id,
        "state": Attended.EXCUSED.value,
        "marked_at": now,
    }
    connection.execute(insert_into(connection, attendance).on_conflict_do_nothing(), row)


def take_back_excuses(connection: Connection, meeting_id: int, registration_id: int | None = None) -> None:
    """Removes what people said about a meeting themselves: one person, or all."""
    own = delete(attendance).where(attendance.c.meeting_id == meeting_id, attendance.c.marked_by.is_(None))
    if registration_id is not None:
        own = own.where(attendance.c.registration_id == registration_id)
    connection.execute(own)


def of_meeting(connection: Connection, meeting_id: int) -> dict[int, Attended]:
    """What is on the list of a meeting, by registration."""
    rows = connection.execute(
        select(attendance.c.registration_id, attendance.c.state).where(attendance.c.meeting_id == meeting_id)
    )
    return {key: Attended(state) for key, state in rows}


def of_offer(connection: Connection, offer_id: str) -> dict[int, dict[int, Attended]]:
    """What is on the lists of an offer's meetings: by registration, then by meeting."""
    rows = connection.execute(
        select(attendance.c.registration_id, attendance.c.meeting_id, attendance.c.state)
        .join_from(attendance, registration, attendance.c.registration_id == registration.c.id)
        .where(registration.c.offer_id == offer_id)
    )
    found: dict[int, dict[int, Attended]] = {}
    for key, meeting_id, state in rows:
        found.setdefault(key, {})[meeting_id] = Attended(state)
    return found


def marked(connection: Connection) -> set[int]:
    """The meetings with anything on their list."""
    return set(connection.execute(select(attendance.c.meeting_id).distinct()).scalars())


def tell_of_both(connection: Connection, meeting_id: int, before_id: int, now: datetime) -> list[int]:
    """Registrations that missed both meetings and were not told yet. They are noted as told."""
    earlier = attendance.alias("earlier")
    both = select(earlier.c.registration_id).where(
        earlier.c.meeting_id == before_id, earlier.c.state == Attended.ABSENT.value
    )
    told = (
        update(attendance)
        .where(
            attendance.c.meeting_id == meeting_id,
            attendance.c.state == Attended.ABSENT.value,
            attendance.c.told_at.is_(None),
            attendance.c.registration_id.in_(both),
        )
        .values(told_at=now)
        .returning(attendance.c.registration_id)
    )
    return sorted(connection.execute(told).scalars())
