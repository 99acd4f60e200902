"""SQLite with group commit: use cases that wait at the same moment share one durable commit.

Statements take microseconds and run on the event loop's thread. What may wait (the write lock, the disk) runs in a
thread of its own. Each use case has a savepoint, so that one that fails takes no other with it.
docs/decisions/0003-group-commit.md has the figures.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import sqlite3
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from pathlib import Path
from time import perf_counter
from typing import IO, Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from bot import log, metrics, tracing
from bot.db.engine import DatabaseAway, DatabaseDamaged, DatabaseRefused, T, UseCase, nobody, unlisted
from bot.db.migrate import bring_up_to_date
from bot.db.outbox.deliveries import PLANNED
from bot.db.rights.erasure import ALL, ERASED, SCRUB

BUSY_MILLISECONDS = 5000
"""How long another process may hold the write lock before the database counts as away."""
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # with NORMAL a power cut may undo a commit that we have already confirmed
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_MILLISECONDS}",
    "PRAGMA temp_store=MEMORY",
)
LOOKED_THROUGH = 200_000_000
"""Bytes of a file that is checked at a start. It takes a second at most."""
IN_MEMORY = 50_000_000
"""Bytes of a file that may be rewritten in memory. The copy of a larger one is made beside it."""
BATCH = 200
"""How many use cases share one commit at most."""
AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""Codes of a file that cannot be used now: locked, full, gone."""
PASSING = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL})
"""Those of them that can pass even for a file that was not used yet. The others need somebody to look."""


