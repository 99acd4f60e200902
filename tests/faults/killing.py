"""Deliveries in a storm of faults while the bot is killed again and again. Then compares the table with reality."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again

from bot.telegram.sender import BATCH
from tests.amounts import amount
from tests.catalogue import count
from tests.faults import books
from tests.faults.books import Books
from tests.faults.canary import scan_file
from tests.faults.machine import LIMIT
from tests.faults.nest import Bot, Nest
from tests.faults.storm import Row, Storm, wrong
from tests.faults.sums import note
from tests.faults.telegram import Telegram
from tests.waiting import until

FIRST = 5_000_000_001
POINTS = ("delivery_claimed", "delivery_before_call", "delivery_after_call")
PATIENCE = 1.0
"""Seconds (20 in production) after which a call that hangs for 30 is given up."""
LONGEST_RUN = 3.0
"""Seconds after its first fetch in which a bot is killed, even if it has said little."""


class Killing:
    """One database, its bot, and the server that both talk to."""

    def __init__(self, storm: Storm, read: Books, chance: Random) -> None:
        self.kills = self.met = 0
        """Kills, and how many of them happened with claimed deliveries."""
        self._storm = storm
        self._read = read
        self._chance = chance

    async def at_random(self, bot: Bot, calls: int, fetches: Callable[[], Awaitable[None]]) -> None:
        """Kills the bot: mostly after about so many calls, sometimes while it still starts (before it `fetches`)."""
        called = self._storm.calls
        if self._chance.random() < 0.9:
            more = self._chance.randint(1, 2 * calls)
            async with asyncio.timeout(LIMIT):
                await fetches()
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_RUN):
                    await self._storm.called(called + more - self._storm.calls)
        await asyncio.sleep(self._chance.uniform(0, 0.1))
        await bot.kill()
        await self._count()

    async def at_a_point(self, bot: Bot) -> None:
        """Waits until it kills itself."""
        await bot.died()
        await self._count()

    async def _count(self) -> None:
        self.kills += 1
        self.met += await self._read.number(books.CLAIMED) > 0

    async def finish(self) -> None:
        """Waits until every delivery has ended, as long as something is sent."""
        await until(self._read.is_over, "an end of all deliveries", LIMIT, lambda: self._storm.calls)


async def survive(url: str, folder: Path, seed: int) -> None:
    """SEND_KILLS kills while DELIVERIES go out, then the rest without kills, then the final check."""
    chance = Random(seed)  # noqa: S311
    kills = amount("SEND_KILLS")
    number = amount("DELIVERIES")
    named = [point for point in POINTS for _ in range(kills // 20)]
    points = [f"{point}:{chance.randint(1, 3 if point == POINTS[0] else 60)}" for point in named]
    ends = [""] * kills
    for point in points:  # in the first half: later there may be too few deliveries to get there
        ends.insert(chance.randrange(len(ends) // 2), point)
    await books.fill(url, range(FIRST, FIRST + number))
    async with books.opened(url) as read, Telegram() as telegram, Nest(PATIENCE) as nest:
        storm = telegram.storm = Storm(chance, read.marked)
        killing = Killing(storm, read, chance)
        for kill_at in ends:
            fetches = partial(telegram.polled, telegram.polls)
            bot = await nest.hatch(folder, telegram.url, url, kill_at)
            await (killing.at_a_point(bot) if kill_at else killing.at_random(bot, number // len(ends), fetches))
        polls = telegram.polls
        bot = await nest.hatch(folder, telegram.url, url)
        await telegram.polled(polls)
        await killing.finish()
        await bot.stop()
        rows = [Row(*row) for row in await read.ask(books.ROWS)]
    scan_file(folder / "log.txt")
    tell(rows, storm, killing, url.partition(":")[0].partition("+")[0], seed)
    assert wrong(rows, storm) == {}
    assert len(rows) == number
    assert sum(row.marked for row in rows) <= killing.kills * BATCH + storm.cuts.total()
    assert storm.faults["429"] <= (storm.faults["storms"] + killing.kills) * BATCH, (
        "they ask on although told to wait"
    )
    assert killing.met >= kills // 2, "most kills have met nothing in hand"
    assert {*storm.faults} >= {"429", "500", "502", "reset", "hang", "well", "storms"}


def tell(rows: list[Row], storm: Storm, killing: Killing, where: str, seed: int) -> None:
    """One line of counts."""
    ends = {state: sum(row.state == state for row in rows) for state in ("sent", "unknown", "blocked")}
    fates = {fate: number for fate, number in sorted(storm.faults.items()) if fate != "storms"}
    most = killing.kills * BATCH + storm.cuts.total()
    found = wrong(rows, storm)
    count("kills", killing.kills, 3)
    count("kills at 3 points of a delivery", killing.kills - amount("SEND_KILLS"), 2)
    count("deliveries", len(rows), 3)
    count("calls cut off", fates.get("reset", 0) + fates.get("hang", 0), 6)
    count("5xx and pages of a proxy", fates.get("500", 0) + fates.get("502", 0), 9)
    count("calls answered with 403", len(storm.refused), 11)
    parts = [
        f"seed {seed}: {len(rows):,} deliveries, {killing.kills} kills ({killing.met} met a batch in hand)",
        f"{storm.calls:,} calls ({', '.join(f'{fate}: {number:,}' for fate, number in fates.items())})",
        ", ".join(f"{number:,} {state}" for state, number in ends.items()),
        f"{sum(row.marked for row in rows):,} in doubt of at most {most:,}",
        f"heard twice {sum(len(heard) > 1 for heard in storm.heard.values()):,}",
        f"of them not marked before {len(storm.unmarked)}, broadcasts {len(found.get('a broadcast twice', ()))}",
        f"lost {len(found.get('lost', ()))}",
    ]
    note(f"storm on {where}", "; ".join(parts))
