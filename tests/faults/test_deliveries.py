"""Deliveries while processes are killed and stopped: none is lost, and what may have come twice was marked before."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

import pytest
from sqlalchemy import Connection

from bot import clock
from bot.core.message import Screen, Text
from bot.db.deliveries import Kind
from bot.db.engine import open_database
from bot.services.sending import Message
from bot.telegram.sender import BATCH
from tests.db.rows import new_chat
from tests.faults.conftest import amount
from tests.faults.machine import Machine
from tests.faults.sums import note
from tests.faults.telegram import Telegram
from tests.faults.walking import until

pytestmark = pytest.mark.faults
FIRST = 5_000_000_001
STATES = "SELECT state, count(*) FROM delivery GROUP BY state"
NOT_MARKED = "SELECT count(*) FROM delivery WHERE state IN ('planned', 'claimed') AND unknown_at IS NULL"
POINTS = ("delivery_claimed", "delivery_before_call", "delivery_after_call")


class People:
    """Who hears what, and how often."""

    def __init__(self, telegram: Telegram, number: int) -> None:
        self.heard: Counter[int] = Counter()
        self.ids = range(FIRST, FIRST + number)
        for chat_id in self.ids:
            telegram.listeners[chat_id] = self._listener(chat_id)

    def _listener(self, chat_id: int) -> Any:
        def listen(_: str, __: dict[str, Any]) -> None:
            self.heard[chat_id] += 1

        return listen


async def fill(machine: Machine, people: People) -> None:
    """Every second person is to hear a broadcast, the others a reminder; all due now."""
    database = await open_database(f"sqlite:///{machine.database}")

    def use_case(connection: Connection) -> None:
        from bot.db import deliveries  # noqa: PLC0415

        for chat_id in people.ids:
            new_chat(connection, chat_id, language="de", shown_version=1)
        screen = Screen(((Text("ui.language.ask"),),))
        for kind, remainder in ((Kind.BROADCAST, 0), (Kind.REMINDER, 1)):
            message = Message("all", kind, clock.now() - timedelta(seconds=1), screen).planned()
            chosen = [chat_id for chat_id in people.ids if chat_id % 2 == remainder]
            deliveries.plan(connection, [(chat_id, message) for chat_id in chosen])

    await database.run(use_case)
    await database.close()


def states(machine: Machine) -> dict[str, int]:
    return dict(machine.ask(STATES))


def hurry(database: Path) -> None:
    """The time until what is repeated is due has passed."""
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute("UPDATE delivery SET next_at = due_at WHERE state = 'planned'")


async def test_killed_while_it_sends_it_loses_none_and_repeats_none_unmarked(
    telegram: Telegram, tmp_path: Path
) -> None:
    chance = Random(20261125)  # noqa: S311
    people = People(telegram, amount("DELIVERIES", 400))
    machine = Machine(telegram, tmp_path)
    await fill(machine, people)
    kills = amount("SEND_KILLS", 3)
    for number in range(kills):
        point = chance.choice(("", *POINTS))
        if point:
            reached = chance.randint(1, 3 if point == "delivery_claimed" else 60)
            await machine.start(kill_at=f"{point}:{reached}", SEND_RATE="0" if number % 2 else "30")
            await machine.died()
        else:
            heard = sum(people.heard.values())
            await machine.start(SEND_RATE="30")
            await until(lambda heard=heard: sum(people.heard.values()) > heard, "a delivery")  # type: ignore[misc]
            await asyncio.sleep(chance.uniform(0, 0.5))
            await machine.kill()
    await machine.start(SEND_RATE="0")
    await until(lambda: machine.ask(NOT_MARKED) == [(0,)], "what was never in doubt")
    assert await machine.stop() == 0
    hurry(machine.database)
    await machine.start(SEND_RATE="0")
    await until(lambda: set(states(machine)) <= {"sent", "unknown"}, "what is repeated")
    assert await machine.stop() == 0
    found = machine.ask("SELECT chat_id, kind, state, unknown_at IS NOT NULL FROM delivery")
    times = people.heard
    lost = [chat for chat, kind, state, _ in found if not times[chat] and (kind == "reminder" or state == "sent")]
    twice = [chat for chat, *_ in found if times[chat] > 1]
    unmarked = [chat for chat, kind, _, marked in found if times[chat] > 1 and not (marked and kind == "reminder")]
    doubted = sum(marked for *_, marked in found)
    note("deliveries: planned", len(found))
    note("deliveries: kills while sending", kills)
    note("deliveries: lost", len(lost))
    note("deliveries: heard twice, all marked before", len(twice))
    note("deliveries: in doubt after a kill", doubted)
    machine.scan()
    assert len(found) == len(people.ids)
    assert (lost, unmarked) == ([], [])
    assert max(times.values()) <= 1 + kills
    assert doubted <= kills * 100


async def test_stopped_while_it_sends_it_leaves_nothing_unknown(telegram: Telegram, tmp_path: Path) -> None:
    people = People(telegram, 300)
    machine = Machine(telegram, tmp_path)
    await fill(machine, people)
    for _ in range(2):
        heard = sum(people.heard.values())
        await machine.start(SEND_RATE="30")
        await until(lambda heard=heard: sum(people.heard.values()) > heard + BATCH, "deliveries")  # type: ignore[misc]
        assert await machine.stop() == 0
        assert set(states(machine)) == {"sent", "planned"}
        assert states(machine)["sent"] == sum(people.heard.values())
    await machine.start(SEND_RATE="0")
    await until(lambda: states(machine) == {"sent": 300}, "the rest")
    assert await machine.stop() == 0
    assert set(people.heard.values()) == {1}
