"""Erasure erases: every table about a person is found by itself, and the file holds none of their words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - chance belongs in tests

import pytest
from sqlalchemy import Connection, Table, func, select, text

from bot.core.engine import Answer
from bot.db import chats, erasure, inbox, participants
from bot.db.engine import Database, open_database
from bot.db.inbox import Arrived
from bot.db.schema import metadata
from bot.db.sqlite import SqliteDatabase
from tests.db.rows import NOW, given, new_chat, new_participant, whole_person

BY_HAND = {
    "inbox": "has no foreign key, as updates come before their chat is known: erase_chat removes the chat's rows",
}
ABOUT_NOBODY = {
    "content_run": "says which questions were asked in the town, and when: no word of it is from a person",
}
"""Tables that do not hang on a chat, each with the reason. A new table must hang on one, or be named here."""
CANARY = "kanarienvogel"
OTHER = "zaunkoenig"
ERASED = 3
MOST, SELDOM = 0.6, 0.05
STEPS = 120
SEEDS = (9, 36, 87, 117, 130, 160, 169, 196)
"""Lives after which words stay in the file in spite of secure_delete and an emptied log: it needs VACUUM."""
HISTORY_SEEDS = (0,)
"""The same where former answers are kept."""


def people_tables() -> dict[str, Table]:
    """Every table with a path of foreign keys to `chat`."""
    found = {"chat"}
    while True:
        more = {
            name
            for name, table in metadata.tables.items()
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return {name: metadata.tables[name] for name in found}
        found |= more


def count(connection: Connection) -> dict[str, int]:
    return {
        name: connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
        for name in (*people_tables(), *BY_HAND)
    }


def test_every_table_hangs_on_a_chat_or_is_named_with_its_reason() -> None:
    assert set(metadata.tables) - set(people_tables()) == {*BY_HAND, *ABOUT_NOBODY}


@pytest.mark.parametrize("name", sorted(people_tables()))
def test_what_hangs_on_a_chat_goes_with_it(name: str) -> None:
    rules = {key.ondelete for key in people_tables()[name].foreign_keys if key.column.table.name in people_tables()}
    assert rules <= {"CASCADE"}


async def test_nothing_of_an_erased_chat_is_left_in_any_table_and_all_of_the_others(database: Database) -> None:
    await database.run(lambda tx: whole_person(tx, 1, OTHER, 100))
    alone = await database.run(count)
    assert min(alone.values()) > 0, "a table without rows shows nothing: add it to whole_person"
    await database.run(lambda tx: whole_person(tx, 2, CANARY, 200))
    both = await database.run(count)
    assert all(both[name] > alone[name] for name in both)
    await database.run(lambda tx: erasure.erase_chat(tx, 2))
    assert await database.run(count) == alone
    assert await database.run(lambda tx: chats.load(tx, 1)) is not None
    assert [one.update_id for one in await database.run(inbox.waiting)] == [100]


async def test_erasing_somebody_unknown_is_nothing(database: Database) -> None:
    await database.run(lambda tx: whole_person(tx, 1, OTHER, 100))
    before = await database.run(count)
    await database.run(lambda tx: erasure.erase_chat(tx, 2))
    assert await database.run(count) == before


async def test_who_never_consented_is_forgotten_and_who_did_is_not(database: Database) -> None:
    day, moment = timedelta(days=1), timedelta(microseconds=1)
    await database.run(lambda tx: new_chat(tx, 1))
    await database.run(lambda tx: new_participant(tx, 2))
    await database.run(lambda tx: new_chat(tx, 3, created_at=NOW + day))
    await database.run(lambda tx: inbox.store(tx, [Arrived(9, 1, "{}")], NOW))
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW)) == 0
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW + moment)) == 0, (
        "a word of theirs waits"
    )
    await database.run(lambda tx: inbox.park(tx, 9, "KeyError"))
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW + moment)) == 1
    left = await database.run(lambda tx: set(tx.execute(text("SELECT id FROM chat")).scalars()))
    assert left == {2, 3}
    assert await database.run(inbox.waiting) == []


def live(connection: Connection, chance: Random, people: dict[int, int], *, remembering: bool) -> None:
    """Somebody answers, changes answers and writes, briefly or at length; pages split and words move about."""
    chat_id = chance.randint(1, 8)
    word = CANARY if chat_id == ERASED else OTHER
    if chat_id not in people:
        people[chat_id] = new_participant(connection, chat_id, source=word)
    said: dict[str, Answer] = {
        f"q{chance.randint(0, 30)}": given(f"{word} " * chance.choice((1, 3, 10, 40, 100, 300)))
    }
    participants.save_answers(connection, people[chat_id], said, "r1", NOW, history=said if remembering else ())
    for _ in range(chance.randint(0, 5)):
        update_id = chance.randint(1, 1_000_000)
        body = f"{word} " * chance.choice((1, 5, 30, 80, 200))
        inbox.store(connection, [Arrived(update_id, chat_id, body)], NOW)
        if chance.random() < MOST:
            inbox.take(connection, update_id)
    if chat_id != ERASED and chance.random() < SELDOM:
        erasure.erase_chat(connection, chat_id)
        del people[chat_id]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("seed", "remembering"), [*((seed, False) for seed in SEEDS), *((seed, True) for seed in HISTORY_SEEDS)]
)
async def test_the_words_of_an_erased_person_stand_in_no_byte_of_the_files(
    tmp_path: Path, seed: int, *, remembering: bool
) -> None:
    chance = Random(seed)  # noqa: S311 - a test's chance
    database = await SqliteDatabase.open(f"sqlite:///{tmp_path / 'lotse.db'}")
    database._driver.execute("PRAGMA synchronous=OFF")  # what reaches the file is the same
    people: dict[int, int] = {}
    for _ in range(STEPS):
        await database.run(lambda tx: live(tx, chance, people, remembering=remembering))
    before = b"".join(files(tmp_path).values())
    assert CANARY.encode() in before, "the canary was never there"
    await database.run(lambda tx: erasure.erase_chat(tx, ERASED))
    for name, content in files(tmp_path).items():
        assert CANARY.encode() not in content, f"{name} still has words of the person"
    assert await database.run(lambda tx: tx.scalar(text("PRAGMA integrity_check"))) == "ok"
    assert set(await database.run(lambda tx: tx.execute(text("SELECT id FROM chat")).scalars().all())) == set(
        people
    ) - {ERASED}
    await database.close()
    for name, content in files(tmp_path).items():
        assert CANARY.encode() not in content, f"{name} has words of the person after closing"


async def test_an_erasure_that_is_rolled_back_erases_nothing(database: Database) -> None:
    await database.run(lambda tx: whole_person(tx, 1, CANARY, 100))
    before = await database.run(count)

    def half(connection: Connection) -> None:
        erasure.erase_chat(connection, 1)
        raise LookupError

    with pytest.raises(LookupError):
        await database.run(half)
    assert await database.run(count) == before


async def test_what_a_reader_holds_back_is_made_up_for(tmp_path: Path) -> None:
    path = tmp_path / "lotse.db"
    database = await open_database(f"sqlite:///{path}")
    await database.run(lambda tx: fill_one(tx, CANARY))
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM chat").fetchone()  # a backup that is under way
        await database.run(lambda tx: erasure.erase_chat(tx, ERASED))
        assert await marked(database), "the file must remember that it still has to forget"
    await database.tidy()
    assert not await marked(database)
    assert holding(tmp_path, CANARY) == [], "files that still have words of the person"
    await database.close()


def holding(folder: Path, word: str) -> list[str]:
    return [file.name for file in folder.iterdir() if word.encode() in file.read_bytes()]


def fill_one(connection: Connection, word: str) -> None:
    participants.save_answers(
        connection, new_participant(connection, ERASED), {"q": given(f"{word} " * 50)}, "r1", NOW
    )


async def marked(database: Database) -> bool:
    return bool(await database.run(lambda tx: tx.scalar(text("PRAGMA user_version"))))
