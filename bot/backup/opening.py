"""Opens databases for backups: one to read in one state while others write, or a new one, complete or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.backup.refused import BackupRefused
from bot.db import beside
from bot.db.beside import named, why
from bot.db.disk import on_disk
from bot.db.engine import DatabaseDamaged, DatabaseRefused, T, UseCase, address
from bot.db.sqlite import only_one

BESIDE = ("", "-wal", "-shm", "-journal")
"""The endings of all files that belong to a SQLite file."""
UNFINISHED = ".restoring"
QUICK = ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF", "PRAGMA secure_delete=ON")
"""For a file that is thrown away unless it is completed, and that is put on the disk only then."""


def read(url: str, use_case: UseCase[T]) -> T:
    """The result of a use case that reads one state of the database, at any revision. Others may write meanwhile.

    Raises:
        BackupRefused: with a text for the operator: missing, unreachable, damaged.
    """
    try:
        return beside.read(url, use_case, check=False)
    except DatabaseDamaged as damaged:
        raise BackupRefused(f"{damaged} No backup can be made of it.") from damaged.__cause__
    except DatabaseRefused as refused:
        raise BackupRefused(str(refused)) from refused.__cause__


def build(url: str, use_case: UseCase[T]) -> T:
    """Lets a use case fill a new database, completely or not at all.

    Raises:
        BackupRefused, DatabaseRefused: something is there already, or it cannot be written.
    """
    at = address(url)
    if at.get_backend_name() == "postgresql":
        return asyncio.run(_build_postgres(at, use_case))
    path = Path(str(at.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(only_one(path)):
            return _build_sqlite(path, use_case)
    except OSError as error:
        raise BackupRefused(f"Cannot write {path}: {error.strerror}. Nothing was changed.") from error


def _build_sqlite(path: Path, use_case: UseCase[T]) -> T:
    for one in (path.with_name(path.name + end) for end in BESIDE):
        if one.exists():
            raise BackupRefused(f"{one} is there already. Move it away first: nothing is written over.")
    unfinished = path.with_name(path.name + UNFINISHED)
    _remove(unfinished)
    try:
        unfinished.touch(mode=0o600)
        with beside.sqlite_file(unfinished, "rw") as connection:
            for pragma in QUICK:
                connection.exec_driver_sql(pragma)
            result = use_case(connection)
            _check(connection)
        on_disk(unfinished)
        unfinished.replace(path)
        on_disk(path.parent)
    except DBAPIError as error:
        raise BackupRefused(f"Cannot write {path}: {error.orig}. Nothing was changed.") from error
    finally:
        _remove(unfinished)
    return result


def _check(connection: Connection) -> None:
    """Runs SQLite's own check of a file."""
    for name, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
        if connection.exec_driver_sql(f"PRAGMA {name}").all() != good:
            raise BackupRefused(f"What was written does not pass {name}. Nothing was changed.")


async def _build_postgres(at: URL, use_case: UseCase[T]) -> T:
    def whole(connection: Connection) -> T:
        if inspect(connection).get_table_names():
            raise BackupRefused(f"{named(at)} has tables already. Make a new database: nothing is written over.")
        return use_case(connection)

    engine = beside.postgres(at)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(whole)
    except (OSError, DBAPIError) as error:
        raise BackupRefused(f"Cannot write {named(at)}: {why(error)}. Nothing was changed.") from error
    finally:
        await engine.dispose()


@contextmanager
def held(url: str) -> Iterator[None]:
    """Keeps all others from writing to this database during the block.

    Raises:
        BackupRefused, DatabaseRefused: a Lotse runs on it.
    """
    at = address(url)
    if at.get_backend_name() == "postgresql":
        others = read(url, _others)
        if others:
            raise BackupRefused(f"{named(at)} is in use ({others} connections). Stop Lotse first.")
        yield
        return
    path = Path(str(at.database))
    lock: IO[str] | None = only_one(path) if path.is_file() else None
    try:
        yield
    finally:
        if lock is not None:
            lock.close()


def _others(connection: Connection) -> int:
    ours = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    return int(connection.execute(text(f"SELECT count(*) FROM pg_stat_activity WHERE {ours}")).scalar_one())  # noqa: S608


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """A transaction on a new SQLite file. On PostgreSQL everything is one transaction anyway."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("BEGIN")
    yield  # after an error the whole file is deleted
    connection.exec_driver_sql("COMMIT")


def _remove(unfinished: Path) -> None:
    for end in BESIDE:
        unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
