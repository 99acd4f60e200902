"""PostgreSQL crashes and comes back, or takes long over everything, while deliveries go out."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.db import engine, replica
from bot.simulator.server import Simulator
from bot.telegram.sender import BATCH
from tests.amounts import amount, seed
from tests.catalogue import count
from tests.faults import books
from tests.faults.canary import scan_file
from tests.faults.killing import FIRST, Killing
from tests.faults.line import Line
from tests.faults.nest import Nest
from tests.faults.own_postgres import a_database, own_server
from tests.faults.storm import Row, Storm, wrong
from tests.faults.telegram import Telegram
from tests.faults.walking import at_first_question
from tests.phones import Phones
from tests.running import running, settings_for
from tests.waiting import LIMIT, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
SENDERS = "SELECT count(*) FROM delivery WHERE state = 'sent' GROUP BY claimed_by"
LONGEST_AWAY = 1.5
"""Seconds."""


@pytest.mark.row(23)
async def test_a_server_that_crashes_while_deliveries_go_out_costs_none_and_doubles_none(
    telegram: Telegram, tmp_path: Path
) -> None:
    restarts, number = amount("RESTARTS"), amount("RESTART_DELIVERIES")
    chance = Random(seed(23))  # noqa: S311
    with own_server() as server, a_database(server) as url:
        await books.fill(url, range(FIRST, FIRST + number))
        async with Nest() as nest:

            async def told(_: int) -> bool:
                return False  # nothing is broken on the wire: nothing may be said twice

            storm = telegram.storm = Storm(chance, told, rough=False)
            bot = await nest.hatch(tmp_path, telegram.url, url, LOG_LEVEL="INFO")
            for _ in range(restarts):
                await storm.called(chance.randint(1, number // restarts // 2))
                await asyncio.to_thread(server.end)
                await asyncio.sleep(chance.uniform(0, LONGEST_AWAY))
                await asyncio.to_thread(server.begin)
            async with books.opened(url) as read:
                await Killing(storm, read, chance).finish()
                await bot.stop()
                rows = [Row(*row) for row in await read.ask(books.ROWS)]
    scan_file(tmp_path / "log.txt")
    assert wrong(rows, storm) == {}
    assert {row.state for row in rows} == {"sent"}
    assert storm.calls == len(storm.heard) == number
    count("crashes of the server", restarts)
    count("deliveries", number)


@pytest.mark.row(24)
async def test_where_every_statement_takes_long_nobody_takes_what_a_living_sender_has_in_hand(
    telegram: Telegram, postgres_url: str, tmp_path: Path
) -> None:
    number, slowest = amount("SLOW_DELIVERIES"), amount("SLOWEST_STATEMENT")
    await books.fill(postgres_url, range(FIRST, FIRST + number))
    async with books.opened(postgres_url) as read, Line(postgres_url) as line, Nest() as nest:
        storm = telegram.storm = Storm(Random(24), read.marked, rough=False)  # noqa: S311
        both = [await nest.hatch(tmp_path / name, telegram.url, line.url) for name in ("one", "other")]
        await storm.called(1)
        line.seconds = slowest / 1000
        await Killing(storm, read, Random(24)).finish()  # noqa: S311
        line.seconds = 0.0
        for bot in both:
            await bot.stop()
        rows = [Row(*row) for row in await read.ask(books.ROWS)]
    assert wrong(rows, storm) == {}
    assert not any(row.marked for row in rows), "taken from who was alive"
    assert storm.calls == len(storm.heard) == number
    assert line.passed > number // BATCH
    count("deliveries", number)
    count("milliseconds for each statement", slowest)


@pytest.mark.row(24)
async def test_a_database_too_slow_for_any_lease_holds_all_up_and_costs_nothing(
    telegram: Telegram, postgres_url: str, tmp_path: Path
) -> None:
    number, names = amount("SLOW_DELIVERIES"), ("one", "other")
    await books.fill(postgres_url, range(FIRST, FIRST + number))
    async with books.opened(postgres_url) as read, Line(postgres_url) as line, Nest() as nest:
        storm = telegram.storm = Storm(Random(24), read.marked, rough=False)  # noqa: S311
        both = [await nest.hatch(tmp_path / name, telegram.url, line.url) for name in names]
        await storm.called(1)
        line.seconds = replica.LEASE
        logs = [tmp_path / name / "log.txt" for name in names]
        await until(lambda: all(leases_out_of_reach(log) > 1 for log in logs), "both to be without their lease")
        assert storm.calls <= BATCH, "they went on without a lease"
        line.seconds = 0.0
        await Killing(storm, read, Random(24)).finish()  # noqa: S311
        for bot in both:
            await bot.stop()
        rows = [Row(*row) for row in await read.ask(books.ROWS)]
    assert wrong(rows, storm) == {}
    assert sum(row.marked for row in rows) <= BATCH
    count("deliveries held up", number)


def leases_out_of_reach(log: Path) -> int:
    """How often a process has tried in vain to renew its lease."""
    return log.read_text(encoding="utf-8").count('"what": "replica"')


@pytest.mark.row(23)
async def test_a_bot_that_starts_before_its_server_serves_once_that_is_there(
    simulator: Simulator, phones: Phones, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PAUSE", 0.01)
    with capture_logs() as logged:
        async with Line(postgres_url) as line:
            line.away = True
            async with asyncio.timeout(LIMIT), running(settings_for(simulator, tmp_path, line.url)):
                await waits(logged)
                line.away = False
                await at_first_question(phones)


@pytest.mark.row(4, 23)
async def test_a_stop_is_heard_while_the_server_is_not_there(simulator: Simulator, tmp_path: Path) -> None:
    with capture_logs() as logged:
        nowhere = "postgresql+asyncpg://lotse@127.0.0.1:1/lotse"
        async with asyncio.timeout(LIMIT), running(settings_for(simulator, tmp_path, nowhere)):
            await waits(logged)


async def waits(logged: list[MutableMapping[str, Any]]) -> None:
    """Until the bot has tried in vain."""
    while not any(one.get("what") == "start" for one in logged):  # noqa: ASYNC110 - another task's doing
        await asyncio.sleep(0.01)
