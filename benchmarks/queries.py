"""What each statement of the bot costs among few people and among many.

`python -m benchmarks.queries`: everything that people, the team and the clock do is done once (the walk of
`tests/plans`). Then a database of each kind grows to 10,000, 100,000 and 1,000,000 people, with a row in every table
for each of them. At each size every statement is run again with its first parameters, and rolled back. Statements
about everybody, or about everything that is due (`tests/plans/excused.py` says why), grow with it and are shown
separately.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from benchmarks.crowd import look_away
from benchmarks.places import FOLDER, databases, open_measured, our_content
from benchmarks.table import Finding, shown
from tests.plans.collecting import Said, listening
from tests.plans.excused import AS_MUCH_AS_IS_DUE, READS_ALL
from tests.plans.growing import grow
from tests.plans.opening import keep, on, undo
from tests.plans.walking import Nested, Walk

SIZES = (10_000, 100_000, 1_000_000)
STEP = 10_000
"""People made in one transaction."""
TIMES, LONG = 15, 2.0
"""How often a statement is run at a size, unless that takes this many seconds."""
AIM, NOTICEABLE = 1.5, 0.001
"""A statement is flat if it takes at most this many times as long, or at most this many seconds more."""
LISTED = 12


@dataclass(slots=True)
class Timed:
    """A statement and its median seconds by the number of people. Empty if the database refused it."""

    said: Said
    seconds: dict[int, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times as long it takes among the most people as among the fewest."""
        return self.seconds[max(self.seconds)] / self.seconds[min(self.seconds)]

    @property
    def is_flat(self) -> bool:
        """Whether nobody would notice how many people there are."""
        more = self.seconds[max(self.seconds)] - self.seconds[min(self.seconds)]
        return self.ratio <= AIM or more < NOTICEABLE

    def __str__(self) -> str:
        """One line: who runs it, and its milliseconds."""
        took = ", ".join(f"{seconds * 1000:,.2f}" for seconds in self.seconds.values())
        return f"{self.said.function}: {took} ms"


def median_seconds(connection: Connection, said: Said) -> float | None:
    """The median seconds of a statement. None if it cannot be run twice. It is rolled back."""
    taken: list[float] = []
    while len(taken) < TIMES and sum(taken) < LONG:
        try:
            began = time.perf_counter()
            result = connection.exec_driver_sql(said.sql, said.parameters or ())
            if result.returns_rows:
                result.fetchall()
            taken.append(time.perf_counter() - began)
        except DBAPIError:
            return None
        finally:
            undo(connection)
    return statistics.median(taken)


def measured(engine: Engine, connection: Connection, sizes: Sequence[int]) -> list[Timed]:
    """Runs the walk, grows the database, and runs everything again at each size."""
    with listening(engine) as heard:
        person = Walk(Nested(connection), our_content()).all()
    keep(connection)
    timed, made = [Timed(one) for one in heard.values()], 0
    for size in sizes:
        began = time.perf_counter()
        for first in range(made, size, STEP):
            watching = look_away(connection)
            grow(connection, person, first + 1, min(size, first + STEP))
            for trigger in watching:
                connection.exec_driver_sql(trigger)
            keep(connection)
        made = size
        print(f"{size:,} people after {time.perf_counter() - began:.0f} s", flush=True)
        for one in timed:
            if (seconds := median_seconds(connection, one.said)) is not None:
                one.seconds[size] = seconds
    return [one for one in timed if len(one.seconds) == len(sizes)]


def told(kind: str, found: Sequence[Timed], sizes: Sequence[int]) -> Finding:
    """Prints the statements that grow. Returns how many do not."""
    own = [one for one in found if one.said.function not in READS_ALL.keys() | AS_MUCH_AS_IS_DUE]
    grown = sorted((one for one in own if not one.is_flat), key=lambda one: one.ratio, reverse=True)
    among = " and ".join(f"{size:,}" for size in sizes)
    print(f"\n{kind}: {len(found)} statements, medians among {among} people")
    print(f"{len(grown)} of {len(own)} that are about one person or one thing grow by more than {AIM}:")
    for one in grown[:LISTED]:
        print(f"  {one.ratio:.1f} times, {one}")
    print("the longest of them all, those about everybody among them:")
    for one in sorted(found, key=lambda one: one.seconds[max(sizes)], reverse=True)[:LISTED]:
        print(f"  {one}")
    figure = f"statements that do not grow from {sizes[0]:,} to {sizes[-1]:,} people, {kind}"
    return Finding(figure, f"{len(own) - len(grown)} of {len(own)}", "all", not grown)


def run(sizes: Sequence[int] = SIZES, only: str = "") -> list[Finding]:
    """Measures and prints. Returns the findings about the aim."""
    found = []
    with databases() as urls:
        for kind, url in urls.items():
            if only not in {"", kind}:
                continue
            found.append(told(kind, timed_in(url, sizes), sizes))
    return found


def timed_in(url: str, sizes: Sequence[int]) -> list[Timed]:
    """The statements in a new database at this address."""
    asyncio.run(_made(url))
    found: list[Timed] = []
    on(url, lambda engine, connection: found.extend(measured(engine, connection, sizes)))
    return found


async def _made(url: str) -> None:
    await (await open_measured(url)).close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 if a statement grows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queries")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="PEOPLE")
    parser.add_argument("--only", default="", choices=("SQLite", "PostgreSQL"))
    given = parser.parse_args(arguments)
    return shown(FOLDER, lambda: run(given.sizes, given.only))


if __name__ == "__main__":
    sys.exit(main())
