"""What is erased stands in no byte of the files any more: SQLite leaves copies where nobody looks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random  # noqa: TID251 - chance belongs in tests

import pytest
from sqlalchemy import Connection, text

from bot.core.engine import Answer
from bot.db import inbox, sqlite
from bot.db.engine import Database, open_database
from bot.db.inbox import Arrived
from bot.db.people import participants
from bot.db.rights import erasure, old_answers
from bot.db.rights.erasure import LOG
from bot.db.sqlite import SqliteDatabase
from tests.databases import sqlite_with_tables
from tests.db.rows import CANARY, HOUR, NOW, OTHER, given, new_participant

ERASED = 3
MOST, SELDOM = 0.6, 0.05
STEPS = 120


def write(connection: Connection, chance: Random, people: dict[int, int]) -> None:
    """Somebody answers, changes answers and writes, briefly or at length; pages split and words move about."""
    chat_id, word = somebody(connection, chance, people)
    participants.save_answers(connection, people[chat_id], some_answer(chance, word, 30), "r1", NOW)
    for _ in range(chance.randint(0, 5)):
        update_id = chance.randint(1, 1_000_000)
        body = f"{word} " * chance.choice((1, 5, 30, 80, 200))
        inbox.store(connection, [Arrived(update_id, chat_id, body)], NOW)
        if chance.random() < MOST:
            inbox.take(connection, update_id)
    sometimes_erase(connection, chance, people, chat_id)


def change(connection: Connection, chance: Random, people: dict[int, int]) -> None:
    """Somebody answers the same few questions again and again, and all former answers are kept."""
    chat_id, word = somebody(connection, chance, people)
    said = some_answer(chance, word, 5)
    participants.save_answers(connection, people[chat_id], said, "r1", NOW, history=said)
    sometimes_erase(connection, chance, people, chat_id)


def somebody(connection: Connection, chance: Random, people: dict[int, int]) -> tuple[int, str]:
    chat_id = chance.randint(1, 8)
    word = CANARY if chat_id == ERASED else OTHER
    if chat_id not in people:
        people[chat_id] = new_participant(connection, chat_id, source=word)
    return chat_id, word


def some_answer(chance: Random, word: str, questions: int) -> dict[str, Answer]:
    return {f"q{chance.randint(0, questions)}": given(f"{word} " * chance.choice((1, 3, 10, 40, 100, 300)))}


def sometimes_erase(connection: Connection, chance: Random, people: dict[int, int], chat_id: int) -> None:
    if chat_id != ERASED and chance.random() < SELDOM:
        erasure.erase_chat(connection, chat_id)
        del people[chat_id]


Life = Callable[[Connection, Random, dict[int, int]], None]
LIVES: dict[Life, tuple[int, ...]] = {
    write: (19, 54, 70, 88, 94, 97, 104, 126),
    change: (148, 430, 637, 821, 1002, 1065, 13, 155),
}
"""Seeds after which words stay in the file in spite of secure_delete and an emptied log: it needs VACUUM."""


async def lived(folder: Path, life: Life, seed: int) -> tuple[SqliteDatabase, dict[int, int]]:
    chance = Random(seed)  # noqa: S311 - a test's chance
    database = await SqliteDatabase.open(sqlite_with_tables(folder / "lotse.db"))
    people: dict[int, int] = {}
    for _ in range(STEPS):
        await database.run(lambda tx: life(tx, chance, people))
    return database, people


def holding(folder: Path, word: str) -> list[str]:
    return [file.name for file in folder.iterdir() if word.encode() in file.read_bytes()]


@pytest.mark.parametrize(("life", "seed"), [(life, seed) for life, seeds in LIVES.items() for seed in seeds])
async def test_the_words_of_an_erased_person_stand_in_no_byte_of_the_files(
    tmp_path: Path, life: Life, seed: int
) -> None:
    database, people = await lived(tmp_path, life, seed)
    assert holding(tmp_path, CANARY), "the canary was never there"
    await database.run(lambda tx: erasure.erase_chat(tx, ERASED))
    assert holding(tmp_path, CANARY) == [], "files that still have words of the person"
    assert await database.run(lambda tx: tx.scalar(text("PRAGMA integrity_check"))) == "ok"
    left = set(await database.run(lambda tx: tx.execute(text("SELECT id FROM chat")).scalars().all()))
    assert left == set(people) - {ERASED}
    await database.close()
    assert holding(tmp_path, CANARY) == [], "files that have words of the person after closing"


@pytest.mark.parametrize("life", [change])  # what stands in the inbox is sealed, and leaves no words any more
async def test_some_of_these_lives_would_leave_words_without_vacuum(
    tmp_path: Path, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    scrub = SqliteDatabase._scrub
    leaving: list[str] = []
    for seed in LIVES[life]:
        folder = tmp_path / str(seed)
        folder.mkdir()
        database, _ = await lived(folder, life, seed)
        with monkeypatch.context() as patch:
            patch.setattr(SqliteDatabase, "_scrub", lambda self, _: scrub(self, LOG))
            await database.run(lambda tx: erasure.erase_chat(tx, ERASED))
        leaving = holding(folder, CANARY)
        await database.close()
        if leaving:
            break
    assert leaving, "the tables have changed, and these lives show nothing any more: look for other seeds"


async def test_what_a_reader_holds_back_is_made_up_for(tmp_path: Path) -> None:
    path = tmp_path / "lotse.db"
    database = await open_database(sqlite_with_tables(path))
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


def fill_one(connection: Connection, word: str) -> None:
    participants.save_answers(
        connection, new_participant(connection, ERASED), {"q": given(f"{word} " * 50)}, "r1", NOW
    )


async def test_the_copy_of_a_large_file_is_made_beside_it_and_not_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "IN_MEMORY", 0)
    folder = tmp_path / "a town's"
    database = await SqliteDatabase.open(f"sqlite:///{folder / 'lotse.db'}")
    letters = [Arrived(number, 1, f"{OTHER} " * 10_000) for number in range(100)]  # more than SQLite's own cache
    await database.run(lambda tx: inbox.store(tx, letters, NOW))
    await database.run(lambda tx: fill_one(tx, CANARY))
    opened: set[str] = set()
    database._driver.set_progress_handler(lambda: opened.update(files_in_hand()), 100)
    await database.run(lambda tx: erasure.erase_chat(tx, ERASED))
    database._driver.set_progress_handler(None, 0)
    assert [name for name in opened if name.startswith(f"{folder}/etilqs_")], "the copy was made elsewhere"
    assert holding(folder, CANARY) == []
    in_memory = 2
    assert await database.run(lambda tx: tx.scalar(text("PRAGMA temp_store"))) == in_memory
    await database.close()


def files_in_hand() -> set[str]:
    """What this process has open, also what has no name in its folder any more."""
    found = set()
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that looks
            found.add(str(one.readlink()))
    return found


async def marked(database: Database) -> bool:
    return bool(await database.run(lambda tx: tx.scalar(text("PRAGMA user_version"))))


async def test_former_answers_that_are_kept_no_longer_leave_the_file(tmp_path: Path) -> None:
    database = await open_database(sqlite_with_tables(tmp_path / "lotse.db"))

    def answer_twice(connection: Connection) -> None:
        person = new_participant(connection)
        participants.save_answers(connection, person, {"q": given(f"{CANARY} " * 300)}, "r1", NOW)
        again = {"q": given(f"{OTHER} " * 300)}
        participants.save_answers(connection, person, again, "r1", NOW + HOUR, history=again)

    def forget(connection: Connection) -> int:
        erasure.scrub(connection, erasure.ALL)
        return old_answers.forget(connection, {NOW + HOUR: ["q"]})

    await database.run(answer_twice)
    assert holding(tmp_path, CANARY), "the canary was never there"
    assert await database.run(forget) == 1
    assert holding(tmp_path, CANARY) == []
    assert holding(tmp_path, OTHER), "the answer of today stays"
    await database.close()
