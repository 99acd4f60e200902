"""The outbox of a database in use, filled and read from outside the bot, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot import clock
from bot.core.message import Screen, Text
from bot.db.engine import open_database
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind
from bot.services.deliveries.sending import Message
from tests.db.rows import new_chat
from tests.faults.machine import ask

OURS = "text_key NOT LIKE 'reminders.%'"
"""What a test has planned. Digests that the bot itself plans for people who answer may be due tomorrow."""
ROWS = f"SELECT chat_id, kind, state, unknown_at IS NOT NULL, message_id FROM delivery WHERE {OURS}"  # noqa: S608 - ours
MARKED = "SELECT unknown_at IS NOT NULL FROM delivery WHERE chat_id = {}"
OPEN = f"SELECT count(*) FROM delivery WHERE state IN ('planned', 'claimed') AND {OURS}"  # noqa: S608 - ours
PIECE = 1_000
"""Chats made in one transaction. A busy PostgreSQL is not waited for as long as 20,000 of them take."""
CLAIMED = "SELECT count(*) FROM delivery WHERE state = 'claimed'"


class Books:
    """Queries to the database. Its bot may run meanwhile."""

    def __init__(self, url: str, engine: AsyncEngine | None) -> None:
        self.url = url
        self._engine = engine

    async def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        if self._engine is None:
            return ask(Path(make_url(self.url).database or ""), sql)
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(sql))]

    async def number(self, sql: str) -> int:
        """The one number that a query returns."""
        ((found,),) = await self.ask(sql)
        return int(found)

    async def is_over(self) -> bool:
        """Whether every delivery has ended."""
        return not await self.number(OPEN)

    async def look(self, work: Callable[[Connection], None]) -> None:
        """A longer read, on PostgreSQL."""
        assert self._engine is not None
        async with self._engine.connect() as connection:
            await connection.run_sync(work)

    async def marked(self, chat_id: int) -> bool:
        """Whether the delivery to that chat is in doubt."""
        return bool(await self.number(MARKED.format(chat_id)))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Books]:
    """The books of that database."""
    if url.startswith("sqlite"):
        yield Books(url, None)
        return
    engine = create_async_engine(url)
    try:
        yield Books(url, engine)
    finally:
        await engine.dispose()


async def fill(url: str, chat_ids: Iterable[int], cause: str = "all") -> None:
    """Plans a broadcast for every second person and a reminder for the others, all due now. Nobody else exists."""
    database = await open_database(url)
    chosen = list(chat_ids)
    for begin in range(0, len(chosen), PIECE):
        await database.run(partial(_plan, chosen[begin : begin + PIECE], cause))
    await database.close()


def _plan(chosen: list[int], cause: str, connection: Connection) -> None:
    for chat_id in chosen:
        new_chat(connection, chat_id, language="de", shown_version=1, created_at=clock.now())
    screen = Screen(((Text("ui.language.ask"),),))
    for kind, remainder in ((Kind.BROADCAST, 0), (Kind.REMINDER, 1)):
        message = Message(cause, kind, clock.now() - timedelta(seconds=1), screen).planned()
        deliveries.plan(connection, [(one, message) for one in chosen if one % 2 == remainder])
