"""10,000 reminders due at the same moment: how late they come, beside what the rate limit makes unavoidable.

`python -m benchmarks.lateness [--rate 300]`. At Telegram's 30 a second this takes five and a half minutes; at 300 it
takes one tenth, and the sender has ten times as much to do in each second. The outbox's whole sender works, with
every outcome in SQLite; the server is a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from datetime import timedelta

from benchmarks import outbox
from benchmarks.places import FOLDER, our_content, sqlite_url
from benchmarks.sink import served
from benchmarks.table import Finding, percentile, shown
from bot.services.turn import Turn

REMINDERS, RATE = 10_000, 300
AIM = 1.0
"""Seconds more than what is unavoidable."""
AHEAD = timedelta(seconds=3)
"""Between the start and the moment they are due: the sender sleeps until then."""


def unavoidable(number: int, rate: int, share: float) -> float:
    """Seconds the one at that share of so many waits for its turn, where `rate` leave in any second.

    The first `rate` may leave at once, and so may the next after one second.
    """
    return float(min(int(number * share), number - 1) // rate)


async def late(url: str, number: int, rate: int) -> list[float]:
    """Seconds each came late, sorted."""
    content, now = our_content(), outbox.clock()
    with sqlite_url() as address:
        async with outbox.opened(address) as database:
            held = await database.run(lambda tx: outbox.people(tx, number, now()))
            async with outbox.sender(database, content, url, rate, now) as sender:
                sender.open()
                due = now() + AHEAD
                await database.run(lambda tx: outbox.remind(Turn(tx, content, now()), held, due))
                await outbox.over(database)
            found = await database.run(outbox.lateness)
    if len(found) != number:
        raise AssertionError(f"{number} were to be sent, {len(found)} were")
    return found


def run(number: int = REMINDERS, rate: int = RATE) -> list[Finding]:
    """Measure and print; what it says about the aim."""
    with served() as server:
        found = asyncio.run(late(server.url, number, rate))
    for share in (0.5, 0.99):
        least = unavoidable(number, rate, share)
        print(f"p{share * 100:.0f}: {percentile(found, share):.2f} s late, {least:.2f} s unavoidable")
    most, least = percentile(found, 0.99), unavoidable(number, rate, 0.99)
    figure = f"{number:,} reminders due at one moment, {rate} a second: lateness p99"
    aim = f"at most {least + AIM:.2f} s ({least:.2f} s are unavoidable)"
    return [Finding(figure, f"{most:.2f} s", aim, most <= least + AIM)]


def main() -> int:
    """The exit code says whether the aim was reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lateness", description=__doc__)
    parser.add_argument("--reminders", type=int, default=REMINDERS)
    parser.add_argument("--rate", type=int, default=RATE, help="messages a second (Telegram's own is 30)")
    given = parser.parse_args()
    os.environ["PTB_TIMEDELTA"] = "true"
    return shown(FOLDER, lambda: run(given.reminders, given.rate))


if __name__ == "__main__":
    sys.exit(main())
