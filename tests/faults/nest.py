"""Whole bots that start at once: one process has loaded everything, and forks for each start.

A start costs seconds of CPU, nearly all for imports and checking the content. A fork of a process that has done both
costs a tenth. A forked process is like any other: `lotse run` with its own process id, event loop, connections and
database, to be killed with SIGKILL.

Some waits are shorter there (`hasten`), so that a test need not sit them out. What is waited for stays the same.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Self

from bot.content.loader import Content
from tests.databases import KEY_FILE
from tests.faults.machine import LEFT_ALONE, LIMIT, ROOT
from tests.faults.telegram import TOKEN

GLANCE = 0.02
"""Seconds between two looks for processes that have ended."""
PATIENCE = "NEST_PATIENCE"
"""The variable that tells its bots how long to wait for an answer."""


class Bot:
    """One bot that runs, or ran."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def ended(self, code: int) -> None:
        """Notes its end. A negative code is the signal that ended it."""
        self._ended.set_result(code)

    async def died(self) -> None:
        """Waits for the SIGKILL that it gives itself at a named point."""
        code = await self._end()
        assert code == -signal.SIGKILL, f"the bot ended by itself with {code}"

    async def kill(self) -> None:
        """Kills it (kill -9), now."""
        self._signal(signal.SIGKILL)
        await self.died()

    async def stop(self) -> None:
        """Sends SIGTERM, as an operator does."""
        code = await self.asked_to_stop()
        assert code == 0, f"a stop ended with {code}"

    async def asked_to_stop(self) -> int:
        """The same at any moment. Returns the exit code, or the signal if it was not listening yet."""
        self._signal(signal.SIGTERM)
        return await self._end()

    async def ends_or_is_killed(self, within: float) -> int:
        """Gives it this many seconds to end by itself, then kills it. Returns the exit code or the signal."""
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
    """The bots of one test: `async with Nest() as nest: bot = await nest.hatch(...)`. All end with it.

    `patience`: how many seconds they wait for an answer.
    """

    def __init__(self, patience: float = 20.0) -> None:
        self._patience = patience
        self._bots: dict[int, Bot] = {}
        self._hatched: asyncio.Queue[int] = asyncio.Queue()
        self._line: asyncio.StreamWriter
        self._nursery = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        reader, self._line = await asyncio.open_unix_connection(_address())
        await self._nursery.__aenter__()
        self._nursery.create_task(self._read(reader))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._line.write_eof()
        await self._nursery.__aexit__(None, None, None)
        self._line.close()
        await self._line.wait_closed()

    async def hatch(self, folder: Path, url: str, database_url: str, kill_at: str = "", **more: str) -> Bot:
        """Starts a bot on the data folder, which also holds its log. It is not ready yet. One at a time."""
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
            PATIENCE: str(self._patience),
            **more,
        }
        self._line.write(json.dumps(environment).encode() + b"\n")
        async with asyncio.timeout(LIMIT):
            pid = await self._hatched.get()
        return self._bots[pid]

    async def _read(self, reader: asyncio.StreamReader) -> None:
        async for line in reader:
            said: dict[str, int] = json.loads(line)
            if "code" in said:
                self._bots[said["pid"]].ended(said["code"])
            else:
                self._bots[said["pid"]] = Bot(said["pid"])
                self._hatched.put_nowait(said["pid"])


