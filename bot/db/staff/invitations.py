"""Invitations to the team. Only the hash of a link's token is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from bot.core.roles import Role
from bot.db.schema import invitation

KEPT = timedelta(days=90)
"""How long the team can see that an invitation existed and who used it."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A row of `invitation`. `bot.db.schema` describes the columns."""

    id: int
    role: Role
    expires_at: datetime
    used_at: datetime | None
    invited_by: int | None
    confirmed: bool


_COLUMNS = tuple(invitation.c[name] for name in Invitation.__dataclass_fields__)


def create(
    connection: Connection, token_hash: str, role: Role, now: datetime, lasts: timedelta, invited_by: int | None
) -> None:
    """Creates an invitation. Without `invited_by` it comes from the command line and needs no confirmation."""
    row = {
        "token_hash": token_hash,
        "role": role.value,
        "created_at": now,
        "expires_at": now + lasts,
        "invited_by": invited_by,
        "confirmed": invited_by is None,
    }
    connection.execute(insert(invitation), row)


def find(connection: Connection, token_hash: str) -> Invitation | None:
    """The invitation of a link, locked until the transaction ends."""
    row = connection.execute(select(*_COLUMNS).where(invitation.c.token_hash == token_hash).with_for_update()).first()
    return None if row is None else Invitation(row.id, Role(row.role), *row[2:])


def use(connection: Connection, number: int, person_id: int, now: datetime) -> None:
    """Notes that this person has used it."""
    connection.execute(update(invitation).where(invitation.c.id == number).values(used_at=now, used_by=person_id))


def open_of(connection: Connection, staff_id: int, now: datetime) -> int:
    """How many invitations of a member are still valid."""
    return connection.execute(select(func.count()).select_from(invitation).where(*_open(staff_id, now))).scalar_one()


def end_of(connection: Connection, staff_id: int, now: datetime) -> None:
    """Ends the invitations of a member."""
    connection.execute(update(invitation).where(*_open(staff_id, now)).values(expires_at=now))


def _open(staff_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (invitation.c.invited_by == staff_id, invitation.c.used_at.is_(None), invitation.c.expires_at > now)


def forget_old(connection: Connection, now: datetime) -> int:
    """Deletes invitations that ran out long ago. Returns how many."""
    gone: int = connection.execute(delete(invitation).where(invitation.c.expires_at < now - KEPT)).rowcount
    return gone
