"""Alarms that the admins are told about: since when each is on, and when they were told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.db.schema import alarm
from bot.db.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Row:
    """`since` None: the alarm is off. `told_at`: when the admins were last told that it began."""

    since: datetime | None = None
    told_at: datetime | None = None

    @property
    def heard(self) -> bool:
        """Whether the admins know that it is on."""
        return self.since is not None and self.told_at is not None and self.told_at >= self.since


def load(connection: Connection, keys: Iterable[str]) -> dict[str, Row]:
    """The rows of these alarms by key, locked until the transaction ends: only one process tells about each."""
    new = insert_into(connection, alarm).on_conflict_do_nothing()
    connection.execute(new, [{"key": key} for key in keys])
    rows = connection.execute(select(alarm.c.key, alarm.c.since, alarm.c.told_at).with_for_update())
    return {key: Row(since, told_at) for key, since, told_at in rows}


def save(connection: Connection, key: str, row: Row) -> None:
    """Writes the state of an alarm."""
    values = {"since": row.since, "told_at": row.told_at}
    statement = insert_into(connection, alarm).values(key=key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[alarm.c.key], set_=values))
