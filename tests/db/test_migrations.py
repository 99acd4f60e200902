"""The migrations lead to the tables the code knows, forth and back, with people in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, bindparam, func, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.core.engine import Answer, State, Status
from bot.db import audit, chats, content_runs
from bot.db.engine import open_database
from bot.db.migrate import MIGRATIONS, bring_up_to_date, revision
from bot.db.people import participants
from bot.db.rights import leaving
from bot.db.schema import HEAD, UtcTime, metadata
from bot.db.schema.base import KEY
from bot.db.sqlite import engine_for
from tests.amounts import amount
from tests.catalogue import count
from tests.databases import KEY_FILE
from tests.db.rows import HOUR, NOW, START, given, whole_person

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


async def test_an_empty_database_becomes_exactly_what_the_code_knows(new_database_url: str) -> None:
    assert await on(new_database_url, revision) is None
    await on(new_database_url, bring_up_to_date)
    assert await on(new_database_url, differences) == []
    assert await on(new_database_url, tables) == set(metadata.tables)


async def test_a_table_without_a_migration_would_be_seen(new_database_url: str) -> None:
    await on(new_database_url, bring_up_to_date)

    def without_inbox(connection: Connection) -> list[Any]:
        metadata.tables["inbox"].drop(connection)
        return differences(connection)

    assert await on(new_database_url, without_inbox)


async def test_the_database_is_at_the_newest_migration_and_the_code_knows_it(new_database_url: str) -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]
    await on(new_database_url, bring_up_to_date)
    assert await on(new_database_url, revision) == HEAD


@pytest.mark.row(34)
async def test_the_tables_go_and_come_again_although_every_one_has_rows(new_database_url: str) -> None:
    await on(new_database_url, bring_up_to_date)
    people = range(5, 5 + amount("MIGRATED"))

    def fill(connection: Connection) -> dict[str, int]:
        for number in people:
            whole_person(connection, number, f"word {number}", number * 100)
        content_runs.record(connection, "minden", "r1", {"questions": []}, NOW)
        leaving.leave(connection, 5, NOW, None)
        return rows_by_table(connection)

    assert min((await on(new_database_url, fill)).values()) > 0, "a table without rows shows nothing"
    await on(new_database_url, lambda connection: command.downgrade(config(connection), "base"))
    assert await on(new_database_url, tables) == set()
    await on(new_database_url, bring_up_to_date)
    assert await on(new_database_url, differences) == []
    assert {name for name, rows in (await on(new_database_url, rows_by_table)).items() if rows} == {"seal_key"}
    assert min((await on(new_database_url, fill)).values()) > 0
    count("people whose tables go and come again", len(people))


FIRST_ROWS = (
    """INSERT INTO chat (id, language, created_at, seen_at, screen, card_version, card_since, shown_version) VALUES
        (5, 'ar', :now, :now, 'questions', 3, 2, 3),
        (6, NULL, :now, :now, 'language', 1, 1, 1),
        (7, 'de', :now, :now, 'done', 9, 9, 9)""",
    """INSERT INTO participant (id, chat_id, created_at, finished_at, at, draft, from_summary) VALUES
        (1, 5, :now, NULL, 'goals', 'german job', true),
        (2, 7, :now, :now, NULL, '', false)""",
    """INSERT INTO answer (participant_id, question_id, status, value, applies, answered_at, revision) VALUES
        (1, 'goals', 'given', '["german", "job"]', true, :now, 'r0'),
        (1, 'words', 'given', '"two words"', false, :now, 'r0'),
        (2, 'goals', 'skipped', NULL, true, :now, 'r0')""",
    """INSERT INTO consent (id, participant_id, purpose, language, text_version, given_at) VALUES
        (1, 1, 'storage', 'ar', 'v1', :now)""",
)


def at_first(connection: Connection) -> None:
    """A database as the first version left it, with people in it."""
    command.upgrade(config(connection), "0001")
    for statement in FIRST_ROWS:
        connection.execute(text(statement).bindparams(bindparam("now", NOW, UtcTime)))


@pytest.mark.row(34)
async def test_people_of_the_first_version_come_along_to_the_second(new_database_url: str) -> None:
    await on(new_database_url, at_first)
    await on(new_database_url, bring_up_to_date)
    assert await on(new_database_url, differences) == []
    found = await on(new_database_url, lambda connection: chats.load(connection, 5))
    assert found is not None
    chat, person = found
    assert (chat.language, chat.screen, chat.card_version, chat.seen_at) == ("ar", "questions", 3, NOW)
    assert person is not None
    assert (person.id, person.at, person.draft, person.from_summary) == (1, "goals", ("german", "job"), True)
    assert (person.more, person.refreshing, person.offered) == (False, False, None)
    other = await on(new_database_url, lambda connection: chats.load(connection, 7))
    assert other is not None
    assert other[1] is not None
    assert (other[1].draft, other[1].finished_at) == ((), NOW)
    stored = await on(new_database_url, lambda connection: participants.answers(connection, 1))
    assert {name: (one.answer, one.answered_at, one.revision, one.applies) for name, one in stored.items()} == {
        "goals": (given(("german", "job")), NOW, "r0", True),
        "words": (given("two words"), NOW, "r0", False),
    }
    assert await on(new_database_url, lambda connection: participants.consents(connection, 1)) == {"storage": NOW}


@pytest.mark.row(34)
async def test_the_way_back_leaves_only_what_the_first_version_knows(new_database_url: str) -> None:
    await on(new_database_url, at_first)
    await on(new_database_url, bring_up_to_date)
    before = await on(new_database_url, _of_the_first)

    def live_on(connection: Connection) -> None:
        level = {"level": Answer(Status.COMPUTED, "B1")}
        participants.save_answers(connection, 1, level, "r1", NOW + HOUR)
        words = {"words": given("others")}
        participants.save_answers(connection, 1, words, "r1", NOW + HOUR, history=words)
        participants.move(connection, 2, State({}, "trade", ("tailor", "~a tailor of hats")))

    await on(new_database_url, live_on)
    await on(new_database_url, lambda connection: command.downgrade(config(connection), "0001"))
    after = await on(new_database_url, _of_the_first)
    assert after == {
        **before,
        ("draft", 1): "german job",
        ("draft", 2): "",
        ("answer", 1, "words"): "others",
    }
    assert await on(new_database_url, tables) == {"chat", "participant", "answer", "consent", "inbox"}
    await on(new_database_url, bring_up_to_date)
    assert await on(new_database_url, differences) == []
    found = await on(new_database_url, lambda connection: chats.load(connection, 5))
    assert found is not None
    assert found[1] is not None
    assert found[1].draft == ("german", "job")


def _of_the_first(connection: Connection) -> dict[tuple[object, ...], object]:
    """Drafts and answers, without the columns that came later."""
    answer, participant = metadata.tables["answer"].c, metadata.tables["participant"].c
    drafts = connection.execute(select(participant.id, participant.draft)).all()
    values = connection.execute(select(answer.participant_id, answer.question_id, answer.value)).all()
    return {("draft", key): draft for key, draft in drafts} | {
        ("answer", key, question): value for key, question, value in values
    }


async def test_opening_again_keeps_what_is_there(new_database_url: str) -> None:
    for people in (1, 2):
        database = await open_database(new_database_url)
        await database.run(lambda tx, people=people: whole_person(tx, people, "word", people))  # type: ignore[misc]
        assert (await database.run(rows_by_table))["participant"] == people
        await database.close()


async def test_a_database_that_is_up_to_date_is_opened_without_loading_alembic(new_database_url: str) -> None:
    await on(new_database_url, bring_up_to_date)
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from bot.db import keys\n"
        "from bot.db.engine import open_database\n"
        "async def main():\n"
        "    keys.keep_in(Path(sys.argv[2]))\n"
        "    database = await open_database(sys.argv[1])\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'alembic'))\n"
    )
    done = subprocess.run(  # noqa: S603, ASYNC221 - our own interpreter with our own lines; nothing else runs here
        [sys.executable, "-c", script, new_database_url, str(KEY_FILE)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


async def test_people_of_one_phone_keep_the_numbers_they_had(new_database_url: str) -> None:
    def before(connection: Connection) -> None:
        at_first(connection)
        command.upgrade(config(connection), "0026")
        rows = "(3, 7, :now, :now, NULL, '', false), (4, 7, :now, :now, NULL, '', false)"
        columns = "id, chat_id, created_at, finished_at, at, draft, from_summary"
        more = text(f"INSERT INTO participant ({columns}) VALUES {rows}")  # noqa: S608 - both stand above
        connection.execute(more.bindparams(bindparam("now", NOW, UtcTime)))

    await on(new_database_url, before)
    await on(new_database_url, bring_up_to_date)
    numbers = text("SELECT id, nth FROM participant ORDER BY id")
    found = await on(new_database_url, lambda connection: [tuple(one) for one in connection.execute(numbers)])
    assert found == [(1, 1), (2, 1), (3, 2), (4, 3)]


async def test_pseudonyms_of_before_are_held_to_their_people_by_the_update_and_by_nothing_later(
    new_database_url: str,
) -> None:
    def before(connection: Connection) -> None:
        at_first(connection)
        command.upgrade(config(connection), "0033")
        connection.execute(text("INSERT INTO audit_person (participant_id, pseudonym) VALUES (1, 'one'), (2, 'two')"))

    await on(new_database_url, before)
    await on(new_database_url, bring_up_to_date)
    assert (await on(new_database_url, audit.verify)).strangers == 0
    await on(new_database_url, lambda tx: tx.execute(text("UPDATE audit_person SET mark = NULL")))
    await on(new_database_url, bring_up_to_date)
    assert (await on(new_database_url, audit.verify)).strangers == 2


def everything(connection: Connection) -> dict[str, list[Any]]:
    """All rows of all tables, as they stand in the file."""
    found = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    return {
        name: sorted(tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}")))  # noqa: S608 - our tables
        for name in found
    }


def laws(connection: Connection) -> list[tuple[str, ...]]:
    """Indexes and triggers, as they stand in the file."""
    return sorted(connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE type <> 'table'")).all())


async def test_every_row_index_and_trigger_is_there_when_numbers_are_given_out_once(tmp_path: Path) -> None:
    def before(connection: Connection) -> tuple[Any, Any]:
        bring_up_to_date(connection)
        for person in (1, 2):
            whole_person(connection, person, "word", person)
        content_runs.record(connection, "minden", "r1", {"questions": []}, NOW)
        leaving.leave(connection, 1, NOW, None)
        command.downgrade(config(connection), "0030")
        return everything(connection), laws(connection)

    url = f"sqlite:///{tmp_path}/lotse.db"
    rows, others = await on(url, before)
    assert {name for name, some in rows.items() if not some} <= {"seal_key"}, "a table without rows shows nothing"
    assert others
    for way, to in ((command.upgrade, "0031"), (command.downgrade, "0030")):
        await on(url, lambda tx, way=way, to=to: way(config(tx), to))  # type: ignore[misc]
        assert await on(url, everything) == rows
        assert await on(url, laws) == others
        for check in ("integrity_check", "foreign_key_check"):
            found = await on(url, lambda tx, check=check: tx.execute(text(f"PRAGMA {check}")).all())  # type: ignore[misc]
            assert [tuple(row) for row in found] == ([("ok",)] if check == "integrity_check" else [])


async def test_no_number_is_given_out_twice(tmp_path: Path) -> None:
    def newest_goes(connection: Connection) -> tuple[int, int]:
        bring_up_to_date(connection)
        whole_person(connection, 1, "word", 1)
        gone = participants.create(connection, 1, START, NOW)
        command.downgrade(config(connection), "0030")
        command.upgrade(config(connection), "0031")
        connection.execute(text("DELETE FROM participant WHERE id = :gone"), {"gone": gone})
        return gone, participants.create(connection, 1, START, NOW)

    gone, new = await on(f"sqlite:///{tmp_path}/lotse.db", newest_goes)
    assert new > gone


async def test_every_table_that_gives_out_numbers_does_so_once(tmp_path: Path) -> None:
    def giving(connection: Connection) -> set[str]:
        bring_up_to_date(connection)
        once = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        return set(connection.execute(once).scalars())

    keys = {name: table.primary_key.columns.values() for name, table in metadata.tables.items()}
    numbered = {
        name for name, (first, *more) in keys.items() if not more and first.name == "id" and first.type is KEY
    }
    assert {"participant", "thread", "staff"} <= numbered
    assert await on(f"sqlite:///{tmp_path}/lotse.db", giving) == numbered
