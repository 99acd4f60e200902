"""Another program takes the write lock of the database again and again, while people answer."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again

import pytest

from bot.content.loader import Content
from tests.amounts import amount, seed
from tests.catalogue import count
from tests.databases import sqlite_with_tables
from tests.faults import audit
from tests.faults.canary import scan_file
from tests.faults.machine import PARKED, ask, quiet
from tests.faults.nest import Nest
from tests.faults.people import Crowd, answering, more_answers
from tests.faults.telegram import Telegram

pytestmark = pytest.mark.faults
SHORTEST = 0.1
"""Seconds."""


@pytest.mark.row(20)
async def test_a_lock_that_is_taken_again_and_again_costs_nobody_an_answer(
    telegram: Telegram, tmp_path: Path, town: Content
) -> None:
    chance, holds, longest = Random(seed(20)), amount("HOLDS"), amount("LONGEST_HOLD")  # noqa: S311
    crowd = Crowd(telegram, town, chance)
    people = [crowd.person(number) for number in range(20)]
    url, database, held = sqlite_with_tables(tmp_path / "lotse.db"), tmp_path / "lotse.db", 0.0
    async with Nest() as nest:
        bot = await nest.hatch(tmp_path, telegram.url, url)
        async with answering(people):
            for _ in range(holds):
                await more_answers(crowd, chance.randint(1, 20))
                seconds = SHORTEST * (longest / SHORTEST) ** chance.random()  # as many short ones as long ones
                await hold(database, seconds)
                held += seconds
        await quiet(telegram, database)
        await bot.stop()
    scan_file(tmp_path / "log.txt")
    assert crowd.faults + audit.differences(audit.stored_in(database, town), people) == []
    assert ask(database, PARKED) == [(0,)]
    assert "BUSY_SNAPSHOT" not in (tmp_path / "log.txt").read_text(encoding="utf-8")
    count("holds", holds)
    count("seconds of them", round(held))


async def hold(database: Path, seconds: float) -> None:
    """Have the write lock for so long; whoever has it now is waited for."""
    other = sqlite3.connect(database, isolation_level=None, timeout=30, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    try:
        await asyncio.sleep(seconds)
    finally:
        other.execute("ROLLBACK")
        other.close()
