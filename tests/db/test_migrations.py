"""The migrations lead to the tables the code knows, forth and back, with people in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.db.engine import open_database
from bot.db.migrate import MIGRATIONS, bring_up_to_date, revision
from bot.db.schema import HEAD, metadata
from bot.db.sqlite import engine_for
from tests.db.rows import whole_person

T = TypeVar("T")


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


async def on(url: str, work: Callable[[Connection], T]) -> T:
    """Work on a connection as the bot opens it for its migrations, committed."""
    if url.startswith("sqlite"):
        engine = engine_for(url)
        with engine.connect() as connection:
            result = work(connection)
        engine.dispose()
        return result
    pool = create_async_engine(url)
    async with pool.begin() as wire:
        result = await wire.run_sync(work)
    await pool.dispose()
    return result


def differences(connection: Connection) -> list[Any]:
    """What the tables lack; comments aside: they explain the code, and SQLite keeps none."""
    found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    return [one for one in found if not (isinstance(one, list) and {step[0] for step in one} == {"modify_comment"})]


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def rows_by_table(connection: Connection) -> dict[str, int]:
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in metadata.tables.items()
    }


async def test_an_empty_database_becomes_exactly_what_the_code_knows(database_url: str) -> None:
    assert await on(database_url, revision) is None
    await on(database_url, bring_up_to_date)
    assert await on(database_url, differences) == []
    assert await on(database_url, tables) == set(metadata.tables)


async def test_a_table_without_a_migration_would_be_seen(database_url: str) -> None:
    await on(database_url, bring_up_to_date)

    def without_inbox(connection: Connection) -> list[Any]:
        metadata.tables["inbox"].drop(connection)
        return differences(connection)

    assert await on(database_url, without_inbox)


async def test_the_database_is_at_the_newest_migration_and_the_code_knows_it(database_url: str) -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]
    await on(database_url, bring_up_to_date)
    assert await on(database_url, revision) == HEAD


async def test_the_tables_go_and_come_again_although_every_one_has_rows(database_url: str) -> None:
    await on(database_url, bring_up_to_date)

    def fill(connection: Connection) -> dict[str, int]:
        whole_person(connection, 5, "word", 77)
        return rows_by_table(connection)

    assert min((await on(database_url, fill)).values()) > 0, "a table without rows shows nothing"
    await on(database_url, lambda connection: command.downgrade(config(connection), "base"))
    assert await on(database_url, tables) == set()
    await on(database_url, bring_up_to_date)
    assert await on(database_url, differences) == []
    assert max((await on(database_url, rows_by_table)).values()) == 0
    assert min((await on(database_url, fill)).values()) > 0


async def test_opening_again_keeps_what_is_there(database_url: str) -> None:
    for people in (1, 2):
        database = await open_database(database_url)
        await database.run(lambda tx, people=people: whole_person(tx, people, "word", people))  # type: ignore[misc]
        assert (await database.run(rows_by_table))["participant"] == people
        await database.close()


async def test_a_database_that_is_up_to_date_is_opened_without_loading_alembic(database_url: str) -> None:
    await on(database_url, bring_up_to_date)
    script = (
        "import asyncio, sys\n"
        "from bot.db.engine import open_database\n"
        "async def main():\n"
        "    database = await open_database(sys.argv[1])\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'alembic'))\n"
    )
    done = subprocess.run(  # noqa: S603, ASYNC221 - our own interpreter with our own lines; nothing else runs here
        [sys.executable, "-c", script, database_url], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
