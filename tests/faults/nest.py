"""Whole bots that start at once: one process has loaded everything, and forks for each start.

A start costs seconds of CPU, nearly all of it imports and the checking of the content; a fork of a process that has
both behind it costs a tenth. What is forked is a process like any other: `lotse run` with its own number, event loop,
connections and database, to be killed with SIGKILL.

Some waits are shorter there (`hasten`), so that a test need not sit them out; what is waited for stays the same.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, Self

from bot.content.loader import Content
from tests.databases import KEY_FILE
from tests.faults.machine import LEFT_ALONE, LIMIT, ROOT
from tests.faults.telegram import TOKEN

GLANCE = 0.02
"""Seconds between two looks for processes that have ended."""


class Bot:
    """One bot that runs, or ran."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def ended(self, code: int) -> None:
        """It is no more; a negative code is the signal it died by."""
        self._ended.set_result(code)

    async def died(self) -> None:
        """Wait for the SIGKILL that it gives itself at a named point."""
        code = await self._end()
        assert code == -signal.SIGKILL, f"the bot ended by itself with {code}"

    async def kill(self) -> None:
        """kill -9, now."""
        self._signal(signal.SIGKILL)
        await self.died()

    async def stop(self) -> None:
        """SIGTERM, as an operator stops it."""
        code = await self.asked_to_stop()
        assert code == 0, f"a stop ended with {code}"

    async def asked_to_stop(self) -> int:
        """The same at any moment: its exit code, or the signal it died by where it was not yet listening."""
        self._signal(signal.SIGTERM)
        return await self._end()

    async def ends_or_is_killed(self, within: float) -> int:
        """Let it end by itself for so many seconds, then kill it: its exit code, or the signal it died by."""
        try:
            async with asyncio.timeout(within):
                return await asyncio.shield(self._ended)
        except TimeoutError:
            os.kill(self.pid, signal.SIGKILL)
            return await self._end()

    def _signal(self, number: signal.Signals) -> None:
        assert not self._ended.done(), f"the bot ended by itself with {self._ended.result()}"
        os.kill(self.pid, number)

    async def _end(self) -> int:
        async with asyncio.timeout(LIMIT):
            return await asyncio.shield(self._ended)


class Nest:
    """The process that forks: `async with Nest() as nest: bot = await nest.hatch(...)`. Its end is the end of all.

    `patience` is how many seconds its bots wait for an answer.
    """

    def __init__(self, patience: float = 20.0) -> None:
        self._patience = patience
        self._bots: dict[int, Bot] = {}
        self._hatched: asyncio.Queue[int] = asyncio.Queue()
        self._process: asyncio.subprocess.Process
        self._reader: asyncio.Task[None]
        self._nursery = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        environment = {name: os.environ[name] for name in LEFT_ALONE if name in os.environ}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, str(self._patience), stdin=pipe, stdout=pipe, env=environment, cwd=ROOT
        )
        await self._nursery.__aenter__()
        self._reader = self._nursery.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._nursery.__aexit__(None, None, None)

    async def hatch(self, folder: Path, url: str, database_url: str, kill_at: str = "", **more: str) -> Bot:
        """Start a bot on the data folder, with its log in there; it is not yet ready. One at a time."""
        environment = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "DATA_DIR": str(folder),
            "KEY_FILE": str(KEY_FILE),
            "DATABASE_URL": database_url,
            "CONTENT_DIR": str(ROOT / "content"),
            "FLOOD_LIMIT": "0",
            "LOG_LEVEL": "DEBUG",
            "LOTSE_KILL_AT": kill_at,
            **more,
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(environment).encode() + b"\n")
        async with asyncio.timeout(LIMIT):
            pid = await self._hatched.get()
        return self._bots[pid]

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said: dict[str, int] = json.loads(line)
            if "code" in said:
                self._bots[said["pid"]].ended(said["code"])
            else:
                self._bots[said["pid"]] = Bot(said["pid"])
                self._hatched.put_nowait(said["pid"])


# ---- in the process that forks


def hasten(patience: float) -> None:
    """Shorter waits: nothing else is changed."""
    from bot.db import deliveries, sqlite  # noqa: PLC0415 - only in the process that forks
    from bot.db.audience.sending import fan_out  # noqa: PLC0415
    from bot.services import sending  # noqa: PLC0415
    from bot.telegram import pace, sender, transport, wakes  # noqa: PLC0415

    transport.READ_SECONDS = patience
    pace.WINDOW, pace.LEFT_TO_REPLIES = 0.1, 0.0015  # 30 in a tenth of a second, so batches stay those of 30 a second
    deliveries.REPEAT_AFTER /= 60  # a minute
    sqlite.BUSY_MILLISECONDS = 500  # 5,000
    sending.FIRST_PAUSE = 0.2  # 2
    sender.PAUSE, sender.LONGEST_QUIET = 0.2, 3.0  # 2, 30
    wakes.OUTBOX_SECONDS = 1  # 60
    wakes.BROADCAST_SECONDS = 0.2  # type: ignore[assignment]  # 3
    (fan_out.__kwdefaults__ or {})["most"] = 50  # 5,000 participants a page: kills fall between pages


def load_everything() -> None:
    """Import what a bot imports, and read the content."""
    from bot import app  # noqa: PLC0415 - only in the process that forks
    from bot.settings import Settings, read  # noqa: PLC0415

    for database in ("bot.db.sqlite", "bot.db.postgres", "asyncpg"):
        importlib.import_module(database)
    content = app.load_content(read(_env_file=None, content_dir=ROOT / "content"))

    def load_content(settings: Settings) -> Content:
        del settings
        return content

    app.load_content = load_content


def run(environment: dict[str, str]) -> int:
    """Be a bot; the exit code."""
    from bot import cli, failpoints  # noqa: PLC0415 - only in a process that was forked

    os.environ.update(environment)
    Path(environment["DATA_DIR"]).mkdir(exist_ok=True)
    os.chdir(environment["DATA_DIR"])
    log = os.open("log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), log, log)):
        os.dup2(file, number)
    importlib.reload(failpoints)  # it has read the environment of the process that forks
    try:
        return cli.main(["run"])
    except BaseException:  # noqa: BLE001 - as Python itself says it at its end
        traceback.print_exc()
        return 1


def say(**what: Any) -> None:
    """One line to the test."""
    print(json.dumps(what), flush=True)  # noqa: T201 - that is the way to the test


def main() -> None:
    """Fork for every line of stdin (an environment), and tell of every end; with stdin ends everything."""
    load_everything()
    hasten(float(sys.argv[1]))
    gc.freeze()  # what is loaded stays shared
    alive: set[int] = set()
    asked = b""
    while True:
        if select.select([0], [], [], GLANCE)[0]:
            more = os.read(0, 1 << 16)
            if not more:
                break
            *lines, asked = (asked + more).split(b"\n")
            for line in lines:
                pid = os.fork()
                if not pid:
                    os._exit(run(json.loads(line)))
                alive.add(pid)
                say(pid=pid)
        for pid in tuple(alive):
            if (ended := os.waitpid(pid, os.WNOHANG))[0]:
                alive.remove(pid)
                say(pid=pid, code=os.waitstatus_to_exitcode(ended[1]))
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
