"""Rows as data that a column of JSON can hold, and back again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select

from bot.db.schema import UtcTime


def dumped(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of whatever was asked for
    """A row by its columns; times as ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in row._asdict().items()
    }


def read_back(table: Table, data: Mapping[str, Any]) -> dict[str, Any]:
    """Such data as columns of a table."""
    return {
        name: datetime.fromisoformat(value) if value and isinstance(table.c[name].type, UtcTime) else value
        for name, value in data.items()
    }


def put_back(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, replace: bool = False
) -> None:
    """Insert rows that were dumped; `replace`: in the place of those with the same key.

    A number that somebody else has by now is given anew: nothing hangs on the numbers of such rows.
    """
    for data in rows:
        row = read_back(table, data)
        same = and_(*(column == row[column.name] for column in table.primary_key.columns))
        if replace:
            connection.execute(delete(table).where(same))
        elif (
            len(table.primary_key.columns) == 1
            and connection.execute(select(*table.primary_key.columns).where(same)).first() is not None
        ):
            row = {name: value for name, value in row.items() if not table.c[name].primary_key}
        connection.execute(insert(table), row)
