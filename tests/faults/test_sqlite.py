"""The database is locked, full, cut off in the middle, or wanted by two: what was confirmed stays."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random  # noqa: TID251 - seeded, so that a failure comes again
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.db import sqlite
from bot.db.sqlite import SqliteDatabase
from bot.simulator.server import Simulator
from bot.telegram import intake, polling
from tests.amounts import amount
from tests.catalogue import count
from tests.faults import audit
from tests.faults.machine import OWED, PARKED, WAITING, Machine, ask
from tests.faults.people import Crowd, answering, more_answers
from tests.faults.sums import note
from tests.faults.telegram import Telegram
from tests.faults.walking import SECOND, THIRD, at_first_question, at_second_question
from tests.phones import Phones
from tests.running import Lotse, running, settings_for
from tests.waiting import until

pytestmark = pytest.mark.faults
HOLD = """
import sqlite3, sys
holder = sqlite3.connect(sys.argv[1], isolation_level=None)
holder.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextlib.asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Another program that holds the file's write lock as long as the block."""
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(file), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"held\n"
        yield
    finally:
        await holder.communicate(b"")


@pytest.fixture
async def opened(
    simulator: Simulator, phones: Phones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Lotse, SqliteDatabase]]:
    """A bot with little patience, and its own connection to the database."""
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "PRAGMA busy_timeout=100"))
    monkeypatch.setattr(polling, "PAUSES", (0.1,))
    monkeypatch.setattr(intake, "PAUSE", 0.1)
    made: list[SqliteDatabase] = []
    begin = SqliteDatabase.__init__

    def remember(self: SqliteDatabase, *given: object) -> None:
        begin(self, *given)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(SqliteDatabase, "__init__", remember)
    settings = settings_for(simulator, tmp_path)
    async with running(settings):
        await until(lambda: made, "the database to be opened")
        yield Lotse(settings, phones, simulator), made[0]


@pytest.mark.row(20)
async def test_a_database_locked_by_another_program_is_waited_for(
    opened: tuple[Lotse, SqliteDatabase], own_log: io.StringIO
) -> None:
    lotse, _ = opened
    file = lotse.settings.data_dir / "lotse.db"
    person = await at_second_question(lotse.phones)
    async with locked(file):
        await person.tap("A1", answered=False)
        await until(lambda: "DatabaseAway" in own_log.getvalue(), "the bot to run into the lock")
        assert lotse.simulator.world.updates.waiting(), "nothing is confirmed that is not stored"
    await person.reads(THIRD)
    assert ask(file, WAITING) == ask(file, PARKED) == [(0,)]


@pytest.mark.row(21)
async def test_a_full_disk_stops_the_confirming_and_resumes_by_itself(
    opened: tuple[Lotse, SqliteDatabase], own_log: io.StringIO
) -> None:
    lotse, database = opened
    file = lotse.settings.data_dir / "lotse.db"
    person, other = await at_second_question(lotse.phones), await at_first_question(lotse.phones)
    for level in ("A1", "A2", "A1"):
        own_log.truncate(own_log.seek(0))
        fill(database)
        for number in range(20):
            await lotse.phones.ask("POST", f"/api/phones/{other.id}/messages", text=f"{number} " * 1300)
        await until(lambda: "DatabaseAway" in own_log.getvalue(), "the disk to be full")
        await person.tap(level, answered=False)
        assert lotse.simulator.world.updates.waiting(), "nothing is confirmed that is not stored"
        database._driver.execute("PRAGMA max_page_count=1000000")
        await person.reads(THIRD)
        await until(lambda: not lotse.simulator.world.updates.waiting(), "all updates to be taken")
        await until(lambda: ask(file, WAITING) == [(0,)], "the rest to be worked through")
        await until(lambda: ask(file, OWED) == [(0,)], "all cards to be shown")
        assert ask(file, "SELECT value FROM answer WHERE question_id = 'german_level'") == [(f'"{level}"',)]
        await person.tap("Zurück")
        await person.reads(SECOND)
    assert ask(file, PARKED) == [(0,)]
    assert ask(file, "PRAGMA integrity_check") == [("ok",)]


def fill(database: SqliteDatabase) -> None:
    """Leave no page free, and let the file not grow."""
    [pages] = database._driver.execute("PRAGMA page_count").fetchone()
    database._driver.execute(f"PRAGMA max_page_count={pages}")


@pytest.mark.row(22)
async def test_a_copy_of_the_files_at_any_instant_holds_all_that_was_confirmed(
    telegram: Telegram, tmp_path: Path, town: Content
) -> None:
    chance = random.Random(22)  # noqa: S311
    crowd = Crowd(telegram, town, chance)
    people = [crowd.person(number) for number in range(40)]
    machine = Machine(telegram, tmp_path)
    await machine.ready()
    copies, answers = amount("COPIES"), 0
    broken: list[object] = []
    async with answering(people):
        await more_answers(crowd, 40)
        for number in range(copies):
            await asyncio.sleep(chance.uniform(0.01, 0.1))
            promised = audit.promises(people)
            folder = tmp_path / f"copy{number}"
            take_copy(machine, folder)
            stored = audit.stored_in(folder / "lotse.db", town)
            answers += stored.answers
            broken += [(number, key) for key in audit.lost(stored, promised)]
            broken += [(number, stored.integrity)] if stored.integrity != "ok" else []
            shutil.rmtree(folder)
    await machine.quiet()
    assert await machine.stop() == 0
    machine.scan()
    note("power cut: copies of database and write-ahead log taken and opened", copies)
    note("power cut: answers found in them", answers)
    note("power cut: confirmed answers missing, or copies broken", len(broken))
    count("copies", copies)
    assert broken == []
    assert crowd.faults + audit.differences(audit.stored_in(machine.database, town), people) == []


def take_copy(machine: Machine, folder: Path) -> None:
    """Both files as they are at one instant: the bot stands still in the middle of whatever it does."""
    folder.mkdir()
    machine.freeze()
    for name in ("lotse.db", "lotse.db-wal"):
        if (machine.folder / name).exists():
            shutil.copyfile(machine.folder / name, folder / name)
    machine.thaw()


@pytest.mark.row(25)
async def test_a_second_bot_on_the_same_file_refuses_to_start(telegram: Telegram, tmp_path: Path) -> None:
    first, second = Machine(telegram, tmp_path), Machine(telegram, tmp_path)
    await first.ready()
    await second.start()
    assert await second.end() == 2
    assert "lotse.db is in use by another Lotse. Stop that one first" in second.last_words()
    assert "Traceback" not in second.last_words()
    assert await first.stop() == 0
