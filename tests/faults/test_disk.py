"""The disk takes no byte more, the memory runs out: the whole bot, in processes with a limit of their own.

A limit on the size of files stands in for a full disk: every write beyond it fails, in database and write-ahead log.
"""

from __future__ import annotations

import resource
from collections import Counter
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a failure comes again

import pytest

from bot.content.loader import Content
from bot.telegram.sender import BATCH
from tests.amounts import amount, seed
from tests.catalogue import count
from tests.databases import sqlite_with_tables
from tests.faults import audit, books
from tests.faults.canary import scan_file
from tests.faults.killing import FIRST, Killing
from tests.faults.machine import ask, quiet
from tests.faults.nest import Nest
from tests.faults.people import Crowd, answering, more_answers
from tests.faults.storm import Row, Storm, wrong
from tests.faults.telegram import Telegram
from tests.waiting import until

pytestmark = pytest.mark.faults
FREE = resource.RLIM_INFINITY
FULL = 1 << 16
"""Bytes at which every file ends: more than the log has, and fewer than a few transactions write, wherever in the
write-ahead log they begin. At its size of the moment it may be begun anew, and take thousands more.
"""
ENOUGH = 10_000_000
"""Bytes of memory that a bot may still take at most."""
GRACE = 1.5
"""Seconds that a bot without memory has to end by itself."""


async def until_it_says(log: Path, event: str, since: int) -> None:
    """Wait for a line in the log that was not there."""
    await until(lambda: event in said(log)[since:], f"{event} in the log")


def said(log: Path) -> str:
    """A log as it is now."""
    return log.read_text(encoding="utf-8")


@pytest.mark.row(21)
async def test_a_disk_that_is_full_while_deliveries_go_out_stops_the_sending_and_it_goes_on_by_itself(
    telegram: Telegram, tmp_path: Path
) -> None:
    times, chance = amount("WRITES_REFUSED"), Random(seed(21))  # noqa: S311
    number, url, log = 300 * times, sqlite_with_tables(tmp_path / "lotse.db"), tmp_path / "log.txt"
    await books.fill(url, range(FIRST, FIRST + number))
    async with books.opened(url) as read, Nest() as nest:
        storm = telegram.storm = Storm(chance, read.marked, rough=False)
        bot = await nest.hatch(tmp_path, telegram.url, url, LOG_LEVEL="WARNING")
        for _ in range(times):
            await storm.called(chance.randint(1, 100))
            since = len(said(log))
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (FULL, FREE))
            await until_it_says(log, "database_away", since)
            heard = storm.calls
            await until_it_says(log, "database_away", len(said(log)))
            assert storm.calls - heard <= BATCH, "it says what it cannot write down"
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (FREE, FREE))
        await Killing(storm, read, chance).finish()
        await bot.stop()
        rows = [Row(*row) for row in await read.ask(books.ROWS)]
    scan_file(log)
    assert wrong(rows, storm) == {}
    assert {row.state for row in rows} == {"sent"}
    assert storm.calls == len(storm.heard) == number, "something was said twice"
    assert ask(tmp_path / "lotse.db", "PRAGMA integrity_check") == [("ok",)]
    count("times that no byte more could be written while sending", times)


@pytest.mark.row(1)
async def test_a_bot_whose_memory_runs_out_loses_nothing(telegram: Telegram, tmp_path: Path, town: Content) -> None:
    chance = Random(seed(1))  # noqa: S311
    crowd = Crowd(telegram, town, chance)
    people = [crowd.person(number) for number in range(20)]
    url, times = sqlite_with_tables(tmp_path / "lotse.db"), amount("WRITES_REFUSED")
    ends = Counter[int]()
    async with Nest() as nest:
        async with answering(people):
            for _ in range(times):
                polls = telegram.polls
                bot = await nest.hatch(tmp_path, telegram.url, url)
                await telegram.polled(polls)
                await more_answers(crowd, 10)
                room = chance.randint(0, ENOUGH)
                resource.prlimit(bot.pid, resource.RLIMIT_AS, (taken(bot.pid) + room, FREE))
                for _ in range(20):
                    telegram.put_raw(f',"message":"{"x" * 1_000_000}"')  # something that needs memory
                ends[await bot.ends_or_is_killed(GRACE)] += 1
            last = await nest.hatch(tmp_path, telegram.url, url)
            await more_answers(crowd, 10)
        await quiet(telegram, tmp_path / "lotse.db")
        await last.stop()
    scan_file(tmp_path / "log.txt")
    assert crowd.faults + audit.differences(audit.stored_in(tmp_path / "lotse.db", town), people) == []
    assert ends.total() == times
    count("times out of memory", times)


def taken(pid: int) -> int:
    """The address space that a process has, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
