"""Everything at once for a while: people, a storm of deliveries, odd updates, locks, kills; then sums and memory.

At every push it takes some seconds; `make faults SOAK_HOURS=72 ROWS=38` is the long one.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count as numbers
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again

import pytest

from bot import clock
from bot.content.loader import Content
from bot.core.message import Screen, Text
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind
from bot.db.sqlite import engine_for
from bot.services.deliveries.sending import Message
from bot.telegram.sender import BATCH
from tests.amounts import seed, soak
from tests.catalogue import count
from tests.databases import sqlite_with_tables
from tests.db.rows import new_chat
from tests.faults import audit, books
from tests.faults.canary import scan_file
from tests.faults.killing import PATIENCE, Killing
from tests.faults.machine import quiet
from tests.faults.nest import Bot, Nest
from tests.faults.people import Crowd, answering
from tests.faults.storm import Row, Storm, wrong
from tests.faults.telegram import Telegram
from tests.faults.test_holds import hold
from tests.faults.test_strange_updates import HANDLED

pytestmark = pytest.mark.faults
FIRST = 7_000_000_001
FINISHING = 1200
"""Seconds that start, end and reckoning take at most, whatever the length of a soak."""
SHORT = 6.0
"""Seconds at every push."""
ERA = 3600.0
"""Seconds that one process lives at most; a soak has two lives at least."""
PAGE, MOST = 40, 1_000_000
"""Deliveries that are planned each second, and in all: what was heard of each is kept to the end."""
GROWTH = 1.1
"""How much more memory a process may have at its end than when it had a third of its life behind it."""


class Soak:
    """One database and its outbox, filled from beside the bot."""

    def __init__(self, url: str, database: Path, telegram: Telegram, chance: Random, seconds: float) -> None:
        self.planned = self.kills = self.holds = 0
        self.memory: list[tuple[int, int]] = []
        """Megabytes of each life, after a third of it and at its end."""
        self._engine = engine_for(url)
        self._database, self._telegram, self._chance = database, telegram, chance
        self._page = max(1, min(PAGE, int(MOST / seconds)))
        self._chats = numbers(FIRST)

    def plan(self) -> None:
        """A broadcast or a reminder for chats that are new."""
        screen, now = Screen(((Text("ui.language.ask"),),)), clock.now()
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for _ in range(self._page):
                chat_id = next(self._chats)
                new_chat(connection, chat_id, language="de", shown_version=1, created_at=now)
                kind = Kind.BROADCAST if chat_id % 2 else Kind.REMINDER
                message = Message(f"cause {chat_id}", kind, now - timedelta(seconds=1), screen)
                deliveries.plan(connection, [(chat_id, message.planned())])
            connection.exec_driver_sql("COMMIT")
        self.planned += self._page

    async def live(self, bot: Bot, seconds: float) -> None:
        """One life of a process."""
        loop = asyncio.get_running_loop()
        begin, third = loop.time(), 0
        while (lived := loop.time() - begin) < seconds:
            await asyncio.to_thread(self.plan)
            self._telegram.put_raw(self._chance.choice(list(HANDLED.values())))
            if self._chance.random() < 0.2:
                await hold(self._database, self._chance.uniform(0.05, 0.5))
                self.holds += 1
            await asyncio.sleep(self._chance.uniform(0.5, 1.5))
            third = third or (memory(bot) if lived > seconds / 3 else 0)
        self.memory.append((third, memory(bot)))
        await bot.kill()
        self.kills += 1


@pytest.mark.row(38)
@pytest.mark.timeout(FINISHING + soak())
async def test_everything_at_once_for_a_while(tmp_path: Path, town: Content) -> None:
    chance, seconds = Random(seed(38)), soak() or SHORT  # noqa: S311
    url, database = sqlite_with_tables(tmp_path / "lotse.db"), tmp_path / "lotse.db"
    async with books.opened(url) as read, Telegram() as telegram, Nest(PATIENCE) as nest:
        storm = telegram.storm = Storm(chance, read.marked)
        telegram.stormy_from = FIRST
        crowd = Crowd(telegram, town, chance)
        people = [crowd.person(number) for number in range(20)]
        world, lives = Soak(url, database, telegram, chance, seconds), max(2, round(seconds / ERA))
        async with answering(people):
            for _ in range(lives):
                polls = telegram.polls
                bot = await nest.hatch(tmp_path, telegram.url, url, LOG_LEVEL="INFO")
                await telegram.polled(polls)
                await world.live(bot, seconds / lives)
            bot = await nest.hatch(tmp_path, telegram.url, url, LOG_LEVEL="INFO")
        await quiet(telegram, database)
        await Killing(storm, read, chance).finish()
        await bot.stop()
        rows = [Row(*row) for row in await read.ask(books.ROWS)]
    scan_file(tmp_path / "log.txt")
    assert wrong(rows, storm) == {}
    assert len(rows) == world.planned
    assert sum(row.marked for row in rows) <= world.kills * BATCH + storm.cuts.total()
    assert crowd.faults + audit.differences(audit.stored_in(database, town), people) == []
    for what, number in {
        "seconds": round(seconds),
        "answers": crowd.confirmed,
        "deliveries": len(rows),
        "faults of calls": storm.faults.total() - storm.faults["well"],
        "kills": world.kills,
        "locks": world.holds,
    }.items():
        count(what, number)
    third, end = (max(column) for column in zip(*world.memory, strict=True))
    count("MB after a third of a life", third)
    count("MB at its end", end)
    if soak():
        assert all(last <= GROWTH * early for early, last in world.memory), world.memory


def memory(bot: Bot) -> int:
    """Megabytes that a process has for itself and with others (RSS)."""
    status = Path(f"/proc/{bot.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024
