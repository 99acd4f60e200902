"""Whoever writes what a profile is made from, and however: the profile is marked, and written as it must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text

from bot.core.engine import Answer, State, Status
from bot.db import chats
from bot.db.audience import cells, keeping
from bot.db.chats import Mark
from bot.db.engine import Database
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Outcome, Planned
from bot.db.outbox.deliveries import State as Sent
from bot.db.people import participants
from bot.db.rights import erasure, old_answers, retention
from bot.db.schema import CELLS, profile, profile_change, profile_slot
from tests.db.audience.crowds import sent
from tests.db.rows import HOUR, NOW, given, new_participant

CHAT, YEAR = 7, timedelta(days=365)


def somebody(connection: Connection) -> int:
    key = new_participant(connection, CHAT, language="ar")
    answers = {"level": given("B1"), "goals": given(("german", "job")), "hours": given(10), "words": given("I am")}
    participants.save_answers(connection, key, answers, "r1", NOW)
    participants.give_consent(connection, key, "openings", language="ar", text_version="1", now=NOW)
    sent(connection, CHAT, key, "broadcast:0", NOW - YEAR)
    return key


def rows(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(profile).order_by(profile.c.participant_id))]


def anew(connection: Connection) -> list[tuple[Any, ...]]:
    """What stands in the profiles when everybody's is written from nothing."""
    connection.execute(delete(profile))
    connection.execute(delete(profile_change))
    connection.execute(text("INSERT INTO profile_change SELECT id FROM participant"))
    keeping.refresh(connection)
    return rows(connection)


def broadcast(connection: Connection) -> None:
    deliveries.plan(connection, [(CHAT, Planned("broadcast:1", Kind.BROADCAST, NOW, "k", participant_id=1))])
    [due] = deliveries.claim(connection, "me", NOW, 1)
    deliveries.record(connection, "me", [Outcome(due.id, Sent.SENT, message_id=5, sent_at=NOW)])


def forget_broadcasts(connection: Connection) -> None:
    deliveries.plan(connection, [(CHAT, Planned("reminder:9", Kind.REMINDER, NOW, "k"))])  # the newest always stays
    assert retention.forget_deliveries(connection, 0, 100, NOW, NOW)[0] == 1


def move_answers(connection: Connection) -> None:
    moves = {"german": ("level", given("B2"))}
    participants.carry(connection, 1, moves, "r2")


WRITERS: dict[str, Callable[[Connection], object]] = {
    "an answer": lambda tx: participants.save_answers(tx, 1, {"level": given("C1")}, "r1", NOW + HOUR),
    "a first answer": lambda tx: participants.save_answers(tx, 1, {"paper": given("yes")}, "r1", NOW),
    "skipped": lambda tx: participants.save_answers(tx, 1, {"level": Answer(Status.SKIPPED, None)}, "r1", NOW),
    "moved": move_answers,
    "forgotten": lambda tx: old_answers.forget(tx, {NOW + HOUR: ["level"]}),
    "all others forgotten": lambda tx: old_answers.forget(tx, {NOW + HOUR: []}),
    "a yes": lambda tx: participants.give_consent(tx, 1, "campus", language="ar", text_version="1", now=NOW),
    "a yes taken back": lambda tx: participants.withdraw_consent(tx, 1, "openings", NOW),
    "muted": lambda tx: participants.set_preferences(tx, 1, muted=["offers"]),
    "a cap": lambda tx: participants.set_preferences(tx, 1, weekly_cap=2),
    "finished": lambda tx: participants.finish(tx, 1, NOW),
    "another language": lambda tx: chats.save(tx, CHAT, {"language": "uk"}),
    "blocked": lambda tx: chats.blocked(tx, CHAT, NOW),
    "a broadcast": broadcast,
    "broadcasts forgotten": forget_broadcasts,
}


async def test_every_writer_marks_the_profile_and_it_is_written_as_from_nothing(database: Database) -> None:
    assert await database.run(somebody) == 1
    await database.run(keeping.refresh)
    for what in WRITERS:
        await database.run(lambda tx, it=what: written_and_undone(tx, it))  # type: ignore[misc]


def written_and_undone(connection: Connection, what: str) -> None:
    undone = connection.begin_nested()
    before = rows(connection)
    WRITERS[what](connection)
    assert keeping.refresh(connection) == 1, what
    after = rows(connection)
    assert after != before, what
    assert anew(connection) == after, what
    undone.rollback()


async def test_what_does_not_matter_marks_nobody(database: Database) -> None:
    await database.run(somebody)
    await database.run(keeping.refresh)
    await database.run(lambda tx: chats.shown(tx, [Mark(CHAT, 1, 5, NOW)]))
    await database.run(lambda tx: participants.move(tx, 1, State({}, "level")))
    await database.run(lambda tx: deliveries.plan(tx, [(CHAT, Planned("b", Kind.BROADCAST, NOW, "k"))]))
    assert await database.run(keeping.refresh) == 0


async def test_who_comes_back_is_blocked_no_more(database: Database) -> None:
    await database.run(somebody)
    await database.run(lambda tx: chats.blocked(tx, CHAT, NOW))
    await database.run(keeping.refresh)
    await database.run(lambda tx: chats.blocked(tx, CHAT, None))
    await database.run(keeping.refresh)
    assert [row.blocked for row in await database.run(lambda tx: tx.execute(select(profile)).all())] == [False]


async def test_who_is_erased_has_no_profile_and_no_mark(database: Database) -> None:
    await database.run(somebody)
    await database.run(keeping.refresh)
    await database.run(lambda tx: participants.finish(tx, 1, NOW))
    await database.run(lambda tx: erasure.erase_chat(tx, CHAT))
    assert await database.run(rows) == []
    assert await database.run(keeping.refresh) == 0


async def test_pages_and_ranges_leave_the_others_marked(database: Database) -> None:
    def five(connection: Connection) -> None:
        for number in range(1, 6):
            new_participant(connection, number)

    await database.run(five)
    assert await database.run(lambda tx: keeping.refresh(tx, after=1, until=3)) == 2
    assert await database.run(lambda tx: keeping.refresh(tx, 2)) == 2
    assert await keeping.catch_up(database) == 1
    assert [row[0] for row in await database.run(rows)] == [1, 2, 3, 4, 5]


async def test_a_question_without_a_cell_is_left_out(database: Database) -> None:
    def full(connection: Connection) -> None:
        connection.execute(
            insert(profile_slot), [{"question_id": f"q{number}", "number": number} for number in range(CELLS)]
        )
        somebody(connection)

    await database.run(full)
    assert await database.run(keeping.refresh) == 1
    assert await database.run(lambda tx: tx.execute(select(func.count()).select_from(profile_slot)).scalar()) == CELLS


def test_cells_keep_the_order_of_numbers_and_months_and_tell_kinds_apart() -> None:
    numbers = [cells.said(one, {}) for one in (-(2**40), -3, 0, 1, 40, 2**40)]
    assert numbers == sorted(numbers)
    months = [cells.said(one, {}) for one in ("1999-12", "2026-01", "2026-11")]
    assert months == sorted(months)
    many = {f"o{place}": place for place in range(cells.MOST_TICKS + 1)}
    said = [None, "a", "b", "~a", "aa", ("o1",), ("o1", "o2"), (), 1, "2026-01", 2**60]
    assert len({cells.said(one, many) for one in said}) == len(said)
    assert cells.said((f"o{cells.MOST_TICKS}",), many) == cells.ELSE
    assert 0 < cells.cell("x" * 9000, NOW, {}) < 2**63
