"""Replicas of a bot as their operator runs them: real processes on one PostgreSQL behind one balancer."""

from __future__ import annotations

import itertools
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any, Protocol

import aiohttp

from bot.content.loader import Content
from tests.amounts import amount
from tests.catalogue import count
from tests.cluster.balancer import SECRET, Balancer
from tests.faults import audit, books
from tests.faults.books import Books
from tests.faults.canary import scan_file
from tests.faults.machine import LIMIT
from tests.faults.nest import Nest
from tests.faults.people import Crowd, Person
from tests.faults.storm import Row, Storm, wrong
from tests.faults.sums import note
from tests.ports import free_port
from tests.waiting import until

FIRST = 6_000_000_001
"""Chats that only receive deliveries. The people who answer have lower ids."""
WAITING = "SELECT count(*) FROM inbox WHERE body IS NOT NULL AND parked IS NULL"
PARKED = "SELECT count(*) FROM inbox WHERE parked IS NOT NULL"
ALL = "SELECT number, name FROM replica ORDER BY number"


class Process(Protocol):
    """A running process, however it was started."""

    pid: int

    async def stop(self) -> None:
        """Sends SIGTERM."""
        ...

    async def kill(self) -> None:
        """Sends SIGKILL (kill -9)."""
        ...


class Member:
    """One replica."""

    def __init__(self, bot: Process, folder: Path, address: str) -> None:
        self.bot = bot
        self.folder = folder
        self.address = address

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log entries with that name."""
        lines = (self.folder / "log.txt").read_text(encoding="utf-8").splitlines()
        return [said for said in map(_parsed, lines) if said.get("event") == name]

    def signal(self, number: signal.Signals) -> None:
        """Freezes the process, or lets it go on."""
        os.kill(self.bot.pid, number)


class Cluster:
    """Everything a test needs: replicas, people who answer, deliveries, and the final check."""

    def __init__(self, folder: Path, url: str, town: Content, nest: Nest, telegram: Balancer, read: Books) -> None:
        self.telegram = telegram
        self.read = read
        self.members: list[Member] = []
        self.crowd = Crowd(telegram, town, Random(7))  # noqa: S311
        self.storm = telegram.storm = Storm(Random(1), self._marked, rough=False)  # noqa: S311
        self._url = url
        self._folder = folder
        self._town = town
        self._nest = nest
        self._numbers = itertools.count()

    async def start(self, url: str = "", **more: str) -> Member:
        """Starts one more replica and waits until it is ready. `url`: another way to the same database."""
        port = free_port()
        folder = self._folder / f"replica{next(self._numbers)}"
        given = {
            "WEBHOOK_URL": "https://lotse.test",
            "WEBHOOK_SECRET": SECRET,
            "PORT": str(port),
            "BACKUP_DAILY": "0",
        }
        bot = await self._nest.hatch(folder, self.telegram.url, url or self._url, **(given | more))
        return await self.join(bot, folder, port)

    async def start_all(self) -> list[Member]:
        """Starts REPLICAS replicas. Returns them in the order in which they would lead."""
        return [await self.start() for _ in range(amount("REPLICAS"))]

    async def join(self, bot: Process, folder: Path, port: int) -> Member:
        """Waits until a replica that was started is ready, and adds it to the balancer."""
        member = Member(bot, folder, f"http://127.0.0.1:{port}")
        await until(lambda: _is_ready(member.address), "a replica that is ready")
        self.members.append(member)
        self.telegram.targets.append(member.address)
        return member

    async def end(self, member: Member) -> None:
        """Ends one as a rolling update does: the balancer drops it first."""
        self.telegram.targets.remove(member.address)
        await member.bot.stop()
        self.members.remove(member)

    async def kill(self, member: Member) -> None:
        """Kills one (kill -9). The balancer does not know."""
        await member.bot.kill()
        self.members.remove(member)

    async def leader(self) -> str:
        """The name of the leading process in the database."""
        rows = await self.read.ask(ALL)
        return str(rows[0][1]) if rows else ""

    async def leads(self, member: Member) -> bool:
        """Whether that one leads."""
        return f"/{member.bot.pid}/" in await self.leader()

    async def led_by(self, *members: Member) -> Member:
        """Waits until one of these leads. Returns it."""
        found: list[Member] = []

        async def is_so() -> bool:
            found[:] = [one for one in members if await self.leads(one)]
            return bool(found)

        await until(is_so, "somebody who takes over")
        return found[0]

    def people(self, number: int) -> list[Person]:
        """People who answer as long as the block runs."""
        return [self.crowd.person(one) for one in range(number)]

    async def quiet(self) -> None:
        """Waits until everything that people did is handled and every delivery has ended, as long as some go out."""

        async def is_so() -> bool:
            if not self.telegram.quiet or await self.read.number(WAITING):
                return False
            return await self.read.is_over()

        await until(is_so, "an end of all that waits", 3 * LIMIT, lambda: self.storm.calls)

    async def reckon(self, what: str, people: list[Person], number: int, most_in_doubt: int) -> None:
        """Stops all, and compares the tables with what people saw and got."""
        for member in list(self.members):
            await self.end(member)
        rows = [Row(*row) for row in await self.read.ask(books.ROWS) if row[0] >= FIRST]
        stored: list[audit.Stored] = []
        await self.read.look(lambda connection: stored.append(audit.Stored(connection, self._town)))
        for chat_id in list(stored[0].chats):
            if chat_id >= FIRST:
                del stored[0].chats[chat_id]
        faults = self.crowd.faults + audit.differences(stored[0], people)
        marked = sum(row.marked for row in rows)
        parked = await self.read.number(PARKED)
        for log in self._folder.glob("replica*/log.txt"):
            scan_file(log)
        count("deliveries of replicas", len(rows))
        shares = [n for target, n in sorted(self.telegram.taken.items())]
        parts = {
            "answers confirmed": self.crowd.confirmed,
            "lost, twice or changed": len(faults),
            "updates each took": " + ".join(map(str, shares)),
            "not taken at once": self.telegram.passed_by,
            "deliveries": len(rows),
            "sent": sum(row.state == "sent" for row in rows),
            "in doubt": f"{marked} of at most {most_in_doubt}",
            "heard twice, not marked": len(self.storm.unmarked),
            "without an end": sum(row.state in {"planned", "claimed"} for row in rows),
            "cards seen again": self.crowd.reshown,
        }
        note(f"cluster, {what}", "; ".join(f"{name}: {value}" for name, value in parts.items()))
        assert faults == []
        assert wrong(rows, self.storm) == {}
        assert len(rows) == number
        assert marked <= most_in_doubt
        assert parked == 0
        assert self.crowd.confirmed > 0

    async def _marked(self, chat_id: int) -> bool:
        return chat_id < FIRST or await self.read.marked(chat_id)


@asynccontextmanager
async def cluster(folder: Path, url: str, town: Content, deliveries: int = 0) -> AsyncIterator[Cluster]:
    """A database with this many due deliveries that nobody serves yet. With 0 it is not touched."""
    if deliveries:
        await books.fill(url, range(FIRST, FIRST + deliveries))
    async with books.opened(url) as read, Balancer() as telegram, Nest() as nest:
        yield Cluster(folder, url, town, nest, telegram, read)


async def _is_ready(address: str) -> bool:
    try:
        async with aiohttp.ClientSession() as client, client.get(f"{address}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