def engine_for(url: str) -> Engine:
    """An engine whose connections have our settings and leave BEGIN and COMMIT to us."""
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,  # an error must not quote what a person wrote
        connect_args={"check_same_thread": False, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's own type
        del record
        try:
            for pragma in PRAGMAS:
                connection.execute(pragma)
        except sqlite3.Error:  # the file is no database: SQLAlchemy would leave the connection open
            connection.close()
            raise

    return engine


class SqliteDatabase:
    """One writer for the whole process, and one process for the file."""

    def __init__(self, engine: Engine, lock: IO[str]) -> None:
        self._engine = engine
        self._lock = lock
        self._connection = engine.connect()
        self._connection.begin()  # if SQLAlchemy sees no transaction, a wrong parameter makes it roll ours back
        self._driver = cast("sqlite3.Connection", self._connection.connection.driver_connection)
        self._driver.execute("PRAGMA busy_timeout=0")  # waiting is done where nobody else has to wait for it
        self._waiting: deque[tuple[UseCase[Any], asyncio.Future[Any]]] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._worker: asyncio.Future[None] | None = None
        self.on_planned: Callable[[], None] = nobody
        self.on_erased: Callable[[Collection[int | str]], None] = unlisted

    @classmethod
    async def open(cls, url: str) -> SqliteDatabase:
        """Locks the file for this process, and migrates its tables to the newest revision."""
        path = Path(make_url(url).database or "")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = only_one(path)
        except OSError as error:
            raise DatabaseRefused(
                f"Cannot write {path}: {error.strerror}. Check the folder and its rights."
            ) from error
        engine = engine_for(url)
        try:
            if _is_small(path):
                await asyncio.to_thread(_look_through, engine, path)
            await asyncio.to_thread(bring_up_to_date, engine)
        except BaseException as error:
            engine.dispose()
            lock.close()
            if isinstance(error, DatabaseError):
                if is_damaged(error):
                    raise DatabaseDamaged(f"{path} is damaged: {error.orig}.") from error
                kind = DatabaseAway if _code(error) in PASSING else DatabaseRefused
                raise kind(f"Cannot open {path}: {error.orig}.") from error
            raise
        return cls(engine, lock)

    async def run(self, use_case: UseCase[T]) -> T:
        """See `Database.run`. Use cases that wait together are committed together."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        # Log lines inside it belong to the caller's subject, though it runs in the worker's task.
        context = copy_context()
        self._waiting.append((lambda connection: context.run(use_case, connection), future))
        if self._worker is None or self._worker.done():
            # The worker ends when nobody waits, and is about nobody.
            self._worker = asyncio.get_running_loop().create_task(self._work(), context=Context())
        with tracing.span("transaction"):
            return await future

    def replica(self, version: str) -> None:
        """None: one process holds the file, so there are no others."""
        del version

    async def renew(self) -> None:
        """Does nothing: nobody else can end the connection."""

    async def close(self) -> None:
        """See `Database.close`."""
        if self._worker is not None:
            await self._worker
        self._thread.shutdown()
        self._connection.close()
        self._engine.dispose()
        self._lock.close()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
            try:
                await self._begin()
                began = perf_counter()
                while self._waiting and len(batch) < BATCH:
                    use_case, future = self._waiting.popleft()
                    batch.append((future, *self._one(use_case)))
                    if not self._driver.in_transaction:  # SQLite gave up the whole transaction, as on a full disk
                        raise DatabaseAway("rolled back")  # noqa: TRY301
                await loop.run_in_executor(self._thread, self._commit)
            except (sqlite3.Error, DatabaseAway) as error:
                self._give_up(batch, error)
            else:
                metrics.TRANSACTION.observe(perf_counter() - began)
                metrics.TOGETHER.observe(len(batch))
                for future, result, failure in batch:
                    _tell(future, result, failure)
                if self._connection.info.pop(PLANNED, False):
                    self.on_planned()

    async def _begin(self) -> None:
        """Begins a transaction. If another process is writing, which is rare, a thread waits for it."""
        try:
            self._driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            await asyncio.get_running_loop().run_in_executor(self._thread, self._begin_patiently)

    def _begin_patiently(self) -> None:
        self._driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        try:
            self._driver.execute("BEGIN IMMEDIATE")
        finally:
            self._driver.execute("PRAGMA busy_timeout=0")

    def _one(self, use_case: UseCase[Any]) -> tuple[Any, BaseException | None]:
        try:
            self._driver.execute("SAVEPOINT one")
            result = use_case(self._connection)
            self._driver.execute("RELEASE one")
        except Exception as error:  # noqa: BLE001 - it is handed to whoever waits for it
            with contextlib.suppress(sqlite3.OperationalError):  # SQLite may have given up the whole transaction
                self._driver.execute("ROLLBACK TO one")
            return None, DatabaseAway(str(error)) if is_away(error) else error
        return result, None

    def _commit(self) -> None:
        if erased := self._connection.info.pop(ERASED, None):
            self.on_erased(erased)
        self._driver.execute("COMMIT")
        depth = self._connection.info.pop(SCRUB, None)
        if depth is not None:
            self._scrub(depth)

    def _scrub(self, depth: str) -> None:
        """Makes the file forget. What cannot be done now stays marked in it, and `tidy` does it later."""
        try:
            if depth == ALL:
                # secure_delete overwrites deleted words. But a rebalanced page may keep a copy between its cells, and
                # the write-ahead log has all of them.
                self._write_anew()
            busy, _, _ = self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:  # somebody reads, for example a backup
                log.get().warning("scrub_postponed", error="busy")
            elif depth == ALL:
                self._driver.execute("PRAGMA user_version=0")
        except sqlite3.OperationalError as error:
            log.get().warning("scrub_postponed", error=error)

    def _write_anew(self) -> None:
        """Copies the whole file (VACUUM). In memory that soon exceeds a container; its /tmp is in memory, too."""
        path = Path(self._engine.url.database or "")
        if path.stat().st_size <= IN_MEMORY:
            self._driver.execute("VACUUM")
            return
        folder = str(path.absolute().parent).replace("'", "''")
        self._driver.execute(f"PRAGMA temp_store_directory='{folder}'")
        self._driver.execute("PRAGMA temp_store=FILE")
        try:
            self._driver.execute("VACUUM")
        finally:
            self._driver.execute("PRAGMA temp_store=MEMORY")

    async def tidy(self) -> None:
        """See `Database.tidy`."""

        def scrub_if_marked(connection: Connection) -> None:
            if connection.exec_driver_sql("PRAGMA user_version").scalar():
                connection.info[SCRUB] = ALL

        await self.run(scrub_if_marked)

    def _give_up(self, batch: list[tuple[asyncio.Future[Any], Any, BaseException | None]], error: Exception) -> None:
        """Nothing of the batch was stored. Everybody in it, or all who wait to begin, get the error."""
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")
        self._connection.info.pop(ERASED, None)
        futures = [future for future, _, _ in batch]
        if not futures:
            futures = [future for _, future in self._waiting]
            self._waiting.clear()
        for future in futures:
            _tell(future, None, DatabaseAway(str(error)))


def is_away(error: BaseException) -> bool:
    """Whether an error says that the file cannot be used now, rather than that a statement is wrong."""
    cause = error.orig if isinstance(error, OperationalError) else error
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF in AWAY


def _is_small(path: Path) -> bool:
    """Whether the file exists and can be checked quickly."""
    return path.is_file() and path.stat().st_size <= LOOKED_THROUGH


def _look_through(engine: Engine, path: Path) -> None:
    """Finds damage before anybody gets an answer. Larger files are checked by each night's backup."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise DatabaseDamaged(f"{path} is damaged: it does not pass quick_check.")


def is_damaged(error: BaseException) -> bool:
    """Whether an error says that the file is not a database, or is damaged."""
    return _code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _code(error: BaseException) -> int:
    """SQLite's own code of an error. 0 if it gave none."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    return cause.sqlite_errorcode & 0xFF if isinstance(cause, sqlite3.DatabaseError) else 0


def _tell(future: asyncio.Future[Any], result: Any, failure: BaseException | None) -> None:  # noqa: ANN401
    if future.done():  # whoever waited was cancelled
        return
    if failure is None:
        future.set_result(result)
    else:
        future.set_exception(failure)


def only_one(path: Path) -> IO[str]:
    """A lock beside the file, held until it is closed or the process ends.

    Raises:
        DatabaseRefused: another process holds it.
    """
    lock = path.with_name(path.name + ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise DatabaseRefused(
            f"{path} is in use by another Lotse. Stop that one first: one process to a database."
        ) from None
    return lock
