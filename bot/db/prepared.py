"""Statements of the hot path, worked out once.

SQLAlchemy finds out at each call what never changes, and on SQLite that takes several times as long as the statement
itself; docs/decisions/0008-hot-path.md has the figures. The SQL, the names and the types are SQLAlchemy's. On
PostgreSQL, and where somebody listens to what is executed, the statement goes the ordinary way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Process = Callable[[Any], Any]
Statement = Select[*tuple[Any, ...]] | Insert | Update


@dataclass(frozen=True, slots=True)
class _Plain:
    """The statement as the driver takes it, with what is done to each parameter, and to columns that come back."""

    sql: str
    parameters: tuple[tuple[str, Process | None], ...]
    fixed: Values
    columns: tuple[tuple[int, Process], ...]

    def execute(self, connection: Connection, values: Values) -> sqlite3.Cursor:
        driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        every = {**self.fixed, **values} if self.fixed else values
        return driver.execute(
            self.sql, [every[name] if make is None else make(every[name]) for name, make in self.parameters]
        )

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        found: list[Row] = self.execute(connection, values).fetchall()
        return list(map(self._read, found)) if self.columns else found

    def _read(self, row: Row) -> Row:
        read = list(row)
        for place, make in self.columns:
            read[place] = make(read[place])
        return tuple(read)


class Prepared:
    """A statement that is executed often. On SQLite an error is the driver's own."""

    def __init__(self, statement: Statement, given: Sequence[str] | None = None) -> None:
        """`given`: the columns an INSERT is given, where it does not name them itself."""
        self._statement = statement
        self._given = given
        self._plain: _Plain | None = None

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        """What it finds."""
        plain = self._for_driver(connection)
        if plain is None:
            return [tuple(row) for row in connection.execute(self._statement, values)]
        return plain.rows(connection, values)

    def rows_of_each(self, connection: Connection, several: Sequence[Values]) -> list[Row]:
        """What it returns with each of these."""
        plain = self._for_driver(connection)
        if plain is None:
            return [tuple(row) for row in connection.execute(self._statement, several)]
        return [row for values in several for row in plain.rows(connection, values)]

    def each(self, connection: Connection, several: Sequence[Values]) -> None:
        """Execute it with each of these."""
        plain = self._for_driver(connection)
        if plain is None:
            connection.execute(self._statement, several[0] if len(several) == 1 else several)
            return
        for values in several:
            plain.execute(connection, values)

    def changed(self, connection: Connection, values: Values) -> int:
        """Execute it; how many rows it has changed."""
        plain = self._for_driver(connection)
        if plain is None:
            return connection.execute(self._statement, values).rowcount
        return plain.execute(connection, values).rowcount

    def _for_driver(self, connection: Connection) -> _Plain | None:
        if connection.dialect.name != "sqlite" or connection.dispatch.before_cursor_execute:
            return None
        if self._plain is None:
            self._plain = _worked_out(self._statement, connection.dialect, self._given)
        return self._plain


def _worked_out(statement: Statement, dialect: Dialect, given: Sequence[str] | None) -> _Plain:
    compiled = statement.compile(dialect=dialect, column_keys=given)
    bound = {name: one for one, name in compiled.bind_names.items()}
    binds = {name: _own(one.type, dialect).bind_processor(dialect) for name, one in bound.items()}
    reads = (_own(one.type, dialect).result_processor(dialect, None) for one in statement.exported_columns)
    return _Plain(
        str(compiled),
        tuple((name, binds[name]) for name in compiled.positiontup or ()),
        {name: one.value for name, one in bound.items() if not one.required},
        tuple((place, make) for place, make in enumerate(reads) if make is not None),
    )


def _own(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """The type as that database has it."""
    return kind.dialect_impl(dialect)
