"""Databases opened for backups: one that is read in one state while others write; a new one, whole or not at all."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.backup.refused import BackupRefused
from bot.db.engine import EXAMPLES
from bot.db.sqlite import is_damaged, only_one

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds to wait where the bot has the file for itself for a moment."""
BESIDE = ("", "-wal", "-shm", "-journal")
"""What belongs to a SQLite file, by what stands behind its name."""
UNFINISHED = ".restoring"
QUICK = ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF", "PRAGMA secure_delete=ON")
"""For a file that is thrown away unless it comes to its end, and put on the disk as a whole then."""


def address(url: str) -> URL:
    """The address of a database that Lotse can use.

    Raises:
        BackupRefused: it is none.
    """
    try:
        made = make_url(url)
    except ArgumentError:
        raise BackupRefused(f"This is no address of a database. {EXAMPLES}") from None
    backend = made.get_backend_name()
    if backend == "postgresql":
        return made.set(drivername="postgresql+asyncpg")
    if backend == "sqlite" and made.database:
        return made
    raise BackupRefused(f"This address names {backend} without a file, or another kind of database. {EXAMPLES}")


def named(url: URL) -> str:
    """A database as it can be told: never with its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"PostgreSQL at {url.host or 'the local socket'}, database {url.database}"


def read(url: str, use_case: Callable[[Connection], T]) -> T:
    """What a use case finds in one state of the database: others may write meanwhile, it does not see that.

    Raises:
        BackupRefused: with a text for the operator: not there, unreachable, damaged.
    """
    at = address(url)
    if at.get_backend_name() == "postgresql":
        return asyncio.run(_read_postgres(at, use_case))
    path = Path(str(at.database))
    if not path.is_file():
        raise BackupRefused(f"There is no database {path}. Start Lotse once, or set DATABASE_URL or DATA_DIR.")
    with _sqlite(f"file:{quote(str(path.resolve()))}?mode=ro", ()) as connection:
        try:
            connection.exec_driver_sql("BEGIN")  # one state from here on
            return use_case(connection)
        except DBAPIError as error:
            if is_damaged(error):
                raise BackupRefused(f"{path} is damaged ({error.orig}): no backup can be made of it.") from error
            raise BackupRefused(f"Cannot read {path}: {error.orig}.") from error


def _postgres(at: URL) -> AsyncEngine:
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - it brings the whole ORM along

    return create_async_engine(at, poolclass=NullPool, hide_parameters=True)


async def _read_postgres(at: URL, use_case: Callable[[Connection], T]) -> T:
    engine = _postgres(at)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return await connection.run_sync(use_case)
    except (OSError, DBAPIError) as error:
        raise BackupRefused(f"Cannot read {named(at)}: {_why(error)}. Check the address.") from error
    finally:
        await engine.dispose()


def build(url: str, use_case: Callable[[Connection], T]) -> T:
    """Let a use case fill a new database; it is there as a whole, or not at all.

    Raises:
        BackupRefused: something is there already, or it cannot be written.
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


def _build_sqlite(path: Path, use_case: Callable[[Connection], T]) -> T:
    for one in (path.with_name(path.name + end) for end in BESIDE):
        if one.exists():
            raise BackupRefused(f"{one} is there already. Move it away first: nothing is written over.")
    unfinished = path.with_name(path.name + UNFINISHED)
    _remove(unfinished)
    try:
        unfinished.touch(mode=0o600)
        with _sqlite(f"file:{quote(str(unfinished.resolve()))}?mode=rw", QUICK) as connection:
            result = use_case(connection)
            for pragma, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                if connection.exec_driver_sql(f"PRAGMA {pragma}").all() != good:
                    raise BackupRefused(f"What was written does not pass {pragma}. Nothing was changed.")
        on_disk(unfinished)
        unfinished.replace(path)
        on_disk(path.parent)
    except DBAPIError as error:
        raise BackupRefused(f"Cannot write {path}: {error.orig}. Nothing was changed.") from error
    finally:
        _remove(unfinished)
    return result


async def _build_postgres(at: URL, use_case: Callable[[Connection], T]) -> T:
    def whole(connection: Connection) -> T:
        if inspect(connection).get_table_names():
            raise BackupRefused(f"{named(at)} has tables already. Make a new database: nothing is written over.")
        return use_case(connection)

    engine = _postgres(at)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(whole)
    except (OSError, DBAPIError) as error:
        raise BackupRefused(f"Cannot write {named(at)}: {_why(error)}. Nothing was changed.") from error
    finally:
        await engine.dispose()


@contextmanager
def held(url: str) -> Iterator[None]:
    """Nobody else writes to this database as long as the block lasts, or it is refused.

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
    """A transaction on a new SQLite file; on PostgreSQL all is one anyway."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("BEGIN")
    yield  # after an error the whole file goes
    connection.exec_driver_sql("COMMIT")


@contextmanager
def _sqlite(uri: str, pragmas: tuple[str, ...]) -> Iterator[Connection]:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's own type
        del record
        for pragma in pragmas:
            connection.execute(pragma)

    try:
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            yield connection
    finally:
        engine.dispose()


def on_disk(path: Path) -> None:
    """Wait until a file, or what a folder names, is on the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _remove(unfinished: Path) -> None:
    for end in BESIDE:
        unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)


def _why(error: BaseException) -> str:
    """No more than the kind of error: the driver's own words may hold the password."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(cause, "sqlstate", None) or "")
    return f"{type(cause).__name__} {state}".strip()
