"""How many messages a second one process sends without a limit: the outbox beside the libraries alone.

`python -m benchmarks.speed` sends the same message to 10,000 chats with each sender in turn, in rounds, to one server
in a separate process. Sender and server each have their own core if there are two. With Lotse, every result is in
SQLite before the time is taken. The others record nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.bots import AIOGRAM as PEER
from benchmarks.bots import PEERS, python_of
from benchmarks.places import FOLDER, ROOT
from benchmarks.sink import Served, served
from benchmarks.table import Finding, shown

ROUNDS, MESSAGES = 5, 10_000
AIM = 2000.0
"""Messages a second, on a machine where aiohttp alone reaches RAW_AT_AIM and aiogram's gather AIOGRAM_AT_AIM."""
RAW_AT_AIM, AIOGRAM_AT_AIM = 4386.0, 1751.0
BUSY = 0.8
"""A server that uses more than this share of its core may have been the bottleneck."""
WIRE, RAW, AIOGRAM, PTB = "bytes, no library", "aiohttp, POST", "aiogram, gather", "python-telegram-bot, gather"
LOTSE, REMINDERS, BROADCASTER = "Lotse, broadcast", "Lotse, reminders", "aiogram-broadcaster"
NAMES: Mapping[str, str] = {
    WIRE: "wire",
    RAW: "raw",
    AIOGRAM: "aiogram",
    PTB: "ptb",
    LOTSE: "broadcast",
    REMINDERS: "reminders",
    **({BROADCASTER: "broadcaster"} if python_of(PEER).exists() else {}),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One sender in one round: messages, seconds, its CPU seconds, and the server's."""

    messages: int
    seconds: float
    cpu: float
    server_cpu: float

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def busy(self) -> float:
        """The share of one core that the server used."""
        return self.server_cpu / self.seconds


Rounds = Sequence[Mapping[str, Sent]]


def cores() -> tuple[set[int], set[int]]:
    """The cores of the server and of the sender. They differ if there are two."""
    found = sorted(os.sched_getaffinity(0))
    return {found[-1]}, {found[0]}


def measure(messages: int, rounds: int) -> Iterator[dict[str, Sent]]:
    """Each round, as soon as it is over."""
    with served(cores()[0]) as server:
        for _ in range(rounds):
            yield {title: _one(name, messages, server) for title, name in NAMES.items()}


def _one(name: str, messages: int, server: Served) -> Sent:
    server.take()
    own = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.senders", name, server.url, str(messages)]
    if name == NAMES.get(BROADCASTER):
        command = [str(python_of(PEER)), str(PEERS / "broadcaster.py"), server.url, str(messages)]
    with subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True) as sender:  # noqa: S603
        os.sched_setaffinity(sender.pid, cores()[1])
        said = sender.communicate()[0]
    if sender.returncode:
        raise SystemExit(f"{name} has failed")
    taken, took = server.take(), json.loads(said)
    if taken.messages != messages:
        raise SystemExit(f"{name} sent {taken.messages} messages in the place of {messages}")
    return Sent(messages, took["seconds"], took["cpu"], taken.cpu)


def table(rounds: Rounds) -> str:
    """Medians of the rounds, in Markdown."""
    lines = [
        "| | messages/s | lowest to highest | CPU ms each | beside aiohttp | server busy |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for title in rounds[0]:
        speeds = [one[title].per_second for one in rounds]
        cpu = statistics.median(one[title].cpu / one[title].messages * 1000 for one in rounds)
        busy = max(one[title].busy for one in rounds)
        lines.append(
            f"| {title} | {statistics.median(speeds):,.0f} | {min(speeds):,.0f} to {max(speeds):,.0f} | {cpu:.2f} |"
            f" {ratio(rounds, title, RAW):.2f} | {busy:.0%} |"
        )
    return "\n".join(lines)


def ratio(rounds: Rounds, one: str, other: str) -> float:
    """How many times as many messages a second: the median of each round's ratio."""
    return statistics.median(each[one].per_second / each[other].per_second for each in rounds)


def found(rounds: Rounds) -> list[Finding]:
    """The findings about the aims. On a slower machine the aims are lower in proportion."""
    speed = statistics.median(one[LOTSE].per_second for one in rounds)
    raw = statistics.median(one[RAW].per_second for one in rounds)
    beside_raw, beside_aiogram = ratio(rounds, LOTSE, RAW), ratio(rounds, LOTSE, AIOGRAM)
    aim_raw = AIM / RAW_AT_AIM
    return [
        Finding(
            "messages a second without a limit, every outcome in SQLite",
            f"{speed:,.0f}, where aiohttp alone makes {raw:,.0f}",
            f"{AIM:,.0f} where it makes {RAW_AT_AIM:,.0f}",
            beside_raw >= aim_raw,
        ),
        Finding("... as a part of aiohttp's", f"{beside_raw:.2f}", f"{aim_raw:.2f} or more", beside_raw >= aim_raw),
        Finding("... beside aiogram's gather", f"{beside_aiogram:.2f}", "more than 1", beside_aiogram > 1),
        Finding("... beside python-telegram-bot's gather", f"{ratio(rounds, LOTSE, PTB):.2f}", "reported", None),
        Finding("... of reminders, beside aiohttp", f"{ratio(rounds, REMINDERS, RAW):.2f}", "reported", None),
    ]


def run(messages: int = MESSAGES, rounds: int = ROUNDS) -> list[Finding]:
    """Measures and prints. Returns the findings about the aims."""
    measured: list[Mapping[str, Sent]] = []
    for number, one in enumerate(measure(messages, rounds), 1):
        measured.append(one)
        print(f"{number}: " + ", ".join(f"{name} {sent.per_second:,.0f}" for name, sent in one.items()), flush=True)
    print(table(measured))
    if any(sent.busy > BUSY for one in measured for name, sent in one.items() if name != WIRE):
        print("The server was the bottleneck in some run: these figures are too low.")
    return found(measured)


def main() -> int:
    """The exit code says whether the aims were reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    given = parser.parse_args()
    return shown(FOLDER, lambda: run(given.messages, given.rounds))


if __name__ == "__main__":
    sys.exit(main())
