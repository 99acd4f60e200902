"""A sender with everything around it, in jumping time: the outbox in memory, Telegram without a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select
from telegram.error import TelegramError
from telegram.request import RequestData

from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.core.message import Screen, Text
from bot.db.engine import DatabaseAway, T, UseCase, nobody, unlisted
from bot.db.outbox.deliveries import PLANNED, Kind
from bot.db.schema import delivery
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Message
from bot.services.turn import Turn
from bot.telegram.common import Common
from bot.telegram.gate import Gate
from bot.telegram.pace import Pace
from bot.telegram.sender import Sender
from tests import databases
from tests.db.rows import new_chat
from tests.telegram import fake_time
from tests.telegram.fake_telegram import FakeTelegram, application
from tests.telegram.fake_time import now

BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TEXT = Text("ui.language.ask")
Trouble = TelegramError | tuple[int, str]


def clock() -> datetime:
    """The bot's time, which follows the loop's."""
    return BEGIN + timedelta(seconds=now())


class Memory:
    """A database that finishes at once, so that no thread's pace shows in a test. `away`: how often it fails."""

    def __init__(self, engine: Engine) -> None:
        self.on_planned: Callable[[], None] = nobody
        self.on_erased: Callable[[Collection[int | str]], None] = unlisted
        self.away = 0
        self.runs = 0
        self._engine = engine

    async def run(self, use_case: UseCase[T]) -> T:
        """See `Database.run`."""
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise DatabaseAway
        self.runs += 1
        with self._engine.begin() as connection:
            result = use_case(connection)
            planned = connection.info.pop(PLANNED, False)
        if planned:
            self.on_planned()
        return result

    async def tidy(self) -> None:
        """Does nothing."""

    def replica(self, version: str) -> None:
        """None: there are no others."""

    async def renew(self) -> None:
        """Does nothing."""

    async def close(self) -> None:
        """Does nothing."""


class Line(FakeTelegram):
    """Telegram that decides for each message what becomes of it, and notes when it came."""

    def __init__(self) -> None:
        super().__init__()
        self.judge: Callable[[dict[str, Any]], Trouble | None] = lambda _: None
        self.came: list[tuple[float, int]] = []
        self.takes = 0.005

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *more: object, **others: object
    ) -> tuple[int, bytes]:
        """Handles one call."""
        name = url.rpartition("/")[2]
        if name == "sendMessage" and request_data is not None:
            given = request_data.parameters
            self.came.append((now(), int(str(given["chat_id"]))))
            await asyncio.sleep(self.takes)
            if (trouble := self.judge(given)) is not None:
                self.refuse(name, trouble)
        return await super().do_request(url, method, request_data, *more, **others)

    @property
    def times(self) -> list[float]:
        """When messages came."""
        return [at for at, _ in self.came]


@dataclass
class PostOffice:
    """The sender and what it works with."""

    sender: Sender
    database: Memory
    line: Line
    shelf: Shelf
    gate: Gate
    alarms: list[datetime] = field(default_factory=list)

    async def plan(self, chat_ids: Iterator[int] | range | list[int], cause: str = "meeting:7", **more: Any) -> None:
        """Plans the same for these chats, by default a reminder due now."""
        given: dict[str, Any] = {"kind": Kind.REMINDER, "due_at": clock(), "screen": Screen(((TEXT,),))} | more
        message = Message(cause, **given)
        found = list(chat_ids)
        await self.database.run(lambda tx: sending.plan(Turn(tx, self.shelf.content, clock()), message, found))

    async def people(self, number: int, **columns: Any) -> None:
        """This many chats, from 1."""

        def use_case(connection: Connection) -> None:
            for key in range(1, number + 1):
                new_chat(connection, key, **{"language": "de", **columns})

        await self.database.run(use_case)

    async def rows(self) -> list[dict[str, Any]]:
        """The outbox."""

        def use_case(connection: Connection) -> list[dict[str, Any]]:
            found = connection.execute(select(delivery).order_by(delivery.c.id))
            return [dict(row._mapping) for row in found]

        return await self.database.run(use_case)

    async def states(self) -> list[str]:
        """The state of every delivery."""
        return [row["state"] for row in await self.rows()]

    async def pass_time(self, seconds: float) -> None:
        """Lets time pass."""
        await asyncio.sleep(seconds)

    def ring(self, due: datetime) -> None:
        """Does what APScheduler does in the bot."""
        self.alarms.append(due)
        asyncio.get_running_loop().call_later(max((due - clock()).total_seconds(), 0), self.sender.wake)


@asynccontextmanager
async def post_office(content: Content, rate: int = 30, **more: Any) -> AsyncIterator[PostOffice]:
    """An open post office. It is drained at the end."""
    line, shelf, gate = Line(), Shelf(content), Gate(Pace(rate))
    with databases.in_memory() as engine:
        async with application(line) as made:
            database = Memory(engine)
            sender = Sender(Common(database, shelf, clock), made.bot, gate, **{"chance": lambda: 0.5} | more)
            office = PostOffice(sender, database, line, shelf, gate)
            sender.alarm = office.ring
            database.on_planned = sender.wake
            async with asyncio.TaskGroup() as nursery:
                nursery.create_task(sender.run())
                sender.open()
                yield office
                await sender.drain()


def play(content: Content, scene: Callable[[PostOffice], Awaitable[None]], **more: Any) -> None:
    """A scene in an open post office, in jumping time."""

    async def main() -> None:
        async with post_office(content, **more) as office:
            await scene(office)

    fake_time.run(main())
