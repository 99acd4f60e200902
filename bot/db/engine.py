"""Opens either kind of database, and defines what its errors mean for everybody else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot import log
from bot.refusal import ForOperator

if TYPE_CHECKING:
    from bot.db.replica import Replica

EXAMPLES = "Use sqlite:///data/lotse.db or postgresql+asyncpg://user@host/name."
SEVERAL = "Write postgresql://user@/name?host=first:5432&host=second:5432"
ESCAPES = "Within user, password and name write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25."
SECONDS = ("timeout", "command_timeout")
NUMBERS = (*SECONDS, "statement_cache_size", "max_cached_statement_lifetime")
"""What an address may say of the driver that is a number there."""
CHOICES = {
    "ssl": frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}),
    "target_session_attrs": frozenset({"any", "read-write", "primary"}),
}
"""What an address may say of the driver that is one of a few words."""
OPTIONS = frozenset({*NUMBERS, *CHOICES, "host", "port", "user", "password", "database"})
OPTIONS_OF_FILES = frozenset({"passfile", "service", "servicefile", "krbsrvname", "gsslib"})
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
LAST_PORT = 65535
PAUSE = 2.0
"""Seconds between two tries to open a database that is away."""
T = TypeVar("T")
UseCase = Callable[[Connection], T]
"""Everything that happens in one transaction. It must not wait for anything else."""


class DatabaseAway(ForOperator):
    """The database cannot be written now (locked, full, gone). Nothing was stored; try again later."""

    passes = True


class DatabaseRefused(ForOperator):
    """The database cannot be opened as it is. The text says what to do."""


class DatabaseDamaged(DatabaseRefused):
    """This is not a database, or it is damaged. A backup helps."""


def nobody() -> None:
    """Does nothing: no sender waits for planned deliveries."""


def unlisted(chats: Collection[int | str]) -> None:
    """Does nothing: no list of erased chats is kept."""
    del chats


class Database(Protocol):
    """Runs use cases, each in one transaction, and returns when they are durable."""

    on_planned: Callable[[], None]
    """Called after each commit that planned deliveries."""
    on_erased: Callable[[Collection[int | str]], None]
    """Called before the commit with the chats that are about to be erased, on the thread that commits."""

    async def run(self, use_case: UseCase[T]) -> T:
        """The use case's result after its commit. Raises its exception after a rollback, or `DatabaseAway`."""
        ...

    async def tidy(self) -> None:
        """Removes erased data from the storage itself, as far as that could not be done at once.

        Raises:
            DatabaseAway: it cannot be done now.
        """
        ...

    def replica(self, version: str) -> Replica | None:
        """This process among others on the same database. None if there can be no others. Run it only once."""
        ...

    async def renew(self) -> None:
        """Drops all connections, because others have ended them or may end them."""
        ...

    async def close(self) -> None:
        """Finishes what is under way and closes the database."""
        ...


def address(url: str) -> URL:
    """The address of a database that Lotse can use.

    Raises:
        DatabaseRefused: it is not one.
    """
    try:
        made = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        raise DatabaseRefused(
            f"DATABASE_URL, or what was given instead, is no address. {SEVERAL if ',' in url else EXAMPLES}"
            f"{f' {ESCAPES}' if '@' in url else ''}"
        ) from None
    _require_whole(made)
    backend = made.get_backend_name()
    if backend == "postgresql":
        mode = made.query.get("sslmode")  # PostgreSQL's own programs use this name for the driver's `ssl`
        ours = made if mode is None else made.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
        ours = ours.set(drivername="postgresql+asyncpg")
        if len(_servers(ours)) > 1 and not all(":" in one for one in _servers(ours)):
            raise DatabaseRefused(f"DATABASE_URL names several servers, not each with its port. {SEVERAL}")
        _require_options(ours)
        return ours
    if backend == "sqlite" and made.database and made.database != ":memory:":
        if made.query:
            raise DatabaseRefused(
                "DATABASE_URL says more than where the SQLite file is: leave out the ? and what follows it."
            )
        return made.set(drivername="sqlite")
    what = "has no file" if backend == "sqlite" else f"names {backend}"
    raise DatabaseRefused(f"DATABASE_URL, or what was given instead, {what}. {EXAMPLES}")


