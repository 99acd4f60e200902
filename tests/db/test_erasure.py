"""Erasure erases: every table about a person is found by itself, and the file holds none of their words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, func, select, text

from bot.core.engine import Answer
from bot.db import chats, erasure, inbox, participants
from bot.db.engine import Database, open_database
from bot.db.inbox import Arrived
from bot.db.schema import metadata
from tests.db.rows import NOW, given, new_chat, new_participant, whole_person

WITHOUT_A_PERSON = {
    "inbox": "has no foreign key, as updates come before their chat is known: erase_chat removes the chat's rows",
}
"""Tables that do not hang on a chat, each with the reason. A new table must hang on one, or be named here."""
CANARY = "kanarienvogel"
OTHER = "zaunkoenig"


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
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in metadata.tables.items()
    }


def test_every_table_hangs_on_a_chat_or_is_named_with_its_reason() -> None:
    assert set(metadata.tables) - set(people_tables()) == set(WITHOUT_A_PERSON)


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
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW + moment)) == 1
    left = await database.run(lambda tx: set(tx.execute(text("SELECT id FROM chat")).scalars()))
    assert left == {2, 3}
    assert await database.run(inbox.waiting) == []


def fill(connection: Connection, chat_id: int, word: str, turn: int) -> None:
    """Long answers and updates, changed again and again, so that pages split and words stand in many places."""
    found = chats.load(connection, chat_id)
    person = found[1].id if found and found[1] else new_participant(connection, chat_id, source=word)
    answers: dict[str, Answer] = {f"q{one}": given(f"{word} {one} " * (turn * 7 + one)) for one in range(12)}
    participants.save_answers(connection, person, answers, "r1", NOW)
    updates = [Arrived(chat_id * 10_000 + turn * 50 + one, chat_id, f"{word} " * (one * 5)) for one in range(30)]
    inbox.store(connection, updates, NOW)
    for one in updates[::3]:
        inbox.take(connection, one.update_id)
    for one in updates[1::3]:
        inbox.park(connection, one.update_id, "KeyError")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_the_words_of_an_erased_person_stand_in_no_byte_of_the_files(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path / 'lotse.db'}")
    for turn in range(8):
        for chat_id in range(1, 21):
            word = CANARY if chat_id == 7 else f"{OTHER}{chat_id}"
            await database.run(lambda tx, c=chat_id, w=word, t=turn: fill(tx, c, w, t))  # type: ignore[misc]
    before = files(tmp_path)
    assert CANARY.encode() in before["lotse.db"] + before["lotse.db-wal"], "the canary was never there"
    await database.run(lambda tx: erasure.erase_chat(tx, 7))
    for name, content in files(tmp_path).items():
        assert CANARY.encode() not in content, f"{name} still has words of the person"
    assert any(f"{OTHER}8".encode() in content for content in files(tmp_path).values())
    assert await database.run(lambda tx: tx.scalar(text("PRAGMA integrity_check"))) == "ok"
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
