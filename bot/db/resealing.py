"""A database and its keys: checks that they fit, and seals values that are unsealed or sealed with a former key.

It goes page by page while others read and write, and may be killed at any moment: the values themselves show what is
done. A value that somebody changes meanwhile is skipped, because they seal it with the newest key anyway.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    true,
    update,
)

from bot import clock, log
from bot.db import keys
from bot.db.engine import Database, DatabaseAway, DatabaseRefused, UseCase
from bot.db.people import name_starts
from bot.db.rights import erasure
from bot.db.schema import metadata, seal_key
from bot.db.sealing import SealedJson, SealedText, Secret, opened

PAGE = 200
"""Rows with the same first part of their key (people, for answers) that are handled in one transaction."""
_WORD, _LABEL = "lotse", "trial"


def meet(connection: Connection) -> None:
    """Checks that the key file fits this database. Makes one if neither has any key.

    Raises:
        DatabaseRefused: it does not fit, or it is missing although it is needed.
    """
    file, known = keys.key_file(), check(connection)
    if not known and file.make():
        log.get().info("key_file_made", file=str(file.path), advice="keep a copy of it apart from the database")
    if file.ring.newest not in known:
        add(connection)


def check(connection: Connection) -> frozenset[str]:
    """Checks that the key file fits what is sealed here. Returns the names of the keys in use.

    Raises:
        DatabaseRefused: it does not fit or is missing.
    """
    rows = connection.execute(select(seal_key.c.name, seal_key.c.trial))
    known = {row.name: row.trial for row in rows}
    for trial in known.values():
        try:
            keys.open_sealed(trial, _LABEL)
        except keys.UnknownKey:
            raise DatabaseRefused(
                f"The key file {keys.key_file().path} is not the one that this database is sealed with. Put the right"
                " one there, or name it with KEY_FILE. Nothing was changed."
            ) from None
    return frozenset(known)


def add(connection: Connection) -> None:
    """Notes that the newest key of the file is used here from now on."""
    name = keys.key_file().ring.newest
    connection.execute(
        insert(seal_key),
        {"name": name, "trial": keys.seal(_WORD, _LABEL), "made_at": clock.now(), "complete_at": None},
    )


def is_complete(connection: Connection) -> bool:
    """Whether everything that must be sealed was once found sealed with the newest key."""
    newest = select(seal_key.c.complete_at).where(seal_key.c.name == keys.key_file().ring.newest)
    return connection.execute(newest).scalar() is not None


def complete(connection: Connection) -> None:
    """Notes that `is_complete` holds."""
    connection.execute(update(seal_key).where(seal_key.c.complete_at.is_(None)).values(complete_at=clock.now()))


def forget_others(connection: Connection) -> None:
    """Notes that everything is sealed with the newest key."""
    connection.execute(delete(seal_key).where(seal_key.c.name != keys.key_file().ring.newest))


SealedColumn = Column[Any]


def tables() -> list[tuple[Table, list[SealedColumn]]]:
    """Every table with sealed columns, and those columns."""
    found = [
        (table, [column for column in table.columns if isinstance(column.type, SealedText | SealedJson)])
        for table in metadata.sorted_tables
    ]
    return [(table, columns) for table, columns in found if columns]


@dataclass(frozen=True, slots=True)
class _Stored:
    """A sealed column as it is stored, without its type's conversion."""

    column: SealedColumn
    questions: Collection[str]

    @property
    def raw(self) -> ColumnElement[str]:
        return cast(self.column, Text)

    def begins(self, words: str) -> ColumnElement[bool]:
        quote = "" if isinstance(self.column.type, SealedText) else '"'
        return self.raw.startswith(quote + words)

    @property
    def plain(self) -> ColumnElement[bool]:
        """The value is unsealed and should be sealed."""
        wanted: ColumnElement[bool] = true()
        if isinstance(self.column.type, SealedJson) and self.column.type.marked:
            wanted = self.column.table.c.question_id.in_(list(self.questions))
        return and_(self.column.is_not(None), self.raw != "", not_(self.begins(keys.MARK)), wanted)

    @property
    def former(self) -> ColumnElement[bool]:
        """The value is sealed with a key that is not the newest."""
        newest = f"{keys.MARK}{keys.key_file().ring.newest}$"
        return and_(self.begins(keys.MARK), not_(self.begins(newest)))

    def value(self, raw: str) -> Any:  # noqa: ANN401 - what the column takes
        """The stored value, ready to be sealed again."""
        kind = self.column.type
        if isinstance(kind, SealedText):
            return keys.open_sealed(raw, kind.label) if keys.SEALED.match(raw) else raw
        assert isinstance(kind, SealedJson)  # noqa: S101 - for the type checker
        value = opened(json.loads(raw), kind.label)
        return Secret(value) if kind.marked else value


