"""Databases with something in every table, and a folder of backups beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, select, update

from bot.backup import opening
from bot.backup.key import Key
from bot.backup.making import Order
from bot.db.engine import open_database
from bot.db.rights import leaving
from bot.db.schema import inbox, metadata
from tests import databases
from tests.db.rows import NOW, whole_person

T = TypeVar("T")
MADE_AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
KEY = Key(b"a key of chance, long enough for tests")
Stored = Mapping[str, list[tuple[object, ...]]]


async def fill(url: str, people: range = range(1, 4)) -> None:
    """People with a row in every table."""
    database = await open_database(url)
    for number in people:
        await database.run(lambda tx, number=number: whole_person(tx, number, f"word {number}", number * 100))  # type: ignore[misc]
    await database.run(lambda tx: tx.execute(update(inbox).values(held_by=1)))
    await database.run(lambda tx: leaving.leave(tx, people[-1], NOW, None))  # what remains after a person leaves
    await database.close()


async def written(url: str, use_case: Callable[[Connection], T]) -> T:
    """Runs a use case in a database that nobody has open."""
    database = await open_database(url)
    try:
        return await database.run(use_case)
    finally:
        await database.close()


async def stored(url: str) -> Stored:
    """Every row of every table, as the program reads it."""

    def rows(connection: Connection) -> Stored:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
        }

    return await asyncio.to_thread(opening.read, url, rows)


@pytest.fixture
def postgres_url(postgres_with_tables: databases.Reused) -> str:
    """A PostgreSQL database with all tables, no rows and no other connections, which `move` requires."""
    url = postgres_with_tables.emptied()
    postgres_with_tables.leave()
    return url


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder of backups."""
    return tmp_path / "backups"


def order(url: str, place: Path, key: Key | None = None, now: datetime = MADE_AT) -> Order:
    """A backup to be made."""
    return Order(url, place, key, place, lambda: now)


async def backed_up(url: str, place: Path, key: Key | None = None, now: datetime = MADE_AT) -> Path:
    """A backup."""
    return (await asyncio.to_thread(order(url, place, key, now).make))[0]
