"""What an image and its container weigh: layers, memory at rest and with 5,000 updates coming in, time to stop.

`docker compose build && python -m benchmarks.image` prints it. The container has the rights and limits of
compose.yaml. The load server runs beside it, so it needs the machine's network, and Linux.
`--engine podman` takes Podman.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Sequence
from time import perf_counter

from benchmarks.bare import TOKEN
from benchmarks.load_server import REST_SECONDS, LoadServer
from benchmarks.table import Finding, findings

PEOPLE, UPDATES = 50, 5_000
RIGHTS = (
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--memory=512m",
    "--pids-limit=100",
    "--network=host",
)
_MEMORY = re.compile(r"^(VmHWM|VmRSS):\s+(\d+) kB$", re.MULTILINE)


class Engine:
    """Docker, or a program with the same commands."""

    def __init__(self, program: str) -> None:
        self._program = program

    def say(self, *words: str) -> str:
        """Runs one command. Returns its output."""
        return subprocess.run((self._program, *words), check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603

    def layers(self, image: str) -> list[tuple[int, str]]:
        """Bytes of each layer that is not empty, and what made it, the newest first."""
        said = self.say("history", "--human=false", "--no-trunc", "--format={{.Size}} {{.CreatedBy}}", image)
        found = [line.partition(" ") for line in said.splitlines()]
        return [(int(size), made) for size, _, made in found if int(size)]

    def memory(self, container: str) -> dict[str, int]:
        """Bytes of the first process: now (VmRSS), and the most so far (VmHWM)."""
        status = self.say("exec", container, "cat", "/proc/1/status")
        return {name: int(size) * 1024 for name, size in _MEMORY.findall(status)}


async def measure(engine: Engine, image: str) -> list[Finding]:
    """Runs a container of the image while people answer."""
    server = LoadServer(PEOPLE)
    settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": await server.listen(), "FLOOD_LIMIT": "0", "HEALTH_PORT": "0"}
    given = [f"--env={name}={value}" for name, value in settings.items()]
    container = engine.say("run", "--detach", "--rm", *RIGHTS, *given, image).strip()
    try:
        await server.ready.wait()
        await asyncio.sleep(REST_SECONDS)
        rest = engine.memory(container)["VmRSS"]
        server.begin()
        while len(server.latencies) < UPDATES:  # noqa: ASYNC110 - cards come from another process
            await asyncio.sleep(0.1)
        after = engine.memory(container)
        await server.end()
    finally:
        began = perf_counter()
        await asyncio.to_thread(engine.say, "stop", container)
        server.close()
    return [
        Finding("at rest", f"{rest / 1e6:,.0f} MB", "reported", None),
        Finding(f"after {UPDATES:,} updates", f"{after['VmRSS'] / 1e6:,.0f} MB", "reported", None),
        Finding("at most", f"{after['VmHWM'] / 1e6:,.0f} MB", "reported", None),
        Finding("to stop it", f"{perf_counter() - began:.1f} s", "reported", None),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.image", description=__doc__)
    parser.add_argument("image", nargs="?", default="lotse")
    parser.add_argument("--engine", default="docker", help="the program that runs containers")
    given = parser.parse_args(arguments)
    engine = Engine(given.engine)
    layers = engine.layers(given.image)
    for size, made in layers:
        print(f"{size / 1e6:8,.1f} MB  {made[:90]}")
    whole = Finding("the image", f"{sum(size for size, _ in layers) / 1e6:,.0f} MB", "reported", None)
    print(findings([whole, *asyncio.run(measure(engine, given.image))]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
