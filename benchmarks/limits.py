"""3,000 deliveries with 300 taps in between, to a Bot API that enforces Telegram's limits in any sliding second.

`python -m benchmarks.limits` prints how long it took beside what the limit makes unavoidable, and how long taps
waited beside taps while nothing is sent: as many of them, at the same pace, half before and half after. It takes four
minutes; `--quick` is a tenth of everything, `--leg 25` puts Telegram 25 milliseconds away. The exit code says whether
the counts are right; how quick it was never fails a run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that each run has the same taps

from sqlalchemy import Connection, insert

from benchmarks.load_server import START_SECONDS, LoadServer
from benchmarks.people import WORDS, Person, Step, choose, encode
from benchmarks.places import FOLDER, open_measured
from benchmarks.run import environment
from benchmarks.table import percentile
from benchmarks.wire import Refused, Respond
from bot import clock
from bot.core.message import Screen, Text
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind
from bot.db.schema import chat
from bot.services.deliveries.sending import Message
from bot.simulator.limits import OVERALL, Limits, is_counted

DELIVERIES, TAPS = 3000, 300
FIRST = 7_000_000_001
PEOPLE = 20
TO_START = 20.0
"""Seconds the bot has for its start, before the taps."""
PATIENCE = 60.0
SENT = "SELECT count(*) FROM delivery WHERE state = 'sent' AND tries = 1"
LONGER, SLOWER = 1.03, 1.5
"""The aims: how much longer all may take than it must, how much longer taps may wait than usual."""


@dataclass(slots=True)
class Phase:
    """Taps of one kind: seconds from each tap to its card, and the messages that they cost."""

    waits: list[float] = field(default_factory=list)
    messages: int = 0


class LimitedServer(LoadServer):
    """People who tap when they are told to, and others who only hear."""

    def __init__(self, leg: float = 0.0) -> None:
        super().__init__(PEOPLE)
        self._leg = leg
        """Seconds each way between the bot and Telegram take."""
        self.limits = Limits(time.monotonic)
        self.heard: list[float] = []
        """When each delivery arrived."""
        self.wanted = 0
        self.idle, self.busy = Phase(), Phase()
        self._buttons: dict[int, list[str]] = {}
        self._resting: list[Person] = []

    @property
    def phase(self) -> Phase:
        """The kind of taps that are made now."""
        return self.busy if 0 < len(self.heard) < self.wanted else self.idle

    def begin(self) -> None:
        """People are there, and have not yet said anything."""
        for number in range(PEOPLE):
            self._resting.append(self._person(number))

    def act(self) -> None:
        """Whoever rested longest takes their next step; at the last card somebody new comes in their place."""
        person = self._resting.pop(0)
        buttons = self._buttons.get(person.chat_id)
        step = Step() if buttons is None else choose(buttons, person.chat_id + person.turns)
        if step is None:
            person, buttons, step = self._person(len(self.persons)), None, Step()
        self._act(person, step, WORDS if buttons is not None else "/start")

    @property
    def can_act(self) -> bool:
        """Whether anybody waits for nothing."""
        return bool(self._resting)

    @property
    def waiting(self) -> int:
        """How many wait for a card."""
        return sum(person.waiting for person in self.persons.values())

    def _person(self, number: int) -> Person:
        person = Person(5_000_000_001 + number, "de")
        self.persons[person.chat_id] = person
        return person

    def _call(self, method: bytes, body: bytes, respond: Respond) -> None:
        if not self._leg:
            self._arrived(method, body, respond)
            return

        def respond_later(result: bytes) -> None:
            self._loop.call_later(self._leg, respond, result)

        self._loop.call_later(self._leg, self._arrived, method, body, respond_later)

    def _arrived(self, method: bytes, body: bytes, respond: Respond) -> None:
        name = method.decode()
        chat_id = json.loads(body).get("chat_id") if body else None
        if (seconds := self.limits.of_call(name, str(chat_id))) is not None:
            said = f"Too Many Requests: retry after {seconds}"
            refusal = {"ok": False, "error_code": 429, "description": said, "parameters": {"retry_after": seconds}}
            respond(Refused(encode(refusal).encode()))
        elif chat_id is None or chat_id in self.persons:
            self.phase.messages += is_counted(name.lower())
            super()._call(method, body, respond)
        else:
            self.heard.append(self._loop.time())
            message = {
                "message_id": len(self.heard),
                "date": self._date(),
                "chat": {"id": chat_id, "type": "private"},
            }
            respond(encode(message).encode())

    def _card(self, body: bytes, respond: Respond) -> None:
        sent = json.loads(body)
        person = self.persons[sent["chat_id"]]
        self._buttons[person.chat_id] = person.sees(sent, self._date())
        respond(person.card.encode())
        if person.waiting:
            person.waiting = False
            self.phase.waits.append(self._loop.time() - person.sent_at)
            self._resting.append(person)


async def plan(folder: Path, number: int, due: timedelta) -> None:
    """So many people who are to hear something when it is due."""
    database = await open_measured(f"sqlite:///{folder / 'lotse.db'}")
    now = clock.now()
    people = range(FIRST, FIRST + number)
    screen = Screen(((Text("ui.language.ask"),),))
    message = Message("benchmark", Kind.REMINDER, now + due, screen).planned()
    place = {"language": "de", "screen": "done", "card_version": 1, "card_since": 1, "shown_version": 1}

    def use_case(connection: Connection) -> None:
        connection.execute(insert(chat), [{"id": one, "created_at": now, "seen_at": now, **place} for one in people])
        deliveries.plan(connection, [(one, message) for one in people])

    await database.run(use_case)
    await database.close()


async def tap_until_all_is_heard(server: LimitedServer, every: float, taps: int) -> None:
    """Somebody acts every so many seconds on average, until all is heard and there were enough idle taps."""
    chance = Random(300)  # noqa: S311
    while len(server.heard) < server.wanted or len(server.idle.waits) < taps:
        await asyncio.sleep(chance.expovariate(1 / every))
        if server.can_act:
            server.act()


async def measure(folder: Path, number: int, taps: int, leg: float = 0.0) -> LimitedServer:
    """One run: idle taps, deliveries with taps in between, idle taps."""
    every = (number + taps) / OVERALL / taps
    await plan(folder, number, timedelta(seconds=TO_START + every * taps / 2))
    server = LimitedServer(leg)
    url = await server.listen()
    server.wanted = number
    command = [sys.executable, "-m", "bot", "run"]
    with (folder / "log").open("wb") as log:
        bot = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environment(url, folder), stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(START_SECONDS):
            await server.ready.wait()
        server.begin()
        allowed = (TO_START + (number + 2 * taps) / OVERALL * 2) * 1.5 + PATIENCE
        async with asyncio.timeout(allowed):
            await tap_until_all_is_heard(server, every, taps)
            while server.waiting:  # noqa: ASYNC110 - the last cards come from another process
                await asyncio.sleep(0.05)
    except TimeoutError:
        print(f"waited in vain: {len(server.heard)} heard, {server.waiting} wait for a card", file=sys.stderr)
    finally:
        bot.terminate()
        await bot.wait()
        server.close()
    return server


def report(server: LimitedServer, sent: int) -> bool:
    """Print the figures; whether the counts are right."""
    took = server.heard[-1] - server.heard[0]
    messages = server.busy.messages
    least = (server.wanted + messages) / OVERALL
    print(
        f"{server.wanted:,} deliveries, {len(server.busy.waits)} taps in between ({messages} messages):"
        f" {took:.1f} s; the limit makes {least:.1f} s unavoidable: {took / least:.3f} (aim: {LONGER} or less)"
    )
    (idle50, idle99), (busy50, busy99) = (
        [percentile(phase.waits, share) * 1000 for share in (0.5, 0.99)] for phase in (server.idle, server.busy)
    )
    print(
        f"a tap is answered, p50 and p99: {idle50:.1f} and {idle99:.1f} ms while nothing is sent"
        f" ({len(server.idle.waits)} taps), {busy50:.1f} and {busy99:.1f} ms in between:"
        f" p99 {busy99 / idle99:.2f} (aim: {SLOWER} or less)"
    )
    print(
        f"answered with 429: {server.limits.refused}; sent by the table: {sent:,}; waited in vain: {server.waiting}"
    )
    return server.limits.refused == 0 and sent == server.wanted == len(server.heard) and not server.waiting


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a count is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: does it run at all?")
    parser.add_argument("--leg", type=float, default=0.0, help="milliseconds each way to Telegram takes (default 0)")
    given = parser.parse_args(arguments)
    parts = 10 if given.quick else 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"load before: {os.getloadavg()[0]:.2f}", flush=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        folder = Path(name)
        server = asyncio.run(measure(folder, DELIVERIES // parts, TAPS // parts, given.leg / 1000))
        with closing(sqlite3.connect(folder / "lotse.db")) as connection:
            (sent,) = connection.execute(SENT).fetchone()
    return 0 if len(server.heard) > 1 and report(server, sent) else 1


if __name__ == "__main__":
    sys.exit(main())
