"""What it costs to find those of 10,000 people whom a deadline or an old answer concerns.

`python -m benchmarks.seeking [URL]`: on SQLite, or on the empty PostgreSQL database at the address
(`postgresql+asyncpg://...`). It prints how long it takes and how long others wait meanwhile: the CPU time of one
transaction (it runs on the event loop's thread), and the delay of a task that wants to run every millisecond.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, func, insert, select, text

from benchmarks.places import FOLDER, open_measured, our_content, sqlite_url
from benchmarks.table import Finding, percentile, shown
from bot.content.loader import Content
from bot.core.engine import value_to_data
from bot.core.questionnaire import Kind
from bot.db.engine import Database
from bot.db.schema import answer, chat, consent, delivery, participant
from bot.services.offers.synchronising import synchronise
from bot.services.reminders import seeking
from bot.services.turn import Turn

PEOPLE = 10_000
AIM = 10.0
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
"""Minden's courses and info events begin in that month, so several ends of registration are near."""
SAID = NOW - timedelta(days=95)


def fill(connection: Connection, content: Content) -> None:
    """Creates people who finished three months ago, agree to everything and have answered every question."""
    numbers = range(1, PEOPLE + 1)
    place = {"screen": "done", "card_version": 1, "card_since": 1, "shown_version": 1}
    connection.execute(insert(chat), [{"id": one, "created_at": SAID, "seen_at": SAID, **place} for one in numbers])
    own = {"created_at": SAID, "finished_at": SAID, "draft": "", "from_summary": False}
    connection.execute(insert(participant), [{"id": one, "chat_id": one, **own} for one in numbers])
    yes = {"language": "de", "text_version": "1", "given_at": SAID}
    for purpose in ("reminders", "openings"):
        connection.execute(insert(consent), [{"participant_id": one, "purpose": purpose, **yes} for one in numbers])
    questions = [one for one in content.questionnaire.questions if one.kind.has_options]
    told = {"status": "given", "applies": True, "answered_at": SAID, "revision": content.questionnaire.revision}
    for place_, question in enumerate(questions):
        ids = [one.id for one in question.options if not one.unsure and not one.exclusive]
        values = [(one,) if question.kind is Kind.MULTIPLE else one for one in ids]
        connection.execute(
            insert(answer),
            [
                {
                    "participant_id": one,
                    "question_id": question.id,
                    "value": value_to_data(values[one // (place_ + 1) % len(values)]),
                    **told,
                }
                for one in numbers
            ],
        )


async def everybody(database: Database, content: Content) -> list[float]:
    """Runs one round. Returns the CPU milliseconds of each transaction."""
    taken: list[float] = []

    def step(connection: Connection, round_: seeking.Round) -> seeking.Round | None:
        begin = time.thread_time()
        following = seeking.step(Turn(connection, content, NOW), round_)
        taken.append((time.thread_time() - begin) * 1000)
        return following

    round_ = await database.run(lambda tx: seeking.begin(Turn(tx, content, NOW)))
    while round_ is not None:
        round_ = await database.run(partial(step, round_=round_))
    return taken


async def stood_still(until: asyncio.Event) -> list[float]:
    """Milliseconds between the turns of a task that wants to run every millisecond."""
    waits, last = [], time.perf_counter()
    while not until.is_set():
        await asyncio.sleep(0.001)
        waits.append((time.perf_counter() - last) * 1000)
        last = time.perf_counter()
    return waits


async def measured(database: Database, content: Content, what: str) -> float:
    """Runs and prints one round. Returns its seconds."""
    done = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        beside = group.create_task(stood_still(done))
        begin = time.perf_counter()
        taken = await everybody(database, content)
        seconds = time.perf_counter() - begin
        done.set()
    planned = select(delivery.c.text_key, func.count()).group_by(delivery.c.text_key)
    rows = await database.run(lambda tx: [f"{number:,} {key}" for key, number in tx.execute(planned)])
    still = percentile(beside.result(), 0.99)
    print(
        f"{what}: {seconds:.1f} s for {PEOPLE:,} people, {sum(taken) / 1000:.1f} s of the processor;"
        f" a transaction takes {percentile(taken, 0.99):.1f} ms of it (p99 of {len(taken)}),"
        f" the loop stood still {still:.1f} ms (p99); planned: {', '.join(rows) or 'nothing'}"
    )
    return seconds


async def run(url: str, content: Content) -> list[Finding]:
    """Measures a round that finds people, and one that finds nobody new."""
    database = await open_measured(url)
    try:
        await database.run(lambda tx: synchronise(Turn(tx, content, NOW)))
        await database.run(lambda tx: fill(tx, content))
        if await database.run(lambda tx: tx.dialect.name) == "postgresql":
            await database.run(lambda tx: tx.execute(text("ANALYZE")))
        seconds = {what: await measured(database, content, what) for what in ("first", "again")}
    finally:
        await database.close()
    figure = f"a round among {PEOPLE:,} people"
    return [
        Finding(f"{figure}, {what}", f"{took:.1f} s", f"under {AIM:.0f} s", took < AIM)
        for what, took in seconds.items()
    ]


def main() -> int:
    """The exit code says whether the aim was reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seeking", description=__doc__)
    parser.add_argument("url", nargs="?", help="an empty PostgreSQL database (default: a new file of SQLite)")
    given = parser.parse_args()
    with nullcontext(given.url) if given.url else sqlite_url() as url:
        return shown(FOLDER, lambda: asyncio.run(run(url, our_content())))


if __name__ == "__main__":
    sys.exit(main())
