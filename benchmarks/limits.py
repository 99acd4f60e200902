"""A broadcast with taps in between, to a Bot API that enforces Telegram's limits in any sliding second.

Two loads of five rounds each: 600 people at the 30 messages a second that are free, and 12,000 at the 1,000 a second
that cost money. `python -m benchmarks.limits` prints how long a round took beside what the limit makes unavoidable
(the median), and how long the taps of all rounds waited beside taps while nothing is sent: as many of them, at the
same pace, half before and half after. It takes ten minutes; `--quick` is a tenth of one round, `--leg 25` puts
Telegram 25 milliseconds away, `--rate 30` plays one of the two alone. The exit code says whether the counts are
right; how quick it was never fails a run.
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
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that each run has the same taps
from statistics import median

from benchmarks.announcing import FIRST, planned
from benchmarks.load_server import FIRST_CHAT, START_SECONDS, LoadServer
from benchmarks.people import WORDS, Person, Step, choose, encode
from benchmarks.places import FOLDER, open_measured, our_content
from benchmarks.run import environment
from benchmarks.table import percentile, row
from benchmarks.wire import Refused, Respond
from bot.settings import FREE_RATE, LARGEST_RATE
from bot.simulator.limits import Limits, is_counted

TO_START = 20.0
"""Seconds for the bot's start, before the taps."""
PATIENCE = 60.0
"""After this many seconds in which nothing is received and nobody is answered, waiting is pointless."""
LOOK_SECONDS = 0.05
SENT = f"SELECT count(*) FROM delivery WHERE state = 'sent' AND tries = 1 AND chat_id >= {FIRST}"  # noqa: S608
LONGER, SLOWER = 1.03, 1.5
"""The aims: how much longer than necessary everything may take, and how much longer than usual taps may wait."""


