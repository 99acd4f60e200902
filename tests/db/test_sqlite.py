"""SQLite: who waits together is committed together, one process for one file, and what a dead file looks like."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.db import sqlite
from bot.db.engine import DatabaseAway, DatabaseRefused, open_database
from bot.db.sqlite import PRAGMAS, SqliteDatabase
from tests.databases import sqlite_with_tables
from tests.db.rows import new_chat

FIVE = """INSERT INTO inbox (update_id, chat_id, body, received_at, attempts) VALUES (5, 1, :body, '2026-11-25', 0)"""


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteDatabase]:
    """One that waits for the disk, as in earnest."""
    monkeypatch.setattr(sqlite, "PRAGMAS", PRAGMAS)
    opened = await SqliteDatabase.open(sqlite_with_tables(tmp_path / "lotse.db"))
    yield opened
    await opened.close()


@pytest.fixture
def said(database: SqliteDatabase) -> Counter[str]:
    """How often each kind of statement has reached SQLite."""
    counted: Counter[str] = Counter()
    database._driver.set_trace_callback(lambda statement: counted.update([statement.split()[0]]))
    return counted


async def test_people_who_wait_together_share_one_durable_commit(
    database: SqliteDatabase, said: Counter[str]
) -> None:
    await asyncio.gather(*(database.run(lambda tx, one=one: new_chat(tx, one)) for one in range(50)))  # type: ignore[misc]
    assert said["INSERT"] == 50
    assert said["COMMIT"] == 1
    assert said["BEGIN"] == 1


async def test_one_who_fails_among_fifty_costs_no_commit_more(database: SqliteDatabase, said: Counter[str]) -> None:
    def work(connection: Connection, chat_id: int) -> None:
        new_chat(connection, chat_id)
        if chat_id % 10 == 0:
            raise KeyError(chat_id)

    outcome = await asyncio.gather(
        *(database.run(lambda tx, one=one: work(tx, one)) for one in range(50)),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert Counter(map(type, outcome)) == {KeyError: 5, type(None): 45}
    assert (said["COMMIT"], said["ROLLBACK"]) == (1, 5)
    assert await database.run(lambda tx: tx.scalar(text("SELECT count(*) FROM chat"))) == 45


async def test_nobody_is_told_before_the_commit(database: SqliteDatabase, said: Counter[str]) -> None:
    commits_when_told = []

    async def ask(chat_id: int) -> None:
        await database.run(lambda tx: new_chat(tx, chat_id))
        commits_when_told.append(said["COMMIT"])

    await asyncio.gather(*(ask(one) for one in range(5)))
    assert commits_when_told == [1] * 5


@pytest.mark.row(22)
async def test_the_file_is_kept_as_durably_as_sqlite_can(database: SqliteDatabase) -> None:
    def pragmas(connection: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return {name: connection.scalar(text(f"PRAGMA {name}")) for name in names}

    full = 2
    assert await database.run(pragmas) == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


@pytest.mark.row(25)
async def test_a_second_bot_on_the_file_is_refused_and_told_what_to_do(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseRefused, match=r"in use by another Lotse\. Stop that one first"):
        await open_database(f"sqlite:///{tmp_path / 'lotse.db'}")
    assert await database.run(lambda tx: tx.scalar(text("SELECT 1"))) == 1


async def test_once_the_first_has_closed_the_next_may_open(tmp_path: Path) -> None:
    url = sqlite_with_tables(tmp_path / "lotse.db")
    for _ in range(2):
        opened = await open_database(url)
        await opened.close()


async def test_closing_finishes_what_is_under_way(tmp_path: Path) -> None:
    url = sqlite_with_tables(tmp_path / "lotse.db")
    opened = await open_database(url)
    async with asyncio.TaskGroup() as nursery:
        writing = nursery.create_task(opened.run(lambda tx: new_chat(tx, 1)))
        await asyncio.sleep(0)  # it has begun
        await opened.close()
    assert writing.exception() is None
    again = await open_database(url)
    assert await again.run(lambda tx: tx.scalar(text("SELECT count(*) FROM chat"))) == 1
    await again.close()


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "has no file"), ("letter.db", "file is not a database"), ("file/lotse.db", "Check the folder")],
)
async def test_a_file_that_cannot_be_a_database_is_refused_in_one_line(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "letter.db").write_bytes(b"Dear Sir or Madam, this is no database. " * 200)
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseRefused, match=said) as refused:
        await open_database(f"sqlite:///{tmp_path / name}" if name else "sqlite://")
    assert "\n" not in str(refused.value)


@pytest.mark.row(21)
async def test_a_full_disk_means_away_and_loses_nothing_that_was_confirmed(database: SqliteDatabase) -> None:
    await database.run(lambda tx: new_chat(tx, 1))
    pages = database._driver.execute("PRAGMA page_count").fetchone()[0]
    database._driver.execute(f"PRAGMA max_page_count={pages}")
    big = "x" * 100_000

    def write(connection: Connection) -> None:
        connection.execute(text(FIVE), {"body": big})

    outcome = await asyncio.gather(
        database.run(write), database.run(lambda tx: new_chat(tx, 2)), return_exceptions=True
    )
    assert type(outcome[0]) is DatabaseAway
    database._driver.execute("PRAGMA max_page_count=1000000")
    await database.run(write)
    present = await database.run(lambda tx: set(tx.execute(text("SELECT id FROM chat")).scalars()))
    confirmed = {1} | ({2} if outcome[1] is None else set())
    assert present == confirmed
    assert await database.run(lambda tx: tx.scalar(text("PRAGMA integrity_check"))) == "ok"


@pytest.mark.row(20)
async def test_a_file_that_another_program_holds_means_away_until_it_lets_go(
    database: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.db.sqlite.BUSY_MILLISECONDS", 1)  # what takes five seconds otherwise
    with closing(sqlite3.connect(tmp_path / "lotse.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outcome = await asyncio.gather(
            *(database.run(lambda tx, one=one: new_chat(tx, one)) for one in range(3)),  # type: ignore[misc]
            return_exceptions=True,
        )
        assert [type(one) for one in outcome] == [DatabaseAway] * 3
        other.execute("ROLLBACK")
    await database.run(lambda tx: new_chat(tx, 1))
    assert await database.run(lambda tx: tx.scalar(text("SELECT count(*) FROM chat"))) == 1


async def test_a_mistake_in_sql_is_no_dead_database(database: SqliteDatabase) -> None:
    with pytest.raises(Exception, match="no such table") as raised:
        await database.run(lambda tx: tx.execute(text("SELECT * FROM nowhere")))
    assert not isinstance(raised.value, DatabaseAway)
