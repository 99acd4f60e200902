"""What it costs to move an event with 10,000 registered people: every reminder is planned and everybody is told.

`python -m benchmarks.planning`, on SQLite and PostgreSQL: what one tap on "save" does in its transaction, first with
nothing planned, then with everything to be planned again. Medians of five.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, text

from benchmarks import outbox
from benchmarks.places import FOLDER, databases, our_content
from benchmarks.table import Finding, shown
from bot.clock import now
from bot.content.loader import Content
from bot.db.engine import Database
from bot.db.schema import delivery
from bot.services.offers import meetings, offering
from bot.services.offers.synchronising import synchronise
from bot.services.reminders import reminding
from bot.services.turn import Turn

PEOPLE, ROUNDS = 10_000, 5
AIM = 2.0
PLAN, MOVE = "reminders and a notice for everybody", "all of it planned anew"


def move(turn: Turn, held: int, days: int) -> None:
    """Does what a tap on "save" does."""
    start = datetime.combine((turn.now + timedelta(days=30 + days)).date(), datetime.min.time()).replace(hour=18)
    change = meetings.move(turn, offering.terms_of(turn.content), held, start, 90)
    if change is None:
        raise AssertionError("nothing was moved")
    reminding.meeting_changed(turn, change.old, change.new)


def planned(connection: Connection) -> int:
    """How many deliveries wait."""
    return connection.execute(select(func.count()).where(delivery.c.state == "planned")).scalar_one()


async def measured(database: Database, content: Content, people: int, rounds: int) -> dict[str, list[float]]:
    """The seconds of every round, by what was done."""
    at = now()

    def turn(tx: Connection) -> Turn:
        return Turn(tx, content, at)

    await database.run(lambda tx: synchronise(turn(tx)))
    held = await database.run(lambda tx: outbox.people(tx, people, at))
    if await database.run(lambda tx: tx.dialect.name) == "postgresql":
        await database.run(lambda tx: tx.execute(text("ANALYZE")))
    seconds: dict[str, list[float]] = {PLAN: [], MOVE: []}
    for number in range(rounds):
        await database.run(lambda tx: tx.execute(delete(delivery)))
        for more, what in enumerate((PLAN, MOVE), 1):
            days = 2 * number + more
            begin = time.perf_counter()
            await database.run(lambda tx, days=days: move(turn(tx), held, days))  # type: ignore[misc]
            seconds[what].append(time.perf_counter() - begin)
    print(f"{people:,} people registered, {await database.run(planned):,} deliveries planned in the end")
    return seconds


async def opened(url: str, content: Content, people: int, rounds: int) -> dict[str, list[float]]:
    """The same for the empty database at this address."""
    async with outbox.opened(url) as database:
        return await measured(database, content, people, rounds)


def run(people: int = PEOPLE, rounds: int = ROUNDS) -> list[Finding]:
    """Measures and prints. Returns the findings about the aim."""
    found, content = [], our_content()
    with databases() as urls:
        for kind, url in urls.items():
            for what, seconds in asyncio.run(opened(url, content, people, rounds)).items():
                middle = statistics.median(seconds)
                said = f"{middle:.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
                print(f"{kind}, {what}: {said}", flush=True)
                figure = f"an event of {people:,} people: {what}, {kind}"
                found.append(Finding(figure, said, f"under {AIM:.0f} s", middle < AIM))
    return found


if __name__ == "__main__":
    sys.exit(shown(FOLDER, run))