@dataclass(frozen=True, slots=True)
class Load:
    """A broadcast: how many people, messages a second, taps in between, and people who tap."""

    rate: int
    deliveries: int
    taps: int
    people: int

    @property
    def every(self) -> float:
        """Seconds between two taps, on average."""
        return (self.deliveries + self.taps) / self.rate / self.taps

    @property
    def tenth(self) -> Load:
        """A tenth of it."""
        return Load(self.rate, self.deliveries // 10, self.taps // 10, self.people)


LOADS = (Load(FREE_RATE, 600, 60, 20), Load(LARGEST_RATE, 12_000, 120, 60))
"""One round of each."""
ROUNDS = 5


@dataclass(slots=True)
class Phase:
    """Taps of one kind: seconds from each tap to its card, and the messages they cost."""

    waits: list[float] = field(default_factory=list)
    messages: int = 0


class LimitedServer(LoadServer):
    """People who tap when they are told to, and others who only receive."""

    def __init__(self, load: Load, leg: float = 0.0) -> None:
        """`leg`: seconds that each way between the bot and Telegram takes."""
        super().__init__(load.people)
        self.load = load
        self._leg = leg
        self.limits = Limits(time.monotonic, load.rate)
        self.heard: list[float] = []
        """When each delivery arrived."""
        self.moved_at = self._loop.time()
        """When something was last received, or somebody last answered."""
        self.idle, self.busy = Phase(), Phase()
        self._buttons: dict[int, list[str]] = {}
        self._resting: list[Person] = []

    @property
    def phase(self) -> Phase:
        """The kind of taps that are made now."""
        return self.busy if 0 < len(self.heard) < self.load.deliveries else self.idle

    def begin(self) -> None:
        """Adds the people, who have not said anything yet."""
        self.moved_at = self._loop.time()
        for number in range(self.load.people):
            self._resting.append(self._person(number))

    def act(self) -> None:
        """The person who has rested longest takes their next step. After the last card a new person replaces them."""
        person = self._resting.pop(0)
        buttons = self._buttons.get(person.chat_id)
        step = Step() if buttons is None else choose(buttons, person.chat_id + person.turns)
        if step is None:
            person, buttons, step = self._person(len(self.persons)), None, Step()
        self._act(person, step, WORDS if buttons is not None else "/start")

    @property
    def can_act(self) -> bool:
        """Whether anybody is not waiting."""
        return bool(self._resting)

    @property
    def waiting(self) -> int:
        """How many wait for a card."""
        return sum(person.waiting for person in self.persons.values())

    def _person(self, number: int) -> Person:
        person = Person(FIRST_CHAT + number, "de")
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
            if chat_id >= FIRST:
                self.moved_at = self._loop.time()
                self.heard.append(self.moved_at)
            message = {
                "message_id": self.limits.messages,
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
            self.moved_at = self._loop.time()
            self.phase.waits.append(self.moved_at - person.sent_at)
            self._resting.append(person)


async def plan(folder: Path, people: int, ahead: timedelta) -> None:
    """Creates people and a broadcast to them that goes out after `ahead`."""
    database = await open_measured(f"sqlite:///{folder / 'lotse.db'}")
    await planned(database, our_content(), people, ahead)
    await database.close()


async def tap_until_all_is_heard(server: LimitedServer, patience: asyncio.Timeout) -> None:
    """Makes somebody act at the load's average pace, until everything is received and there were enough idle taps."""
    load, chance = server.load, Random(300)  # noqa: S311
    while len(server.heard) < load.deliveries or len(server.idle.waits) < load.taps:
        patience.reschedule(server.moved_at + PATIENCE)
        await asyncio.sleep(chance.expovariate(1 / load.every))
        if server.can_act:
            server.act()


async def measure(folder: Path, load: Load, leg: float = 0.0) -> LimitedServer:
    """One run: idle taps, deliveries with taps in between, idle taps."""
    await plan(folder, load.deliveries, timedelta(seconds=TO_START + load.every * load.taps / 2))
    server = LimitedServer(load, leg)
    found = environment(await server.listen(), folder)
    with (folder / "log").open("wb") as log:
        bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"), cwd=folder, env=found | _at(load.rate), stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(START_SECONDS):
            await server.ready.wait()
        server.begin()
        async with asyncio.timeout(PATIENCE) as patience:
            await tap_until_all_is_heard(server, patience)
            while server.waiting:
                patience.reschedule(server.moved_at + PATIENCE)
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        print(f"waited in vain: {len(server.heard)} heard, {server.waiting} wait for a card", file=sys.stderr)
    finally:
        bot.terminate()
        await bot.wait()
        server.close()
    return server


def _at(rate: int) -> dict[str, str]:
    """The settings for this many messages a second."""
    paid = {"SEND_RATE": str(rate), "ALLOW_PAID_BROADCAST": "true"}
    return paid if rate > FREE_RATE else {}


def _ask(folder: Path, statement: str) -> int:
    with closing(sqlite3.connect(folder / "lotse.db")) as connection:
        (found,) = connection.execute(statement).fetchone()
    return int(found)


TITLES = (
    "rounds",
    "deliveries",
    "taps in between",
    "seconds",
    f"beside the least (aim {LONGER})",
    "lowest to highest",
    "p50 ms, idle",
    "in between",
    "ratio",
    "p99 ms, idle",
    "in between",
    f"ratio (aim {SLOWER})",
    "429",
)


def report(played: Iterable[Sequence[LimitedServer]]) -> str:
    """What was found in the rounds of each load, as a table in Markdown; the aims are those of the free rate."""
    lines = [row("messages a second", TITLES), "|---|" + "---:|" * len(TITLES)]
    lines += [row(f"{rounds[0].load.rate:,}", _cells(rounds)) for rounds in played]
    lines += ["", "`beside the least`: the seconds beside what the limit makes unavoidable for deliveries and cards."]
    return "\n".join(lines)


def _cells(rounds: Sequence[LimitedServer]) -> list[str]:
    took = [server.heard[-1] - server.heard[0] for server in rounds]
    longer = [
        seconds / (server.load.deliveries + server.busy.messages) * server.load.rate
        for seconds, server in zip(took, rounds, strict=True)
    ]
    taps, messages = sum(len(one.busy.waits) for one in rounds), sum(one.busy.messages for one in rounds)
    cells = [str(len(rounds)), f"{rounds[0].load.deliveries:,}", f"{taps} ({messages} messages)"]
    cells += [f"{median(took):.1f}", f"{median(longer):.3f}", f"{min(longer):.3f} to {max(longer):.3f}"]
    idle, busy = _waits(server.idle for server in rounds), _waits(server.busy for server in rounds)
    for share in (0.5, 0.99):
        usual, between = percentile(idle, share) * 1000, percentile(busy, share) * 1000
        cells += [f"{usual:.1f}", f"{between:.1f}", f"{between / usual:.2f}" if usual else "-"]
    return [*cells, str(sum(server.limits.refused for server in rounds))]


def _waits(phases: Iterable[Phase]) -> list[float]:
    return [seconds for phase in phases for seconds in phase.waits]


def faults(server: LimitedServer, sent: int) -> str:
    """What is wrong with the counts. Empty if nothing is. `sent`: deliveries marked as sent in the table."""
    wanted, heard = server.load.deliveries, len(server.heard)
    if server.limits.refused == 0 and sent == wanted == heard and not server.waiting:
        return ""
    return (
        f"{wanted:,} deliveries, {heard:,} heard, {sent:,} sent by the table;"
        f" answered with 429: {server.limits.refused}; waited in vain: {server.waiting}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints. Returns 1 if a count is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of one round: does it run at all?")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--leg", type=float, default=0.0, help="milliseconds each way to Telegram takes (default 0)")
    parser.add_argument("--rate", type=int, choices=[one.rate for one in LOADS], help="only this one")
    given = parser.parse_args(arguments)
    loads = [load for load in LOADS if given.rate in {None, load.rate}]
    if given.quick:
        loads, given.rounds = [load.tenth for load in loads], 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"\n`benchmarks.limits`, load before: {os.getloadavg()[0]:.2f}\n", flush=True)
    played: dict[int, list[LimitedServer]] = {}
    wrong = False
    for load in [load for _ in range(given.rounds) for load in loads]:
        with tempfile.TemporaryDirectory(dir=FOLDER) as name:
            server = asyncio.run(measure(Path(name), load, given.leg / 1000))
            found = faults(server, _ask(Path(name), SENT))
        if found:
            print(f"At {load.rate:,} a second: {found}", file=sys.stderr)
        wrong = wrong or bool(found)
        if server.heard:
            played.setdefault(load.rate, []).append(server)
    print(report(played.values()))
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