@functools.cache
def _address() -> str:
    """Where the forking process listens. It serves all tests of this process, and ends with it."""
    folder = tempfile.mkdtemp(prefix="lotse-nest-")
    environment = {name: os.environ[name] for name in LEFT_ALONE if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", __name__, address := f"{folder}/socket"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline(), "the process that forks ended by itself"

    def end() -> None:
        with process:  # closes its stdin
            shutil.rmtree(folder)

    atexit.register(end)
    return address


# ---- in the process that forks


def hasten(patience: float) -> None:
    """Shortens waits. Nothing else changes."""
    from bot.db import sqlite  # noqa: PLC0415 - only in the process that forks
    from bot.db.audience.sending import fan_out  # noqa: PLC0415
    from bot.db.outbox import deliveries  # noqa: PLC0415
    from bot.services.deliveries import sending  # noqa: PLC0415
    from bot.telegram import pace, sender, transport, wakes  # noqa: PLC0415

    transport.READ_SECONDS = patience
    pace.WINDOW, pace.LEFT_TO_REPLIES = 0.1, 0.0015  # 30 in a tenth of a second: the same batches
    deliveries.REPEAT_AFTER /= 60  # a minute
    sqlite.BUSY_MILLISECONDS = 500  # 5,000
    sending.FIRST_PAUSE = 0.2  # 2
    sender.PAUSE, sender.LONGEST_QUIET = 0.2, 3.0  # 2, 30
    wakes.OUTBOX_SECONDS = 1  # 60
    wakes.BROADCAST_SECONDS = 0.2  # type: ignore[assignment]  # 3
    (fan_out.__kwdefaults__ or {})["most"] = 50  # 5,000 participants a page: kills fall between pages


def load_everything() -> None:
    """Imports what a bot imports, and reads the content."""
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
    """Runs a bot. Returns the exit code."""
    from bot import cli, failpoints  # noqa: PLC0415 - only in a process that was forked

    os.environ.update(environment)
    Path(environment["DATA_DIR"]).mkdir(exist_ok=True)
    os.chdir(environment["DATA_DIR"])
    log = os.open("log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), log, log)):
        os.dup2(file, number)
    importlib.reload(failpoints)  # it has read the environment of the forking process
    hasten(float(environment[PATIENCE]))
    try:
        return cli.main(["run"])
    except BaseException:  # noqa: BLE001 - as Python itself says it at its end
        traceback.print_exc()
        return 1


class Brood:
    """What one test has started, and the connection that reports to it."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.alive: set[int] = set()
        self.is_over = False
        self._asked = b""

    def hear(self) -> None:
        """Forks for every line (an environment). Ends everything after the last line."""
        more = self.line.recv(1 << 16)
        self.is_over = not more
        *lines, self._asked = (self._asked + more).split(b"\n")
        for line in lines:
            pid = os.fork()
            if not pid:
                os._exit(run(json.loads(line)))
            self.alive.add(pid)
            self._say(pid=pid)
        if self.is_over:
            for pid in self.alive:
                os.kill(pid, signal.SIGKILL)

    def reap(self) -> None:
        """Reports every end."""
        for pid in tuple(self.alive):
            if (ended := os.waitpid(pid, os.WNOHANG))[0]:
                self.alive.remove(pid)
                self._say(pid=pid, code=os.waitstatus_to_exitcode(ended[1]))

    def _say(self, **what: int) -> None:
        with suppress(BrokenPipeError):
            self.line.sendall(json.dumps(what).encode() + b"\n")


def main(address: str) -> None:
    """Listens, and forks for each request, until stdin ends."""
    load_everything()
    gc.freeze()  # what is loaded stays shared
    listener = socket.create_server(address, family=socket.AF_UNIX)
    print("ready", flush=True)  # noqa: T201 - that is the way to the tests
    broods: dict[socket.socket, Brood] = {}
    while True:
        listening = [line for line, one in broods.items() if not one.is_over]
        ready, _, _ = select.select([sys.stdin, listener, *listening], [], [], GLANCE if broods else None)
        if sys.stdin in ready:
            break
        if listener in ready:
            line, _ = listener.accept()
            broods[line] = Brood(line)
        for line, brood in tuple(broods.items()):
            if line in ready:
                brood.hear()
            brood.reap()
            if brood.is_over and not brood.alive:
                broods.pop(line).line.close()
    for brood in broods.values():
        for pid in brood.alive:
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
