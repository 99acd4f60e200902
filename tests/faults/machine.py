"""The bot as its operator runs it: a separate process, to be killed without warning and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.databases import KEY_FILE
from tests.faults.canary import scan_file
from tests.faults.telegram import TOKEN, Telegram
from tests.waiting import until

ROOT = Path(__file__).parents[2]
LIMIT = 120.0
"""Seconds that a process may take for anything before the test gives up. Never the pace of a test."""
SLOWEST = 20
"""Updates a second that even a slow, busy machine handles."""
left: set[int] = set()
"""Processes of the current test that have not been seen to end."""
LEFT_ALONE = ("PATH", "LANG", "HOME", "PYTHONPATH", "TMPDIR")


class Machine:
    """One data folder, and the bot that runs or ran on it."""

    def __init__(self, telegram: Telegram, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log.txt"
        self.database = folder / "lotse.db"
        self._telegram = telegram
        self._process: asyncio.subprocess.Process

    async def start(self, kill_at: str = "", **more: str) -> None:
        """Starts the bot. It is not ready yet."""
        environment = {name: os.environ[name] for name in LEFT_ALONE if name in os.environ}
        environment |= {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self._telegram.url,
            "DATA_DIR": str(self.folder),
            "KEY_FILE": str(KEY_FILE),
            "CONTENT_DIR": str(ROOT / "content"),
            "FLOOD_LIMIT": "0",
            "LOG_LEVEL": "DEBUG",
            "LOTSE_KILL_AT": kill_at,
            "PYTHONPATH": str(ROOT),
        }
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=environment | more, cwd=self.folder, stdout=log, stderr=log
            )
        left.add(self._process.pid)

    async def ready(self) -> None:
        """Whether the start is over: the bot fetches updates."""
        polls = self._telegram.polls
        await self.start()
        await self.first_poll(polls)

    async def first_poll(self, polls: int) -> None:
        """Waits until the bot fetches, or fails with how it ended."""
        async with asyncio.timeout(LIMIT), asyncio.TaskGroup() as nursery:
            polled = nursery.create_task(self._telegram.polled(polls))
            ended = nursery.create_task(self._process.wait())
            await asyncio.wait({polled, ended}, return_when=asyncio.FIRST_COMPLETED)
            assert polled.done(), f"the bot ended by itself with {ended.result()}:\n{self.last_words()}"
            ended.cancel()

    async def died(self, by: signal.Signals = signal.SIGKILL) -> None:
        """Waits for the end that was asked for."""
        code = await self.end()
        assert code == -by, f"the bot ended by itself with {code}:\n{self.last_words()}"

    async def kill(self) -> None:
        """Kills it (kill -9), now."""
        self._process.kill()
        await self.died()

    async def stop(self) -> int:
        """Sends SIGTERM, as an operator does. Returns its exit code."""
        self._process.terminate()
        return await self.end()

    async def end(self) -> int:
        """Waits until it ends by itself. Returns its exit code."""
        async with asyncio.timeout(LIMIT):
            code = await self._process.wait()
        left.discard(self._process.pid)
        return code

    @property
    def code(self) -> int | None:
        """Its exit code. None while it runs."""
        return self._process.returncode

    def freeze(self) -> None:
        """Freezes the process in the middle of whatever it does."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        self._process.send_signal(signal.SIGCONT)

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8")[-2000:]

    def scan(self) -> None:
        """Fails if any run logged what no log may show."""
        scan_file(self.log)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Reads from the database without touching it."""
        return ask(self.database, sql)

    async def quiet(self, after: int = 0) -> None:
        """Waits until everything that people did is handled. `after`: so many updates at once."""
        await quiet(self._telegram, self.database, after)


def end_all() -> None:
    """Kills what a failed test has left running. It would take CPU from all later tests."""
    while left:
        with suppress(ProcessLookupError):
            os.kill(left.pop(), signal.SIGKILL)


WAITING = "SELECT count(*) FROM inbox WHERE body IS NOT NULL AND parked IS NULL"
PARKED = "SELECT count(*) FROM inbox WHERE parked IS NOT NULL"
OWED = "SELECT count(*) FROM chat WHERE card_version > shown_version"


async def quiet(telegram: Telegram, database: Path, after: int = 0) -> None:
    """Waits until everything that people did is fetched and handled by whichever bot runs.

    `after`: this many updates came at once.
    """
    await until(
        lambda: telegram.quiet and ask(database, WAITING) == [(0,)], "an end of all updates", LIMIT + after / SLOWEST
    )


def ask(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """Reads from a database file that may be in use, without taking part in its write-ahead log."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
