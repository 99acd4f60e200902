"""What all tables are made with: the metadata, keys, and times with their zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    TypeDecorator,
    text,
)

HEAD = "0037"
"""The newest migration. A database at this revision needs no Alembic at start."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite stores it without a zone, PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Converts a time to what the driver takes."""
        return _as_sqlite_has_it if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Converts what the driver gives to a time."""
        return _of_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive time, and stores UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone must not be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Adds the zone again."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_sqlite_has_it(value: datetime | None) -> str | None:
    """The text that SQLAlchemy would write, in fewer calls: each tap reads all answers, and each has a time."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time without zone must not be stored")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _of_sqlite(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)


KEY = BigInteger().with_variant(Integer, "sqlite")
"""An id that the database assigns once. In migrations a new table says `sqlite_autoincrement=True` for that."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def of_participant(**more: Any) -> Column[int]:  # noqa: ANN401 - whatever a column takes
    """The column that says whose a row is. The row is deleted with them. `more`: arguments for the column."""
    return Column("participant_id", KEY, ForeignKey("participant.id", ondelete="CASCADE"), **more)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of only those rows.

    The migrations create it on both databases. PostgreSQL's word for it is not used here: to know it, SQLAlchemy
    would load all of its PostgreSQL code, 3 MB in a bot that never uses it.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))
