"""Converts rows to data that a JSON column can hold, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Table, and_, delete, insert, select, type_coerce

from bot.db.schema import UtcTime
from bot.db.sealing import SealedJson, Secret, is_sealed

MARKED = "sealed"
"""The key for a value that was sealed in a column where other values are not."""


def rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Rows of a table as data, in order. Sealed values are opened, and sealed again when they are put back."""
    mixed = [one.name for one in table.columns if isinstance(one.type, SealedJson) and one.type.marked]
    raw = [type_coerce(table.c[name], JSON).label(f"raw_{name}") for name in mixed]
    wanted = select(table, *raw).where(which).order_by(*table.primary_key.columns)
    found = [dumped(row) for row in connection.execute(wanted)]
    for data in found:
        for name in mixed:
            if is_sealed(data.pop(f"raw_{name}")):
                data[name] = {MARKED: data[name]}
    return found


def dumped(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of whatever was asked for
    """A row by its columns. Times are in ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in row._asdict().items()
    }


def read_back(table: Table, data: Mapping[str, Any]) -> dict[str, Any]:
    """Such data as columns of a table."""
    return {name: _read(table, name, value) for name, value in data.items()}


def _read(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401 - a column's value
    kind = table.c[name].type
    if value and isinstance(kind, UtcTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, SealedJson) and kind.marked and isinstance(value, dict):  # no answer is a dict
        return Secret(value[MARKED])
    return value


def put_back(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, replace: bool = False
) -> None:
    """Inserts rows that were dumped. `replace`: they replace rows with the same key.

    If another row has taken an id meanwhile, a new id is given: nothing refers to ids of such rows.
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
