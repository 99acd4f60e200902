"""10,000 reminders due at the same moment: how late they come, beside what the rate limit makes unavoidable.

`python -m benchmarks.lateness [--rate 300]` plays five rounds and takes their medians. At Telegram's 30 a second a
round takes five and a half minutes; at 300 it takes one tenth, and the sender has ten times as much to do in each
second. The outbox's whole sender works, with every outcome in SQLite; the server is a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from statistics import median

from benchmarks import outbox
from benchmarks.places import FOLDER, our_content, sqlite_url
from benchmarks.sink import served
from benchmarks.table import Finding, percentile, shown
from bot.services.turn import Turn

REMINDERS, RATE, ROUNDS = 10_000, 300, 5
AIM = 1.0
"""Seconds beyond the unavoidable."""
AHEAD = timedelta(seconds=3)
"""The time between the start and the due moment. The sender sleeps until then."""


def unavoidable(number: int, rate: int, share: float) -> float:
    """Seconds that the message at this share of `number` waits, if `rate` may leave in any second.

    The first `rate` may leave at once, the next ones after one second, and so on.
    """
    return float(min(int(number * share), number - 1) // rate)


async def late(url: str, number: int, rate: int) -> list[float]:
    """How many seconds each came late, sorted."""
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


def run(number: int = REMINDERS, rate: int = RATE, rounds: int = ROUNDS) -> list[Finding]:
    """Measure and print; what it says about the aim."""
    with served() as server:
        found = [asyncio.run(late(server.url, number, rate)) for _ in range(rounds)]
    for share in (0.5, 0.99):
        least = unavoidable(number, rate, share)
        print(f"p{share * 100:.0f}: {_of(found, share)} s late, {least:.2f} s unavoidable")
    most, least = median(percentile(one, 0.99) for one in found), unavoidable(number, rate, 0.99)
    figure = f"{number:,} reminders due at one moment, {rate} a second: lateness p99"
    aim = f"at most {least + AIM:.2f} s ({least:.2f} s are unavoidable)"
    return [Finding(figure, f"{_of(found, 0.99)} s", aim, most <= least + AIM)]


def _of(found: Sequence[Sequence[float]], share: float) -> str:
    """The median of the rounds at that share, and the lowest and highest of them."""
    rounds = [percentile(one, share) for one in found]
    return f"{median(rounds):.2f} ({min(rounds):.2f} to {max(rounds):.2f})"


def main() -> int:
    """The exit code says whether the aim was reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lateness", description=__doc__)
    parser.add_argument("--reminders", type=int, default=REMINDERS)
    parser.add_argument("--rate", type=int, default=RATE, help="messages a second (Telegram's own is 30)")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    os.environ["PTB_TIMEDELTA"] = "true"
    return shown(FOLDER, lambda: run(given.reminders, given.rate, given.rounds))


if __name__ == "__main__":
    sys.exit(main())
