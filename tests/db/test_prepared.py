"""A prepared statement says and finds what SQLAlchemy would have said and found."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, String, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, StatementError

from bot.core.engine import Answer, State, Status
from bot.db import chats, inbox
from bot.db.chats import Mark
from bot.db.engine import Database
from bot.db.inbox import Arrived
from bot.db.people import participants
from bot.db.prepared import Prepared
from bot.db.schema import UtcTime
from bot.db.sealing import SealedJson, SealedText, Secret
from tests import databases
from tests.db.rows import HOUR, NOW, given, new_chat, new_participant

TABLE = Table(
    "odd",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime),
    Column("sure", Boolean),
    Column("words", SealedText("odd")),
    Column("data", SealedJson("odd", marked=True)),
    Column("kind", String(8)),
)
GIVEN = ("id", "at", "sure", "words", "data")
ROWS = (
    {"id": 1, "at": NOW, "sure": True, "words": "wörtlich", "data": {"a": [1, None]}},
    {"id": 2, "at": None, "sure": None, "words": None, "data": None},
    {"id": 3, "at": datetime(2026, 1, 1, tzinfo=UTC), "sure": False, "words": "", "data": Secret(["x", 2])},
)
READ = [
    (1, NOW, True, "wörtlich", {"a": [1, None]}, "plain"),
    (2, None, None, None, None, "plain"),
    (3, datetime(2026, 1, 1, tzinfo=UTC), False, "", ["x", 2], "plain"),
]


def statements(dialect: str) -> tuple[Prepared, Prepared, Prepared]:
    """All there is of that table, rows that are added, and one that changes."""
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(TABLE).values(kind="plain")
    find = select(TABLE).where(TABLE.c.id <= bindparam("most")).order_by(TABLE.c.id)
    mine = (TABLE.c.id == bindparam("key"), TABLE.c.kind == "plain")
    change = update(TABLE).where(*mine).values(sure=None, at=bindparam("new"))
    return Prepared(find), Prepared(insert.on_conflict_do_nothing().returning(TABLE.c.id), GIVEN), Prepared(change)


def everything(connection: Connection) -> list[object]:
    """What all ways to execute a statement give."""
    TABLE.create(connection)
    find, add, change = statements(connection.dialect.name)
    found: list[object] = [add.rows_of_each(connection, ROWS), add.rows_of_each(connection, ROWS[:1])]
    found += [find.rows(connection, {"most": 9}), find.rows(connection, {"most": 0})]
    found += [
        change.changed(connection, {"key": 1, "new": None}),
        change.changed(connection, {"key": 7, "new": None}),
    ]
    change.each(connection, [{"key": 2, "new": NOW}])
    change.each(connection, [{"key": 3, "new": NOW + HOUR}, {"key": 1, "new": NOW}])
    found.append([row[:3] for row in find.rows(connection, {"most": 3})])
    TABLE.drop(connection)
    return found


async def test_it_gives_what_an_ordinary_statement_gives(database: Database) -> None:
    ordinary: list[str] = []

    def heard(connection: Connection) -> list[object]:
        with databases.statements(connection) as said:
            found = everything(connection)
        ordinary.extend(said)
        return found

    prepared = await database.run(everything)
    assert prepared == [
        *([(1,), (2,), (3,)], []),
        *(READ, []),
        *(1, 0),
        [(1, NOW, None), (2, NOW, None), (3, NOW + HOUR, None)],
    ]
    assert await database.run(heard) == prepared
    assert sum(said.startswith("SELECT odd") for said in ordinary) == 3, "whoever listens hears it"


async def test_a_time_without_a_zone_is_refused_as_ever(database: Database) -> None:
    _, _, change = statements("sqlite")
    with pytest.raises((ValueError, StatementError), match="without zone"):
        await database.run(lambda tx: change.changed(tx, {"key": 1, "new": datetime(2026, 1, 1)}))  # noqa: DTZ001


async def test_what_a_statement_breaks_is_the_drivers_error_and_takes_nobody_along(database: Database) -> None:
    def wrong(connection: Connection) -> None:
        participants.save_answers(connection, 4711, {"q": given("a")}, "r", NOW)

    with pytest.raises((sqlite3.IntegrityError, DBAPIError), match=r"(?i)foreign key"):
        await database.run(wrong)
    await database.run(lambda tx: new_chat(tx, 1))
    assert await database.run(lambda tx: chats.load(tx, 1)) is not None


def a_tap(connection: Connection) -> list[object]:
    """What a tap asks and says."""
    person = new_participant(connection, 5)
    arrived = [Arrived(number, 5, f"body {number}") for number in (7, 8)]
    found: list[object] = [inbox.store(connection, arrived, NOW), inbox.store(connection, arrived, NOW)]
    found += [inbox.take(connection, 7), inbox.take(connection, 7), inbox.waiting(connection)]
    answers = {"q": given(("a", "b")), "r": Answer(Status.SKIPPED, None), "s": given(3)}
    participants.save_answers(connection, person, answers, "r1", NOW, sealed=["q"])
    participants.save_answers(connection, person, {"r": given("x")}, "r2", NOW + HOUR)
    participants.move(connection, person, State(answers, "s", ("a", "b"), returning=True))
    chats.save(connection, 5, {"card_version": 3, "seen_at": NOW + HOUR, "detour": None})
    chats.shown(connection, [Mark(5, 3, 11, NOW + HOUR)])
    chat, people = chats.with_all(connection, 5) or (None, ())
    return [*found, chat, *(replace(one, id=0) for one in people), participants.answers(connection, person)]


async def test_a_tap_is_stored_and_found_as_by_ordinary_statements(database: Database) -> None:
    def of(way: Callable[[Connection], list[object]]) -> Callable[[Connection], list[object]]:
        def undone(connection: Connection) -> list[object]:
            with connection.begin_nested() as mine:
                found = way(connection)
                mine.rollback()
            return found

        return undone

    def heard(connection: Connection) -> list[object]:
        with databases.statements(connection):
            return a_tap(connection)

    assert await database.run(of(a_tap)) == await database.run(of(heard))
