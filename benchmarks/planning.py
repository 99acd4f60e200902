"""What it costs to move an event that 10,000 people are registered for: every reminder planned anew, everybody told.

`python -m benchmarks.planning [URL]`: on SQLite, or on the empty PostgreSQL database of the address
(`postgresql+asyncpg://...`). Prints the seconds of each step, medians of five.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert, select, text

from bot.clock import now
from bot.content.loader import Content, load
from bot.db.engine import Database, open_database
from bot.db.schema import chat, delivery, meeting, participant, registration
from bot.services import meetings, offering, reminding
from bot.services.synchronising import synchronise
from bot.services.turn import Turn

PEOPLE, ROUNDS = 10_000, 5
OFFER = "info_degree"
AIM = 2.0


def fill(connection: Connection, at: datetime) -> int:
    """People with a seat at a meeting in a month; the meeting's number."""
    starts = at + timedelta(days=30)
    held: int = connection.execute(
        insert(meeting).returning(meeting.c.id),
        {
            "offer_id": OFFER,
            "original": "benchmark",
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=1),
            "room": "1",
            "from_file": False,
            "changed": ["time"],
            "updated_at": at,
        },
    ).scalar_one()
    numbers = range(1, PEOPLE + 1)
    place = {"screen": "done", "card_version": 1, "card_since": 1, "shown_version": 1}
    connection.execute(insert(chat), [{"id": one, "created_at": at, "seen_at": at, **place} for one in numbers])
    own = {"created_at": at, "draft": "", "from_summary": False}
    connection.execute(insert(participant), [{"chat_id": one, **own} for one in numbers])
    people = connection.execute(select(participant.c.id)).scalars().all()
    seat = {"offer_id": OFFER, "meeting_id": held, "state": "registered", "queued_at": at}
    seat["registered_at"] = at - timedelta(days=30)
    connection.execute(insert(registration), [{"participant_id": one, **seat} for one in people])
    return held


def move(turn: Turn, held: int, days: int) -> None:
    """What a tap on "save" does."""
    start = datetime.combine((turn.now + timedelta(days=30 + days)).date(), datetime.min.time()).replace(hour=18)
    change = meetings.move(turn, offering.terms_of(turn.content), held, start, 90)
    if change is None:
        raise AssertionError("nothing was moved")
    reminding.meeting_changed(turn, change.old, change.new)


def moved(content: Content, at: datetime, held: int, days: int, connection: Connection) -> None:
    """`move` as a use case."""
    move(Turn(connection, content, at), held, days)


def planned(connection: Connection) -> int:
    """How many deliveries wait."""
    return len(connection.execute(select(delivery.c.id).where(delivery.c.state == "planned")).all())


async def measured(database: Database, content: Content) -> list[float]:
    """The seconds of every round."""
    at = now()
    await database.run(lambda tx: synchronise(Turn(tx, content, at)))
    held = await database.run(lambda tx: fill(tx, at))
    if await database.run(lambda tx: tx.dialect.name) == "postgresql":
        await database.run(lambda tx: tx.execute(text("ANALYZE")))
    seconds = []
    for number in range(1, ROUNDS + 1):
        begin = time.perf_counter()
        await database.run(partial(moved, content, at, held, number))
        seconds.append(time.perf_counter() - begin)
    print(f"{PEOPLE:,} people registered, {await database.run(planned):,} deliveries planned")
    return seconds


async def run(url: str, content: Content) -> int:
    """Measure, and print."""
    database = await open_database(url)
    try:
        seconds = await measured(database, content)
    finally:
        await database.close()
    middle = statistics.median(seconds)
    print(f"moving it: {middle:.2f} s, median of {ROUNDS} ({min(seconds):.2f} to {max(seconds):.2f}); aim {AIM} s")
    return int(middle > AIM)


def main() -> int:
    """The exit code says whether the aim was reached."""
    content = load(Path(__file__).parent.parent / "content", "minden").content
    if content is None:
        raise AssertionError("the content has faults")
    if len(sys.argv) > 1:
        return asyncio.run(run(sys.argv[1], content))
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(f"sqlite:///{folder}/lotse.db", content))


if __name__ == "__main__":
    sys.exit(main())
