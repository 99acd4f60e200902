"""SIGTERM at every stage: the bot ends by itself, leaves nothing in doubt, and the next start goes on."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again

import pytest
from sqlalchemy import text

from bot.content.loader import Content
from bot.db.engine import open_database
from bot.db.migrate import revision
from bot.db.schema import HEAD
from tests.amounts import amount, seed
from tests.catalogue import count
from tests.databases import sqlite_with_tables
from tests.db.test_migrations import at_first, on
from tests.faults import audit, books
from tests.faults.canary import scan_file
from tests.faults.killing import FIRST, Killing
from tests.faults.machine import PARKED, Machine, ask, quiet
from tests.faults.nest import Nest
from tests.faults.people import Crowd, answering, more_answers
from tests.faults.storm import Storm
from tests.faults.telegram import Telegram

pytestmark = pytest.mark.faults
STATES = "SELECT state, count(*) FROM delivery GROUP BY state"
NOT_YET_LISTENING = {0, -signal.SIGTERM}
"""How a bot ends that is stopped while it starts."""


@pytest.mark.row(4)
async def test_stopped_while_it_sends_it_leaves_nothing_unknown(
    telegram: Telegram, database_url: str, tmp_path: Path
) -> None:
    stops, chance = amount("STOPS"), Random(seed(4))  # noqa: S311
    number = 100 * stops  # enough for all stops, however much goes out until each is heard
    await books.fill(database_url, range(FIRST, FIRST + number))
    async with books.opened(database_url) as read, Nest() as nest:
        storm = telegram.storm = Storm(chance, read.marked, rough=False)
        met = 0
        for _ in range(stops):
            bot = await nest.hatch(tmp_path, telegram.url, database_url)
            await storm.called(chance.randint(1, 80))
            await bot.stop()
            found = dict(await read.ask(STATES))
            met += found.get("planned", 0) > 0
            assert set(found) <= {"sent", "planned"}
            assert found["sent"] == len(storm.heard)
        bot = await nest.hatch(tmp_path, telegram.url, database_url)
        await Killing(storm, read, chance).finish()
        await bot.stop()
        assert await read.ask(STATES) == [("sent", number)]
    assert storm.calls == len(storm.heard) == number
    assert met > stops // 2, "most stops came when all was said"
    count("stops while sending", stops)


@pytest.mark.row(4)
async def test_stopped_while_people_answer_and_while_it_starts_it_loses_nothing(
    telegram: Telegram, tmp_path: Path, town: Content
) -> None:
    stops, chance = amount("STOPS"), Random(seed(44))  # noqa: S311
    crowd = Crowd(telegram, town, chance)
    people = [crowd.person(number) for number in range(20)]
    url, database = sqlite_with_tables(tmp_path / "lotse.db"), tmp_path / "lotse.db"
    async with Nest() as nest:
        async with answering(people):
            for number in range(stops):
                polls = telegram.polls
                bot = await nest.hatch(tmp_path, telegram.url, url)
                if number % 4:
                    await telegram.polled(polls)
                    await asyncio.sleep(chance.uniform(0.05, 0.6))
                    await bot.stop()
                else:
                    await asyncio.sleep(chance.uniform(0, 0.3))
                    assert await bot.asked_to_stop() in NOT_YET_LISTENING
            last = await nest.hatch(tmp_path, telegram.url, url)
            await more_answers(crowd)  # however little a slow machine got done between the stops
        await quiet(telegram, database)
        await last.stop()
    scan_file(tmp_path / "log.txt")
    assert crowd.faults + audit.differences(audit.stored_in(database, town), people) == []
    assert ask(database, PARKED) == [(0,)]
    count("stops while people answer", stops - (stops + 3) // 4)
    count("stops during the start", (stops + 3) // 4)


@pytest.mark.row(4, 34)
@pytest.mark.parametrize("step", [1, 8])
async def test_stopped_in_a_migration_it_ends_with_one_whole_revision(
    telegram: Telegram, new_database_url: str, tmp_path: Path, step: int
) -> None:
    await on(new_database_url, at_first)
    machine = Machine(telegram, tmp_path)
    await machine.start(kill_at=f"migrated:{step}:SIGTERM", DATABASE_URL=new_database_url)
    assert await machine.end() in NOT_YET_LISTENING
    assert "Traceback" not in machine.last_words()
    assert await on(new_database_url, revision) in {"0001", HEAD}
    assert await on(new_database_url, lambda tx: tx.scalar(text("SELECT count(*) FROM answer"))) == 3
    await (await open_database(new_database_url)).close()
    assert await on(new_database_url, revision) == HEAD
    count("stops in a migration", 1)


@pytest.mark.row(4)
def test_stopped_before_it_listens_it_ends_as_the_first_process_of_a_container_too() -> None:
    """No signal ends that one by itself, so it must have said what it does."""
    run = "settings.read = lambda: signal.raise_signal(signal.SIGTERM); sys.exit(cli.main(['run']))"
    program = f"import signal, sys; from bot import cli, settings; {run}"
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")
    count("stops during the start", 1)
