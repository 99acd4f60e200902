"""Tables as they are in a database of any kind and revision: their rows as lines, and back.

The database says which columns there are, not the code, so that a newer Lotse can read a backup of an older revision.
Both kinds of database give the same line for the same row. So a sum over a table's lines tells whether two tables are
equal. Tables of other programs (Litestream's, an extension's) are left out, because the restored database does not
have them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    cast,
    insert,
    select,
)
from sqlalchemy.types import TypeEngine

from bot.backup.refused import BackupRefused
from bot.db.migrate import is_known, revision
from bot.db.schema import UtcTime, metadata

PAGE = 1000
"""How many rows are in memory at the same time."""
OF_ALEMBIC = "alembic_version"
WRITTEN_BY_TRIGGERS = ("profile_change",)
"""Tables that triggers of other tables write into. They come last and replace what triggers have written."""
MODULUS = 1 << 128


class _Verbatim(TypeDecorator[str]):
    """JSON as its exact text, so that a null inside it stays different from NULL.

    `told`: the database must be told that a text is JSON. SQLite must not be told, and would take it for a number.
    """

    impl = Text
    cache_ok = True

    def __init__(self, *, told: bool) -> None:
        super().__init__()
        self.told = told

    def bind_expression(self, bindparam: BindParameter[str]) -> ColumnElement[Any]:
        """How the value is written."""
        return cast(bindparam, JSON) if self.told else bindparam

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """How the value is read."""
        return cast(column, Text)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a table has, and a number made from all of them in any order."""

    rows: int = 0
    total: int = 0

    def and_(self, lines: Sequence[bytes]) -> Sum:
        """The sum with these lines added."""
        total = sum(int.from_bytes(blake2b(line, digest_size=16).digest(), "big") for line in lines)
        return Sum(self.rows + len(lines), (self.total + total) % MODULUS)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's rows as lines."""

    table: Table
    chosen: Sequence[Column[Any]]
    to_line: Sequence[Callable[[Any], Any] | None]
    from_line: Sequence[Callable[[Any], Any] | None]
    points_at_itself: bool

    @property
    def columns(self) -> list[str]:
        """The names, in the order of the line."""
        return [column.name for column in self.chosen]

    def in_order(self, columns: Sequence[str]) -> Rows:
        """The same with its columns in another order, because one of two databases may have got a column later."""
        places = [self.columns.index(name) for name in columns]
        to_line, from_line = ([turns[place] for place in places] for turns in (self.to_line, self.from_line))
        return Rows(self.table, [self.chosen[place] for place in places], to_line, from_line, self.points_at_itself)

    def pages(self, connection: Connection) -> Iterator[list[bytes]]:
        """All rows, one page at a time."""
        statement = select(*self.chosen)
        if self.points_at_itself:
            statement = statement.order_by(*self.table.primary_key)  # rows that others refer to come first
        found = connection.execute(statement.execution_options(yield_per=PAGE))
        for page in found.partitions():
            yield [self._line(row) for row in page]

    def write(self, connection: Connection, lines: Sequence[bytes]) -> None:
        """Inserts rows from another database."""
        rows = [
            {
                name: value if value is None or turn is None else turn(value)
                for name, value, turn in zip(self.columns, json.loads(line), self.from_line, strict=True)
            }
            for line in lines
        ]
        if rows:
            connection.execute(insert(self.table), rows)

    def sum(self, connection: Connection) -> Sum:
        """The sum of the rows that are there now."""
        found = Sum()
        for page in self.pages(connection):
            found = found.and_(page)
        return found

    def _line(self, row: Any) -> bytes:  # noqa: ANN401 - a row of any table
        values = [
            value if value is None or turn is None else turn(value)
            for value, turn in zip(row, self.to_line, strict=True)
        ]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def of(connection: Connection) -> Mapping[str, Rows]:
    """Every table of ours in a database by its name, in an order in which rows can be written.

    For a database of a newer Lotse, nobody here can tell which tables are ours, so all of them are returned.

    Raises:
        BackupRefused: a column has a type that cannot be carried over.
    """
    found, mirror = MetaData(), MetaData()
    made_by_us = is_known(revision(connection) or "")
    found.reflect(connection, only=lambda name, _: name in metadata.tables or not made_by_us)
    names = [table.name for table in found.sorted_tables if table.name != OF_ALEMBIC]
    ordered = [name for name in names if name not in WRITTEN_BY_TRIGGERS]
    ordered += [name for name in names if name in WRITTEN_BY_TRIGGERS]
    return {name: _rows(found.tables[name], mirror, connection.dialect.name) for name in ordered}


def _rows(there: Table, mirror: MetaData, dialect: str) -> Rows:
    columns = [Column(one.name, _kind(one, dialect), primary_key=one.primary_key) for one in there.columns]
    to_line, from_line = zip(*(_turned(one.type) for one in columns), strict=True)
    itself = any(key.column.table is there for key in there.foreign_keys)
    return Rows(Table(there.name, mirror, *columns), columns, to_line, from_line, itself)


KINDS: tuple[tuple[type[TypeEngine[Any]], TypeEngine[Any]], ...] = (
    (DateTime, UtcTime()),
    (Boolean, Boolean()),
    (Integer, BigInteger()),
    (Float, Float()),
    (LargeBinary, LargeBinary()),
    (String, Text()),
)
"""How each type of column is read and written. The first that fits is used."""


def _kind(column: Column[Any], dialect: str) -> TypeEngine[Any]:
    if isinstance(column.type, JSON):
        return _Verbatim(told=dialect == "postgresql")
    for known, ours in KINDS:
        if isinstance(column.type, known):
            return ours
    raise BackupRefused(f"Column {column.table.name}.{column.name} is of a kind that backups do not know.")


def _turned(kind: TypeEngine[Any]) -> tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]:
    """How a value is converted for a line, and back."""
    if isinstance(kind, UtcTime):
        return datetime.isoformat, datetime.fromisoformat
    if isinstance(kind, LargeBinary):
        return lambda value: base64.b64encode(value).decode(), base64.b64decode
    return None, None
