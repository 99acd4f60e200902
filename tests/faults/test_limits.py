"""The whole bot against a Telegram that enforces its limits in any sliding second: nobody is ever told to wait.

The benchmark (`benchmarks/limits.py`) says how long it takes and how long taps wait; here it is counted only.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again

import pytest
from sqlalchemy import Connection

from bot import app, clock
from bot.core.message import Screen, Text
from bot.db.engine import Database, open_database
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind
from bot.services.deliveries.sending import Message
from bot.simulator.limits import IN_A_GROUP, OVERALL, Limits
from bot.simulator.server import Simulator
from tests.db.rows import new_chat
from tests.faults import steady_time
from tests.faults.machine import ask
from tests.faults.walking import at_first_question
from tests.phones import Phone, Phones
from tests.running import TOKEN, running, settings_for
from tests.waiting import until

pytestmark = pytest.mark.faults
DELIVERIES = 600
FIRST = 7_000_000_001
PEOPLE = 4
LONGEST = 180.0
"""Seconds in which all of it is sent on a machine however busy; half a minute is what the limits take."""
TAPS = 12
"""Of each person; every third time they write instead."""
OPTION = "Deutsch lernen"
GROUP = "SELECT state, count(*) FROM delivery WHERE chat_id < 0 GROUP BY state"
OTHERS = "SELECT state, count(*) FROM delivery WHERE chat_id > 0 GROUP BY state"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Database]:
    """The database of the bot that runs in this process."""
    found: list[Database] = []

    async def open_and_tell(url: str) -> Database:
        found.append(await open_database(url))
        return found[-1]

    monkeypatch.setattr(app, "open_database", open_and_tell)
    return found


def crowd(simulator: Simulator, number: int) -> list[int]:
    """People who have started the bot some day, as Telegram knows them."""
    for chat_id in range(FIRST, FIRST + number):
        phone = simulator.world.add_phone({"id": chat_id, "is_bot": False, "first_name": "A", "language_code": "de"})
        phone.started = True
    simulator.world.commit()
    return list(range(FIRST, FIRST + number))


async def plan(database: Database, chat_ids: list[int], times: int = 1) -> None:
    """So many reminders for everybody, all due now."""

    def use_case(connection: Connection) -> None:
        for chat_id in chat_ids:
            new_chat(connection, chat_id, language="de", shown_version=1, created_at=clock.now())
        screen = Screen(((Text("ui.language.ask"),),))
        for number in range(times):
            due = clock.now() - timedelta(minutes=1)
            message = Message(f"cause {number}", Kind.REMINDER, due, screen).planned()
            deliveries.plan(connection, [(chat_id, message) for chat_id in chat_ids])

    await database.run(use_case)


async def taps(person: Phone, chance: Random) -> int:
    """Tick, untick and write, at a person's pace; each waits for the answer. How many were answered."""
    for number in range(TAPS):
        await asyncio.sleep(chance.uniform(1.05, 1.5))  # in one chat a message a second is the limit
        if number % 3 == 2:
            seen = person.last_message["message_id"]
            await person.send("Guten Tag")
            await person.settled(lambda phone, old=seen: phone.last_message["message_id"] > old, "the card")  # type: ignore[misc]
            continue
        ticked = f"✅ {OPTION}" in person.buttons
        await person.tap(OPTION)
        await person.settled(lambda phone, was=ticked: (f"✅ {OPTION}" in phone.buttons) != was, "the tick")  # type: ignore[misc]
    return TAPS


async def fill_up(database: Path) -> dict[str, int]:
    """Wait for as many in the group as a minute holds; how all for it stand then."""
    await until(lambda: ("sent", IN_A_GROUP) in ask(database, GROUP), "twenty in the group", LONGEST)
    return dict(ask(database, GROUP))


@pytest.mark.row(8)
def test_among_deliveries_taps_and_words_nobody_is_ever_told_to_wait(opened: list[Database], tmp_path: Path) -> None:
    steady_time.run(taps_among_deliveries(opened, tmp_path))


async def taps_among_deliveries(opened: list[Database], folder: Path) -> None:
    chance, limits = Random(30), Limits(steady_time.now)  # noqa: S311
    async with Simulator(token=TOKEN, limits=limits) as simulator, Phones(simulator.url) as phones:
        settings = settings_for(simulator, folder)
        database = folder / "lotse.db"
        async with running(settings):
            people = [await at_first_question(phones) for _ in range(PEOPLE)]
            group = (await phones.ask("POST", "/api/groups", title="Team", phone=people[0].id))["id"]
            before = limits.messages
            await plan(opened[0], [int(group)], IN_A_GROUP + 2)
            await plan(opened[0], crowd(simulator, DELIVERIES))
            async with asyncio.TaskGroup() as nursery:
                answered = [nursery.create_task(taps(person, chance)) for person in people]
                full = nursery.create_task(fill_up(database))
            await until(lambda: ask(database, OTHERS) == [("sent", DELIVERIES)], "the deliveries", LONGEST)
    assert limits.refused == 0
    assert sum(one.result() for one in answered) == PEOPLE * TAPS
    assert full.result() == {"sent": IN_A_GROUP, "planned": 2}
    assert ask(database, "SELECT count(*) FROM delivery WHERE tries > 1 OR unknown_at IS NOT NULL") == [(0,)]
    assert limits.messages - before >= DELIVERIES + IN_A_GROUP + PEOPLE * TAPS


@pytest.mark.row(8)
async def test_who_sends_too_fast_is_told_to_wait_and_loses_nothing(opened: list[Database], tmp_path: Path) -> None:
    number, limits = 4 * OVERALL, Limits(time.monotonic)
    async with Simulator(token=TOKEN, limits=limits) as simulator:
        settings = settings_for(simulator, tmp_path, send_rate=200, allow_paid_broadcast=True)
        async with running(settings):
            await until(lambda: opened, "the database")
            await plan(opened[0], people := crowd(simulator, number))
            await until(lambda: ask(tmp_path / "lotse.db", OTHERS) == [("sent", number)], "the deliveries")
        heard = [len(simulator.world.chats[one].messages) for one in people]
    assert limits.refused > 0, "the limits were not enforced"
    assert heard == [1] * number