def _require_whole(url: URL) -> None:
    """A password with an @ or / in it would be taken for server and database, and be told as those."""
    if url.get_backend_name() != "sqlite" and any("@" in (part or "") for part in (url.host, url.database)):
        raise DatabaseRefused(f"DATABASE_URL cannot be read: there is more than one @ in it. {ESCAPES}")


def _require_options(url: URL) -> None:
    """What the address says beside the place is known to the driver, and can be; what it says is not told."""
    said = url.normalized_query
    if unknown := sorted(said.keys() - OPTIONS - OPTIONS_OF_FILES):
        raise DatabaseRefused(f"DATABASE_URL says {', '.join(unknown)}, which is not known here: leave it out.")
    for name, (value, *more) in said.items():
        if more and name not in {"host", "port"}:
            raise DatabaseRefused(f"DATABASE_URL says {name} more than once: leave one of them.")
        if name in NUMBERS and not (NUMBER.fullmatch(value) and (float(value) or name not in SECONDS)):
            raise DatabaseRefused(f"{name} in DATABASE_URL is not a number: leave it out, or write {name}=30.")
        if name in CHOICES and value and value not in CHOICES[name]:
            spoken = "sslmode" if name == "ssl" else name
            raise DatabaseRefused(f"{spoken} in DATABASE_URL is one of {', '.join(sorted(CHOICES[name]))}.")
    named = [one.partition(":")[2] for one in _servers(url) if one.count(":") == 1]
    ports = [one for line in said.get("port", ()) for one in line.split(",")]
    if url.port is not None:
        ports.append(str(url.port))
    if not all(one.isdecimal() and 0 < int(one) <= LAST_PORT for one in (*named, *ports)):
        raise DatabaseRefused(f"A port in DATABASE_URL is none: ports are 1 to {LAST_PORT}, PostgreSQL's is 5432.")


def numbers(url: URL) -> dict[str, float]:
    """What an address says of the driver that is a number there."""
    return {name: float(str(url.query[name])) for name in NUMBERS if name in url.query}


def place(url: URL) -> str:
    """Where a PostgreSQL database is, without its password."""
    server = url.host or " or ".join(_servers(url)) or "the local socket"
    return f"{server}, database {url.database or 'of the name of the user'}"


def _servers(url: URL) -> list[str]:
    """The `host=` parts of the address: servers with their ports, or a socket's folder."""
    return [one for line in url.normalized_query.get("host", ()) for one in line.split(",")]


async def open_database(url: str) -> Database:
    """Opens the database at `url` and migrates its tables to the newest revision.

    Raises:
        DatabaseRefused: with a text for the operator: unknown kind, in use by another process, wrong password.
        DatabaseAway: it may be there in a moment. Also with a text for the operator.
    """
    at = address(url)
    if at.get_backend_name() == "sqlite":
        from bot.db.sqlite import SqliteDatabase  # noqa: PLC0415 - only what is used is loaded

        return await SqliteDatabase.open(at.render_as_string(hide_password=False))
    from bot.db.postgres import PostgresDatabase  # noqa: PLC0415

    return await PostgresDatabase.open(at)


async def when_there(opened: Callable[[], Awaitable[Database]], stop: asyncio.Event) -> Database | None:
    """Opens a database as soon as it is there. After a power cut it may start later. None if `stop` is set first.

    Raises:
        DatabaseRefused: waiting does not help.
    """
    while not stop.is_set():
        try:
            return await opened()
        except DatabaseAway as away:
            log.get().warning("database_away", what="start", why=str(away))
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                await stop.wait()
    return None
