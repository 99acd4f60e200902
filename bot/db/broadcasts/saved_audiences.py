"""Audiences that staff saved under a name, to use them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.db.schema import saved_audience


@dataclass(frozen=True, slots=True)
class Saved:
    """An audience and its name. `audience` has the form that a broadcast keeps."""

    id: int
    name: str
    audience: Mapping[str, Any]


_COLUMNS = tuple(saved_audience.c[name] for name in Saved.__dataclass_fields__)


def listed(connection: Connection) -> list[Saved]:
    """All of them, by name."""
    rows = connection.execute(select(*_COLUMNS).order_by(func.lower(saved_audience.c.name), saved_audience.c.id))
    return [Saved(*row) for row in rows]


def load(connection: Connection, number: int) -> Saved | None:
    """One of them. None if it is gone."""
    row = connection.execute(select(*_COLUMNS).where(saved_audience.c.id == number)).first()
    return None if row is None else Saved(*row)


def save(connection: Connection, name: str, audience: Mapping[str, Any], member_id: int, now: datetime) -> int:
    """Saves an audience under a name, replacing the one with that name. Returns its id."""
    row = {"audience": dict(audience), "saved_by": member_id, "saved_at": now}
    known = _of_name(connection, name)
    if known is None:
        made = insert(saved_audience).values(name=name, **row).returning(saved_audience.c.id)
        return int(connection.execute(made).scalar_one())
    connection.execute(update(saved_audience).where(saved_audience.c.id == known).values(row))
    return known


def rename(connection: Connection, number: int, name: str) -> bool:
    """Gives it another name. False if another audience has that name."""
    if _of_name(connection, name) not in {None, number}:
        return False
    connection.execute(update(saved_audience).where(saved_audience.c.id == number).values(name=name))
    return True


def remove(connection: Connection, number: int) -> bool:
    """Deletes it. Returns whether it existed. Broadcasts made with it keep their audience."""
    return bool(connection.execute(delete(saved_audience).where(saved_audience.c.id == number)).rowcount)


def _of_name(connection: Connection, name: str) -> int | None:
    return connection.execute(select(saved_audience.c.id).where(saved_audience.c.name == name)).scalar()
