"""A Bot API that takes every message and does nothing else, so that only the sender is measured.

`python -m benchmarks.sink` prints `{"url": ...}`. For each line on stdin it prints how many messages came since the
last one, and its own CPU seconds in that time, as JSON. It ends with stdin.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from benchmarks.people import BOT, encode
from benchmarks.places import ROOT
from benchmarks.wire import Connection, Respond

MESSAGE = (
    b'{"message_id":%d,"from":{"id":1234567890,"is_bot":true,"first_name":"Bot","username":"benchmark_bot"},'
    b'"chat":{"id":5000000001,"first_name":"Sam","type":"private"},"date":1795600000,'
    b'"text":"Vergessen Sie nicht: morgen um 18 Uhr ist Ihr Termin in Minden."}'
)
"""The answer for a sent message, of the usual length. Bulk senders do not read whose it is."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The number of messages, and the server's CPU seconds meanwhile."""

    messages: int
    cpu: float


class Sink:
    """Counts messages: `await listen()`, then `take()`."""

    def __init__(self) -> None:
        self._messages = 0
        self._last = 0
        self._cpu = time.process_time()
        self._server: asyncio.Server

    async def listen(self) -> str:
        """Opens a free port. Returns its URL."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self._call), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def take(self) -> Taken:
        """What came since the last call."""
        cpu = time.process_time()
        taken = Taken(self._messages - self._last, cpu - self._cpu)
        self._last, self._cpu = self._messages, cpu
        return taken

    def close(self) -> None:
        """Stops listening."""
        self._server.close()

    def _call(self, method: bytes, body: bytes, respond: Respond) -> None:
        del body
        if method == b"sendMessage":
            self._messages += 1
            respond(MESSAGE % self._messages)
        else:
            respond(encode(BOT).encode() if method == b"getMe" else b"true")


class Served:
    """The sink as a process: its `url`, and `take()` as there."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process with pipes is needed")
        self._in, self._out = process.stdin, process.stdout
        self.url: str = json.loads(self._out.readline())["url"]

    def take(self) -> Taken:
        """What came since the last call."""
        self._in.write("\n")
        self._in.flush()
        return Taken(**json.loads(self._out.readline()))


@contextmanager
def served(cores: set[int] | None = None) -> Iterator[Served]:
    """A sink in its own process, on these cores if any are given."""
    command = [sys.executable, "-m", "benchmarks.sink"]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if cores is not None:
            os.sched_setaffinity(process.pid, cores)
        try:
            yield Served(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()


async def _main() -> None:
    sink = Sink()
    print(json.dumps({"url": await sink.listen()}), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(asdict(sink.take())), flush=True)


if __name__ == "__main__":
    asyncio.run(_main())
