"""Statements of the hot path, worked out once.

SQLAlchemy works out at each call what never changes. On SQLite that takes several times as long as the statement
itself; docs/decisions/0008-hot-path.md has the figures. The SQL, names and types are SQLAlchemy's. Statements go the
ordinary way if somebody listens to what is executed, and on PostgreSQL if there are several rows (one message there).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Process = Callable[[Any], Any]
Statement = Select[*tuple[Any, ...]] | Insert | Update


class _Cursor(Protocol):
    """What both drivers have (PEP 249)."""

    @property
    def rowcount(self) -> int: ...

    def fetchall(self) -> Iterable[Sequence[Any]]: ...


@dataclass(frozen=True, slots=True)
class _Plain:
    """The statement in the driver's form, and the conversions of each parameter and each returned column."""

    sql: str
    parameters: tuple[tuple[str, Process | None], ...]
    fixed: Values
    columns: tuple[tuple[int, Process], ...]
    ask: Callable[[Connection, str, Sequence[Any]], _Cursor]

    def execute(self, connection: Connection, values: Values) -> _Cursor:
        every = {**self.fixed, **values} if self.fixed else values
        return self.ask(
            connection,
            self.sql,
            [every[name] if make is None else make(every[name]) for name, make in self.parameters],
        )

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        return list(map(self._read if self.columns else tuple, self.execute(connection, values).fetchall()))

    def _read(self, row: Sequence[Any]) -> Row:
        read = list(row)
        for place, make in self.columns:
            read[place] = make(read[place])
        return tuple(read)


def _ask_sqlite(connection: Connection, sql: str, parameters: Sequence[Any]) -> _Cursor:
    return cast("_Cursor", connection.connection.driver_connection.execute(sql, parameters))  # type: ignore[union-attr]


def _ask_postgres(connection: Connection, sql: str, parameters: Sequence[Any]) -> _Cursor:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            sql, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    return cast("_Cursor", cursor)


class Prepared:
    """A statement that is executed often. On SQLite, errors are the driver's own."""

    def __init__(self, statement: Statement, given: Sequence[str] | None = None) -> None:
        """`given`: the columns of an INSERT, if it does not name them itself."""
        self._statement = statement
        self._given = given
        self._plain: dict[str, _Plain] = {}

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        """The rows that it finds."""
        plain = self._for_driver(connection)
        if plain is None:
            return [tuple(row) for row in connection.execute(self._statement, values)]
        return plain.rows(connection, values)

    def rows_of_each(self, connection: Connection, several: Sequence[Values]) -> list[Row]:
        """The rows that it returns for each of these values."""
        plain = self._for_driver(connection, len(several))
        if plain is None:
            return [tuple(row) for row in connection.execute(self._statement, several)]
        return [row for values in several for row in plain.rows(connection, values)]

    def each(self, connection: Connection, several: Sequence[Values]) -> None:
        """Executes it with each of these values."""
        plain = self._for_driver(connection, len(several))
        if plain is None:
            connection.execute(self._statement, several[0] if len(several) == 1 else several)
            return
        for values in several:
            plain.execute(connection, values)

    def changed(self, connection: Connection, values: Values) -> int:
        """Executes it. Returns how many rows it changed."""
        plain = self._for_driver(connection)
        if plain is None:
            return connection.execute(self._statement, values).rowcount
        return plain.execute(connection, values).rowcount

    def _for_driver(self, connection: Connection, times: int = 1) -> _Plain | None:
        database = connection.dialect.name
        if connection.dispatch.before_cursor_execute or (times > 1 and database != "sqlite"):
            return None
        if database not in self._plain:
            self._plain[database] = _worked_out(self._statement, connection.dialect, self._given)
        return self._plain[database]


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
        _ask_sqlite if dialect.name == "sqlite" else _ask_postgres,
    )


def _own(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """The type in that database's form."""
    return kind.dialect_impl(dialect)