def seal_page(
    connection: Connection, table: Table, after: int | None, questions: Collection[str]
) -> tuple[int, int | None]:
    """Seals the next page of a table with the newest key, after the key `after`.

    Returns how many values, and the key to go on after (None after the last page). `questions`: those whose answers
    are sealed.
    """
    first = next(iter(table.primary_key.columns))
    behind = true() if after is None else first > after
    page = select(first).where(behind).distinct().order_by(first).limit(PAGE).subquery()
    until = connection.execute(select(func.max(page.c[first.name]))).scalar()
    if until is None:
        return 0, None
    sealed = 0
    for column in dict(tables())[table]:
        stored = _Stored(column, questions)
        sealed += _seal(connection, stored, and_(behind, first <= until, or_(stored.plain, stored.former)))
    if sealed:  # the file forgets the earlier values at night
        erasure.scrub(connection, erasure.LOG)
    return sealed, until


def _seal(connection: Connection, stored: _Stored, which: ColumnElement[bool]) -> int:
    table = stored.column.table
    primary = list(table.primary_key.columns)
    rows = connection.execute(select(*primary, stored.raw.label("raw")).where(which)).all()
    change = (
        update(table)
        .where(*(one == bindparam(f"key_{one.name}") for one in primary), stored.raw == bindparam("raw"))
        .values({stored.column.name: bindparam("new")})
    )
    sealed = 0
    for row in rows:
        named = {f"key_{one.name}": row[place] for place, one in enumerate(primary)}
        try:
            value = stored.value(row.raw)
        except keys.MissingKey:  # it may come
            raise
        except (keys.UnknownKey, ValueError):
            log.get().error("value_unreadable", column=f"{table.name}.{stored.column.name}")
            continue
        connection.execute(change, {**named, "raw": row.raw, "new": value})
        sealed += 1
    return sealed


def left(connection: Connection, questions: Collection[str]) -> Iterator[tuple[str, int, int, int]]:
    """For each sealed column: its name, and how many values are sealed, sealed with a former key, and unsealed.

    The last row is about names as they are searched for: its first number counts the hashes.
    """
    for table, columns in tables():
        for column in columns:
            stored = _Stored(column, questions)
            counts = [
                connection.execute(select(func.count()).select_from(table).where(which)).scalar_one()
                for which in (stored.begins(keys.MARK), stored.former, stored.plain)
            ]
            yield f"{table.name}.{column.name}", counts[0], counts[1], counts[2]
    marks, plain = name_starts.left(connection)
    yield "name_start", marks, 0, plain


Run = Callable[[UseCase[Any]], Awaitable[Any]]
"""Runs a use case in its own transaction."""


async def seal_all(run: Run, questions: Collection[str]) -> int:
    """Seals everything that is not sealed with the newest key. Returns how many values."""
    sealed = 0
    for table, _ in tables():
        after: int | None = None
        while True:
            number, after = await run(partial(seal_page, table=table, after=after, questions=questions))
            sealed += number
            if after is None:
                break
    while number := await run(_take_over_names):
        sealed += number
    await run(complete)
    return sealed


def _take_over_names(connection: Connection) -> int:
    taken = name_starts.take_over(connection)
    if taken:
        erasure.scrub(connection, erasure.LOG)
    return taken


async def catch_up(database: Database, questions: Collection[str]) -> None:
    """Seals what earlier versions left unsealed, or a killed rotation did. If it fails, the next start goes on.

    A damaged value stays as it is and stops nobody.
    """
    try:
        if not await database.run(is_complete):
            sealed = await seal_all(database.run, questions)
            log.get().info("sealed", values=sealed)
    except (DatabaseAway, keys.MissingKey) as error:
        log.get().warning("sealing_postponed", error=error)
