"""The inbox knows what came, what is waiting, what was given up, and forgets in time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import cli
from bot.db import inbox, keys
from bot.db.engine import Database, open_database
from bot.db.inbox import KEEP_IDS, KEEP_PARKED, KEEP_STRANGERS, Arrived, Aside
from bot.db.schema import inbox as table
from tests.databases import sqlite_with_tables
from tests.db.rows import CANARY, HOUR, NOW, new_participant

FIRST, SECOND = Arrived(10, 1, '{"update_id":10}'), Arrived(11, 2, '{"update_id":11}')


@pytest.fixture
async def stored(database: Database) -> Database:
    """A database with two updates in the inbox."""
    assert await database.run(lambda tx: inbox.store(tx, [FIRST, SECOND], NOW)) == {10, 11}
    return database


async def test_what_is_stored_waits_in_order_of_arrival(stored: Database) -> None:
    early, late = Arrived(3, None, "{}"), Arrived(99, 1, "{}")
    await stored.run(lambda tx: inbox.store(tx, [late], NOW + HOUR))
    await stored.run(lambda tx: inbox.store(tx, [early], NOW - HOUR))
    assert await stored.run(inbox.waiting) == [early, FIRST, SECOND, late]


async def test_nothing_to_store_is_nothing_new(database: Database) -> None:
    assert await database.run(lambda tx: inbox.store(tx, [], NOW)) == frozenset()


async def test_only_what_is_new_is_reported_new(stored: Database) -> None:
    third = Arrived(12, 1, "{}")
    assert await stored.run(lambda tx: inbox.store(tx, [SECOND, third, third, FIRST], NOW + HOUR)) == {12}
    assert await stored.run(inbox.waiting) == [FIRST, SECOND, third]


@pytest.mark.row(13)
async def test_a_repeated_update_keeps_its_first_body(stored: Database) -> None:
    await stored.run(lambda tx: inbox.store(tx, [Arrived(10, 7, "other")], NOW))
    assert FIRST in await stored.run(inbox.waiting)


async def test_an_update_is_taken_once_and_its_words_go_with_it(stored: Database) -> None:
    assert [await stored.run(lambda tx: inbox.take(tx, 10)) for _ in range(3)] == [True, False, False]
    row = (await stored.run(lambda tx: tx.execute(select(table).where(table.c.update_id == 10)).all()))[0]
    assert (row.body, row.chat_id) == (None, None)
    assert await stored.run(inbox.waiting) == [SECOND]


async def test_an_unknown_update_cannot_be_taken(database: Database) -> None:
    assert not await database.run(lambda tx: inbox.take(tx, 5))


@pytest.mark.row(13)
async def test_a_taken_update_that_comes_again_is_not_new(stored: Database) -> None:
    await stored.run(lambda tx: inbox.take(tx, 10))
    assert await stored.run(lambda tx: inbox.store(tx, [FIRST], NOW + HOUR)) == frozenset()
    assert await stored.run(inbox.waiting) == [SECOND]


async def test_failures_are_counted_one_by_one(stored: Database) -> None:
    assert [await stored.run(lambda tx: inbox.failed(tx, 10)) for _ in range(3)] == [1, 2, 3]
    assert [one.attempts for one in await stored.run(inbox.waiting)] == [3, 0]
    assert await stored.run(lambda tx: inbox.failed(tx, 5)) == 0


async def test_a_parked_update_is_stepped_over_and_counted(stored: Database) -> None:
    assert await stored.run(inbox.parked) == 0
    await stored.run(lambda tx: inbox.park(tx, 10, "KeyError" * 20))
    assert await stored.run(inbox.waiting) == [SECOND]
    assert await stored.run(inbox.parked) == 1
    assert await stored.run(lambda tx: inbox.store(tx, [FIRST], NOW)) == frozenset()


async def test_what_is_set_aside_is_named_and_waits_again_or_is_forgotten(stored: Database) -> None:
    await stored.run(lambda tx: inbox.store(tx, [Arrived(12, 3, "{}"), Arrived(13, 3, "{}")], NOW + HOUR, 7))
    for number in (10, 12, 13):
        await stored.run(lambda tx, number=number: inbox.failed(tx, number))  # type: ignore[misc]
        await stored.run(lambda tx, number=number: inbox.park(tx, number, f"code {number}"))  # type: ignore[misc]
    assert await stored.run(inbox.aside) == [
        Aside(10, "code 10", NOW),
        Aside(12, "code 12", NOW + HOUR),
        Aside(13, "code 13", NOW + HOUR),
    ]
    assert await stored.run(lambda tx: inbox.retry(tx, [11, 12, 99])) == 1
    assert [(one.update_id, one.attempts) for one in await stored.run(inbox.waiting)] == [(11, 0), (12, 0)]
    assert await stored.run(lambda tx: tx.scalar(select(table.c.held_by).where(table.c.update_id == 12))) is None
    assert await stored.run(lambda tx: inbox.drop(tx, [13])) == 1
    assert await stored.run(lambda tx: inbox.store(tx, [Arrived(13, 3, "{}")], NOW)) == frozenset(), "it is known"
    assert await stored.run(inbox.retry) == 1
    assert await stored.run(inbox.aside) == []
    assert len(await stored.run(inbox.waiting)) == 3
    assert await stored.run(inbox.drop) == 0, "what waits is not set aside"


def test_the_operator_sees_codes_and_no_words_and_plays_again_what_was_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> str:
        assert cli.main(["inbox", *words]) == 0
        return capsys.readouterr().out

    async def fill() -> None:
        database = await open_database(sqlite_with_tables(tmp_path / "lotse.db"))
        await database.run(lambda tx: inbox.store(tx, [Arrived(10, 5, f'{{"text":"{CANARY}"}}'), SECOND], NOW))
        for number in (10, 11):
            await database.run(lambda tx, number=number: inbox.park(tx, number, "KeyError"))  # type: ignore[misc]
        await database.close()

    for name, value in {"DATA_DIR": tmp_path, "KEY_FILE": keys.key_file().path, "DATABASE_URL": ""}.items():
        monkeypatch.setenv(name, str(value))
    assert cli.main(["inbox", "--retry"]) == cli.CANNOT_START
    assert "There is no database" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [], "none is made"
    asyncio.run(fill())
    listed = said("--parked")
    assert "10  2026-" in listed
    assert "KeyError" in listed
    assert CANARY not in listed
    assert said("--drop", "11") == "1 are forgotten.\n"
    assert said("--retry") == "1 are worked on once more, at the next start of the bot.\n"
    assert said("--parked").startswith("0 set aside.")


async def test_a_parked_update_can_still_be_taken_and_then_is_parked_no_more(stored: Database) -> None:
    await stored.run(lambda tx: inbox.park(tx, 10, "KeyError"))
    assert await stored.run(lambda tx: inbox.take(tx, 10))
    assert await stored.run(inbox.parked) == 0


async def test_ids_are_forgotten_when_nobody_repeats_them_any_more(stored: Database) -> None:
    moment = timedelta(microseconds=1)
    await stored.run(lambda tx: inbox.take(tx, 10))
    assert await stored.run(lambda tx: inbox.forget_old(tx, NOW + KEEP_IDS)) == 0
    assert await stored.run(lambda tx: inbox.forget_old(tx, NOW + KEEP_IDS + moment)) == 1
    assert await stored.run(inbox.waiting) == [SECOND], "what was not handled yet is never forgotten"
    assert await stored.run(lambda tx: inbox.store(tx, [FIRST], NOW + KEEP_IDS)) == {10}


async def test_parked_updates_of_strangers_are_forgotten_after_a_day(stored: Database) -> None:
    await stored.run(lambda tx: inbox.park(tx, 10, "KeyError"))
    assert await stored.run(lambda tx: inbox.forget_old(tx, NOW + KEEP_STRANGERS)) == 0
    assert await stored.run(lambda tx: inbox.forget_old(tx, NOW + KEEP_STRANGERS + HOUR)) == 1
    assert await stored.run(inbox.parked) == 0


async def test_parked_updates_of_participants_are_forgotten_after_two_weeks(stored: Database) -> None:
    await stored.run(lambda tx: new_participant(tx, FIRST.chat_id or 0))
    await stored.run(lambda tx: inbox.park(tx, 10, "KeyError"))
    assert await stored.run(lambda tx: inbox.forget_old(tx, NOW + KEEP_PARKED)) == 0
    assert await stored.run(lambda tx: inbox.forget_old(tx, NOW + KEEP_PARKED + HOUR)) == 1
    assert await stored.run(inbox.parked) == 0
