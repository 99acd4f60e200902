"""Deliveries by two senders at once; test_storm_*.py has the kills among all faults, test_stops.py the stops."""

from __future__ import annotations

from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again

import pytest

from bot.telegram.sender import BATCH
from tests.faults import books
from tests.faults.killing import FIRST, Killing
from tests.faults.nest import Nest
from tests.faults.storm import Row, Storm, wrong
from tests.faults.sums import note
from tests.faults.telegram import Telegram

pytestmark = pytest.mark.faults
STATES = "SELECT state, count(*) FROM delivery GROUP BY state"
SENDERS = "SELECT count(*) FROM delivery WHERE state = 'sent' GROUP BY claimed_by"


@pytest.mark.row(25)
@pytest.mark.postgres
async def test_of_two_processes_on_one_database_one_sends_all(
    telegram: Telegram, postgres_url: str, tmp_path: Path
) -> None:
    await books.fill(postgres_url, range(FIRST, FIRST + 2000))
    async with books.opened(postgres_url) as read, Nest() as nest:
        storm = telegram.storm = Storm(Random(1), read.marked, rough=False)  # noqa: S311
        both = [await nest.hatch(tmp_path / name, telegram.url, postgres_url) for name in ("one", "other")]
        await Killing(storm, read, Random(1)).finish()  # noqa: S311
        for bot in both:
            await bot.stop()
        shares = [number for (number,) in await read.ask(SENDERS)]
        assert await read.ask(STATES) == [("sent", 2000)]
    note("two processes on one PostgreSQL: deliveries of each that sent", " and ".join(map(str, shares)))
    note("two processes on one PostgreSQL: heard twice", storm.calls - len(storm.heard))
    assert storm.calls == len(storm.heard) == 2000
    assert shares == [2000]


@pytest.mark.row(3, 25)
@pytest.mark.postgres
async def test_what_is_left_of_a_killed_sender_the_other_takes_over(
    telegram: Telegram, postgres_url: str, tmp_path: Path
) -> None:
    await books.fill(postgres_url, range(FIRST, FIRST + 2000))
    async with books.opened(postgres_url) as read, Nest() as nest:
        storm = telegram.storm = Storm(Random(1), read.marked, rough=False)  # noqa: S311
        one = await nest.hatch(tmp_path / "one", telegram.url, postgres_url)
        await storm.called(BATCH)
        other = await nest.hatch(tmp_path / "other", telegram.url, postgres_url)
        await storm.called(600)
        await one.kill()
        left = await read.number(books.OPEN)
        await Killing(storm, read, Random(1)).finish()  # noqa: S311
        await other.stop()
        rows = [Row(*row) for row in await read.ask(books.ROWS)]
        shares = await read.ask(SENDERS)
    doubted = sum(row.marked for row in rows)
    note("one of two senders killed: left to the other, in doubt", f"{left}, {doubted}")
    assert wrong(rows, storm) == {}
    assert left > BATCH
    assert doubted <= BATCH
    assert len(shares) == 2
