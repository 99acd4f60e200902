"""A message that is spread: each copy within the hours, evenly, at the same moment however often it is planned."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from bot.core.conditions import All
from bot.core.spreading import Window
from bot.db.audience.counting import Terms
from bot.db.audience.sending import fan_out
from bot.db.engine import Database
from bot.db.schema import delivery
from tests.db.audience.test_counting import ASKED
from tests.db.audience.test_sending import PLANNED
from tests.db.rows import NOW, new_participant

HOUR = timedelta(hours=1)
WINDOWS = (Window(NOW + HOUR, NOW + 3 * HOUR), Window(NOW + 14 * HOUR, NOW + 20 * HOUR))
PEOPLE = 160


def crowd(connection: Connection) -> None:
    for chat_id in range(1, PEOPLE + 1):
        new_participant(connection, chat_id, language="de")


def planned(connection: Connection, salt: int = 7) -> dict[int, datetime]:
    """When whose copy leaves."""
    connection.execute(delete(delivery))
    after: int | None = 0
    while after is not None:
        after = fan_out(
            connection, ASKED, All(()), Terms(), PLANNED, NOW, after=after, most=50, windows=WINDOWS, salt=salt
        ).after
    rows = connection.execute(select(delivery.c.chat_id, delivery.c.due_at, delivery.c.next_at)).all()
    assert all(due == following for _, due, following in rows)
    return {chat_id: due for chat_id, due, _ in rows}


def hour_of(at: datetime) -> int:
    slack = timedelta(seconds=1)  # SQLite leaves the parts of a second away
    assert any(window.start - slack <= at < window.end for window in WINDOWS)
    return int((at - NOW) / HOUR + 0.001)


async def test_the_load_is_even_within_the_hours_and_nowhere_else(database: Database) -> None:
    await database.run(crowd)
    found = await database.run(planned)
    assert len(found) == PEOPLE
    hours = Counter(map(hour_of, found.values()))
    assert set(hours) == {1, 2, *range(14, 20)}
    assert max(hours.values()) - min(hours.values()) <= 3
    assert len(set(found.values())) > PEOPLE * 0.95


async def test_the_same_person_leaves_at_the_same_moment_and_others_first_next_time(database: Database) -> None:
    await database.run(crowd)
    first, again = await database.run(planned), await database.run(planned)
    assert first == again
    other = await database.run(lambda tx: planned(tx, 8))
    assert sorted(first, key=first.__getitem__)[:5] != sorted(other, key=other.__getitem__)[:5]
