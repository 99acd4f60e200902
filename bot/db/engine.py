"""A database is opened here, whichever it is; and what its errors mean to the rest."""

from __future__ import annotations

import asyncio
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
PAUSE = 2.0
"""Seconds between two tries to open a database that is away."""
T = TypeVar("T")
UseCase = Callable[[Connection], T]
"""Everything that happens in one transaction. It must not wait for anything else."""


class DatabaseAway(ForOperator):
    """The database cannot be written now (locked, full, gone): nothing was stored, try again later."""

    passes = True


class DatabaseRefused(ForOperator):
    """The database cannot be opened as it is; the text says what to do."""


class DatabaseDamaged(DatabaseRefused):
    """What is there is not, or no longer, a whole database: a backup helps."""


def nobody() -> None:
    """Nobody waits for planned deliveries."""


def unlisted(chats: Collection[int | str]) -> None:
    """Nobody keeps a list of who was erased."""
    del chats


class Database(Protocol):
    """Runs use cases, each in one transaction, and says when they are durable."""

    on_planned: Callable[[], None]
    """Called after each commit that planned deliveries."""
    on_erased: Callable[[Collection[int | str]], None]
    """Called with the chats that are about to be erased, before the commit; on whatever thread that is made."""

    async def run(self, use_case: UseCase[T]) -> T:
        """The use case's result, once it is committed; its own exception after a rollback, or `DatabaseAway`."""
        ...

    async def tidy(self) -> None:
        """Let the storage itself forget what was erased, as far as that could not be done at once.

        Raises:
            DatabaseAway: it cannot be done now.
        """
        ...

    def replica(self, version: str) -> Replica | None:
        """This process among others on the same database; None where there can be none. To be run once at a time."""
        ...

    async def renew(self) -> None:
        """Let go of all connections: others have ended them, or may."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        ...


def address(url: str) -> URL:
    """The address of a database that Lotse can use.

    Raises:
        DatabaseRefused: it is none.
    """
    try:
        made = make_url(url)
    except (ArgumentError, ValueError):  # the latter of a port that is no number
        raise DatabaseRefused(
            f"DATABASE_URL, or what was given instead, is no address. {SEVERAL if ',' in url else EXAMPLES}"
        ) from None
    backend = made.get_backend_name()
    if backend == "postgresql":
        mode = made.query.get("sslmode")  # so PostgreSQL's own programs call what the driver calls ssl
        ours = made if mode is None else made.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
        ours = ours.set(drivername="postgresql+asyncpg")
        if len(_servers(ours)) > 1 and not all(":" in one for one in _servers(ours)):
            raise DatabaseRefused(f"DATABASE_URL names several servers, not each with its port. {SEVERAL}")
        return ours
    if backend == "sqlite" and made.database:
        return made
    what = "has no file" if backend == "sqlite" else f"names {backend}"
    raise DatabaseRefused(f"DATABASE_URL, or what was given instead, {what}. {EXAMPLES}")


def place(url: URL) -> str:
    """Where a database on PostgreSQL is, as it can be told."""
    return f"{url.host or ' or '.join(_servers(url)) or 'the local socket'}, database {url.database}"


def _servers(url: URL) -> list[str]:
    """What stands in the address as `host=`, once or more: servers with their ports, or a socket's folder."""
    return [one for line in url.normalized_query.get("host", ()) for one in line.split(",")]


async def open_database(url: str) -> Database:
    """Open the database of `url` and bring its tables to the newest revision.

    Raises:
        DatabaseRefused: with a text for the operator: unknown kind, in use by another process, wrong password.
        DatabaseAway: it may be there in a moment; with such a text, too.
    """
    at = address(url)
    if at.get_backend_name() == "sqlite":
        from bot.db.sqlite import SqliteDatabase  # noqa: PLC0415 - only what is used is loaded

        return await SqliteDatabase.open(url)
    from bot.db.postgres import PostgresDatabase  # noqa: PLC0415

    return await PostgresDatabase.open(at)


async def when_there(opened: Callable[[], Awaitable[Database]], stop: asyncio.Event) -> Database | None:
    """Open a database as soon as it is there: after a power cut it may start later. None where `stop` comes first.

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
