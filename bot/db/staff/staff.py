"""Staff: who belongs to the team, by the messenger's id of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from bot.core.roles import UNUSED, Right, Role, Standing, may, standing
from bot.db import audit
from bot.db.reading import made
from bot.db.schema import chat, staff

KEPT = timedelta(days=90)
"""How long a removed member's row stays, so that the team can see who removed whom."""
PATIENCE = timedelta(days=7)
"""How long a person waits for confirmation before their row is deleted."""


@dataclass(frozen=True, slots=True)
class Member:
    """A row of `staff`. `bot.db.schema` describes the columns."""

    id: int
    person_id: int
    role: Role
    name: str
    added_at: datetime
    added_by: int | None
    confirmed_at: datetime | None
    removed_at: datetime | None
    seen_at: datetime
    signs_as_team: bool

    def standing(self, now: datetime) -> Standing:
        """Their standing in the team."""
        return standing(self.confirmed_at, self.removed_at, self.seen_at, now)

    def is_active(self, now: datetime) -> bool:
        """Whether they belong to the team now."""
        return self.standing(now) is Standing.ACTIVE

    def may(self, right: Right, now: datetime) -> bool:
        """Whether they belong to the team now and their role has the right."""
        return self.is_active(now) and may(self.role, right)


_COLUMNS = tuple(staff.c[name] for name in Member.__dataclass_fields__)
_ALL = select(*_COLUMNS).order_by(staff.c.name, staff.c.id)
_NOT_REMOVED = staff.c.removed_at.is_(None)


def by_person(connection: Connection, person_id: int) -> Member | None:
    """The row of a person in any standing, locked until the transaction ends."""
    return _first(connection, select(*_COLUMNS).where(staff.c.person_id == person_id).with_for_update())


def by_id(connection: Connection, number: int, *, lock: bool = False) -> Member | None:
    """A member by the row's id; None for removed members. `lock`: until the transaction ends."""
    wanted = select(*_COLUMNS).where(staff.c.id == number, _NOT_REMOVED)
    return _first(connection, wanted.with_for_update() if lock else wanted)


def name(connection: Connection, number: int | None) -> str | None:
    """The name of a member, removed ones included."""
    return None if number is None else connection.execute(select(staff.c.name).where(staff.c.id == number)).scalar()


def with_waiting(connection: Connection) -> list[Member]:
    """The team by name, with those who wait to join and those who were away for long."""
    return [_member(row) for row in connection.execute(_ALL.where(_NOT_REMOVED))]


def active(connection: Connection, now: datetime) -> list[Member]:
    """Everybody who belongs to the team now, by name."""
    return [one for one in with_waiting(connection) if one.is_active(now)]


def who_may(connection: Connection, right: Right, now: datetime) -> list[Member]:
    """Everybody who belongs to the team now and has the right, by name."""
    return [one for one in active(connection, now) if may(one.role, right)]


def active_admins(connection: Connection, now: datetime) -> list[Member]:
    """The admins who can act now, locked, so that two of them cannot remove each other at the same moment."""
    wanted = select(*_COLUMNS).where(staff.c.role == Role.ADMIN, _NOT_REMOVED).order_by(staff.c.id).with_for_update()
    found = map(_member, connection.execute(wanted))
    return [one for one in found if one.is_active(now)]


def with_language(connection: Connection, now: datetime) -> list[tuple[Member, str | None]]:
    """The active members, each with the language of their chat, if there is one."""
    found = connection.execute(
        select(*_COLUMNS, chat.c.language)
        .select_from(staff.outerjoin(chat, chat.c.id == staff.c.person_id))
        .where(_NOT_REMOVED, staff.c.confirmed_at.is_not(None), staff.c.seen_at >= now - UNUSED)
        .order_by(staff.c.id)
    )
    return [(_member(row[:-1]), row.language) for row in found]


def add(connection: Connection, person_id: int, now: datetime, **columns: Any) -> None:  # noqa: ANN401 - columns
    """Adds a person to staff, active or waiting: a new row, or their former row as if it were new."""
    fresh = {"added_at": now, "seen_at": now, "confirmed_at": None, "confirmed_by": None, "removed_at": None}
    values = {**fresh, "removed_by": None, "added_by": None, **columns}
    done = connection.execute(update(staff).where(staff.c.person_id == person_id).values(**values))
    if not done.rowcount:
        connection.execute(insert(staff), {"person_id": person_id, **values})


def change(connection: Connection, number: int, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes columns of a member."""
    connection.execute(update(staff).where(staff.c.id == number).values(**columns))


def reachable(connection: Connection, members: Sequence[Member]) -> list[int]:
    """The existing chats of these members. A member who erased their chat is not written to."""
    wanted = select(chat.c.id).where(chat.c.id.in_([one.person_id for one in members]))
    return list(connection.execute(wanted).scalars())


def forget_old(connection: Connection, now: datetime) -> int:
    """Deletes rows of members who were removed long ago, or never confirmed. Returns how many.

    A member that the audit trail names stays as long as the trail does: an entry by nobody proves nothing.
    """
    never = staff.c.confirmed_at.is_(None) & (staff.c.added_at < now - PATIENCE)
    old = delete(staff).where((staff.c.removed_at < now - KEPT) | never, ~audit.names(audit.STAFF, staff.c.id))
    gone: int = connection.execute(old).rowcount
    return gone


def _first(connection: Connection, wanted: Select[Any]) -> Member | None:
    row = connection.execute(wanted).first()
    return None if row is None else _member(row)


def _member(row: Sequence[Any]) -> Member:
    return made(Member, row, role=Role)
