"""PostgreSQL's connections are tried when that is worth a message: those that were lost are replaced unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from bot.db import chats, postgres
from bot.db.engine import Database, DatabaseAway, open_database
from bot.db.postgres import PostgresDatabase
from tests.db.rows import new_chat
from tests.waiting import until

OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid != pg_backend_pid() AND datname = current_database()"
)
MINE = text("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    """An open one."""
    opened = await open_database(postgres_url)
    assert isinstance(opened, PostgresDatabase)
    yield opened
    await opened.close()


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A connection each that was tried."""
    found: list[int] = []
    really: Any = PGDialect_asyncpg.do_ping

    def ping(self: PGDialect_asyncpg, connection: object) -> object:
        found.append(id(connection))
        return really(self, connection)

    monkeypatch.setattr(PGDialect_asyncpg, "do_ping", ping)
    return found


def process(connection: Connection) -> int:
    """The number of the server's process behind it."""
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


async def test_one_that_worked_a_moment_ago_is_not_tried(database: Database, tried: list[int]) -> None:
    before = await database.run(process)
    assert {await database.run(process) for _ in range(20)} == {before}
    assert tried == []


async def test_one_that_rested_is_tried_once(
    database: Database, tried: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await database.run(process)
    monkeypatch.setattr(postgres, "RESTED", -1.0)
    assert await database.run(process) == before
    assert len(tried) == 1


async def test_those_that_the_server_ended_are_replaced_and_nobody_notices(
    database: PostgresDatabase, postgres_url: str, tried: list[int]
) -> None:
    lines: list[Any] = []
    event.listen(
        database._engine.sync_engine, "checkin", lambda connection, _: lines.append(connection.driver_connection)
    )
    former = set(await asyncio.gather(*(database.run(process) for _ in range(4))))
    other = await open_database(postgres_url)
    await other.run(lambda tx: tx.execute(OTHERS).all())
    await other.close()
    await until(lambda: lines and all(one.is_closed() for one in lines), "the drivers hear that")
    await database.run(lambda tx: new_chat(tx, 1))
    found = set(await asyncio.gather(*(database.run(process) for _ in range(4))))
    assert not found & former
    assert tried == []


async def test_one_whose_line_was_cut_without_a_word_is_replaced_after_a_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await database.run(process)
    monkeypatch.setattr(postgres, "RESTED", -1.0)
    broken: list[object] = []

    def ping(self: PGDialect_asyncpg, connection: object) -> bool:
        broken.append(connection)
        raise self.loaded_dbapi.InterfaceError("connection is lost")

    monkeypatch.setattr(PGDialect_asyncpg, "do_ping", ping)
    assert await database.run(process) != before
    assert len(broken) == 1


async def test_one_that_ends_in_the_middle_says_that_the_database_is_away_and_is_not_used_again(
    database: Database,
) -> None:
    def ended(connection: Connection) -> None:
        new_chat(connection, 1)
        connection.execute(MINE)

    def ended_before_a_prepared_one(connection: Connection) -> None:
        with pytest.raises(connection.dialect.loaded_dbapi.Error):
            connection.connection.cursor().execute(str(MINE), ())
        chats.with_all(connection, 1)

    for use_case in (ended, ended_before_a_prepared_one):
        with pytest.raises(DatabaseAway):
            await database.run(use_case)
    await database.run(lambda tx: new_chat(tx, 2))
    assert await database.run(lambda tx: tx.execute(text("SELECT id FROM chat")).scalars().all()) == [2]
