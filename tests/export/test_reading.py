"""The database is only read, whichever it is, and while somebody writes."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.content.loader import Content
from bot.core.engine import Answer, Status
from bot.db import beside
from bot.db.engine import DatabaseDamaged, DatabaseRefused, open_database
from bot.db.people import participants
from bot.export.exporting import Format, Order
from bot.export.words import Words
from bot.services.profiles.profiles import profiles
from tests.databases import sqlite_with_tables
from tests.db.rows import CHAT, new_participant
from tests.export.people import NOW
from tests.export.reading import table


def one_person(connection: Connection) -> None:
    person = new_participant(connection)
    participants.save_answers(connection, person, {"goals": Answer(Status.GIVEN, ("job",))}, "r1", NOW)


async def filled(url: str) -> None:
    database = await open_database(url)
    await database.run(one_person)
    await database.close()


async def test_profiles_come_out_of_either_database(content: Content, database_url: str) -> None:
    await filled(database_url)
    found = await asyncio.to_thread(
        beside.read, database_url, lambda tx: [one.said[0].german for one in profiles(tx, content, NOW)]
    )
    assert found == ["Arbeit"]


async def test_nothing_can_be_written_through_it(database_url: str) -> None:
    await filled(database_url)

    def write(connection: Connection) -> None:
        connection.execute(text("DELETE FROM participant"))

    with pytest.raises(DatabaseRefused, match="Cannot read"):
        await asyncio.to_thread(beside.read, database_url, write)
    assert await asyncio.to_thread(beside.read, database_url, people) == 1


def people(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM participant")).scalar_one())


async def test_the_bot_goes_on_and_the_export_sees_one_state(tmp_path: Path) -> None:
    url = sqlite_with_tables(tmp_path / "lotse.db")
    bot = await open_database(url)  # holds the lock of the one process that may write
    await bot.run(one_person)
    loop = asyncio.get_running_loop()

    def twice(connection: Connection) -> tuple[int, int]:
        before = people(connection)
        more = bot.run(lambda tx: new_participant(tx, CHAT.id + 1))
        asyncio.run_coroutine_threadsafe(more, loop).result()
        return before, people(connection)

    assert await asyncio.to_thread(beside.read, url, twice) == (1, 1)
    assert await asyncio.to_thread(beside.read, url, people) == 2
    await bot.close()


async def test_nobody_of_ten_hundred_is_left_out(content: Content, words: Words, tmp_path: Path) -> None:
    url = sqlite_with_tables(tmp_path / "lotse.db")
    bot = await open_database(url)

    def many(connection: Connection) -> None:
        for number in range(1_100):
            new_participant(connection, number + 1, created_at=NOW - timedelta(days=1))

    await bot.run(many)
    out = tmp_path / "all"
    order = Order(content, words, Format.CSV, NOW)
    assert await asyncio.to_thread(order.from_database, url, out, force=False) == 1_100
    await bot.close()
    assert [line["Person"] for line in table(out / "profile.csv")] == [f"P-{key:04}" for key in range(1, 1_101)]


@pytest.mark.parametrize("revision", ["0001", "9999"])
async def test_a_database_of_another_revision_is_refused(new_database_url: str, revision: str) -> None:
    bot = await open_database(new_database_url)
    await bot.run(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision}))
    await bot.close()
    with pytest.raises(DatabaseRefused, match=f"at revision {revision}.*lotse migrate"):
        await asyncio.to_thread(beside.read, new_database_url, people)
    assert await asyncio.to_thread(partial(beside.read, new_database_url, people, check=False)) == 0


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseRefused, match="There is no database"):
        beside.read(f"sqlite:///{tmp_path / 'lotse.db'}", people)
    assert list(tmp_path.iterdir()) == []


def test_whoever_looks_beside_the_demo_is_led_to_it(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "lotse.db").touch()
    with pytest.raises(DatabaseRefused, match=f"DATA_DIR={tmp_path / 'demo'}$"):
        beside.read(f"sqlite:///{tmp_path / 'lotse.db'}", people)


def test_a_file_without_tables_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    (tmp_path / "empty.db").touch()
    with pytest.raises(DatabaseRefused, match="at revision none"):
        beside.read(f"sqlite:///{tmp_path / 'empty.db'}", people)
    (tmp_path / "words.db").write_text("no database at all, but some words " * 100)
    with pytest.raises(DatabaseDamaged, match="is damaged"):
        beside.read(f"sqlite:///{tmp_path / 'words.db'}", people)


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name", "sqlite://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(DatabaseRefused):
        beside.read(url, people)


def test_a_server_that_is_away_is_one_line_without_the_password() -> None:
    with pytest.raises(DatabaseRefused, match=r"Cannot read PostgreSQL at 127\.0\.0\.1") as refused:
        beside.read("postgresql+asyncpg://lotse:secret-word@127.0.0.1:9/lotse", people)
    assert "secret-word" not in str(refused.value)
