"""Erasure erases: every table about a person is found by itself. `test_erased_bytes` looks into the files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, Table, func, select, text

from bot.db import chats, inbox
from bot.db.engine import Database
from bot.db.inbox import Arrived
from bot.db.rights import erasure
from bot.db.schema import delivery, metadata
from tests.db.rows import CANARY, NOW, OTHER, new_chat, new_participant, whole_person

BY_HAND = {
    "inbox": "has no foreign key, as updates come before their chat is known: erase_chat removes the chat's rows",
}
STAFF = {
    "staff": "says who may do what in the team: it outlives the person's own chat until an admin removes them",
    "draft": "is a form that a member of the team has begun: it goes with the member, and after 90 days",
    "second_factor": "is the app of a member of the team: it goes with them, or when they leave",
    "partner": "says who speaks for a partner: until the team, or the person themselves, ends that; then for 90 days",
    "invitation": "says who came into the team by which invitation, and goes 90 days after it ran out",
}
ABOUT_NOBODY = {
    "staff_group": "says in which group the team talks with people; who talks stands in thread",
    "answer_template": "is an answer that staff wrote for everybody: no word of it is from a participant",
    "answer_wording": "is such an answer in another language: a word of staff",
    "content_run": "says which questions were asked in the town, and when: no word of it is from a person",
    "offer": "says what staff made of an offer: no word of it is from a participant",
    "broadcast": "says what staff wrote to many, and to whom by conditions; who got it stands in delivery",
    "broadcast_text": "is a broadcast's text in a language: a word of staff",
    "broadcast_review": "says which member waits for another's yes to a broadcast, and why they got none",
    "saved_audience": "is a condition about people under a name that staff gave it; it names nobody",
    "translation": "holds sentences of staff's messages in other languages: no word of it is from a participant",
    "audit_entry": "says who of the team did what; whom it was about is a pseudonym that is deleted with the person",
    "code_try": "says that an account, by a hash that only the key file can repeat, typed a wrong code: an hour",
    "going_message": "names messages of erased chats until the messenger has deleted them, two days at most",
    "erasure_proof": "says that somebody agreed and was erased, by a hash that only the key file can repeat",
    "seal_key": "says which keys texts are sealed with, by name: no word of it is from a person",
    "replica": "says which processes serve the bot, and until when: nothing of it is about a person",
    "alarm": "says what goes wrong with the bot itself, and since when: nothing of it is about a person",
    "partner_lead": "names a message in a partner's chat that is taken back when its person goes, for a week more",
    "profile_slot": "says which column of a profile belongs to which question",
    "profile_bit": "says which bit means which option, purpose or topic: ids of the content, no word of a person",
    "meeting": "says when and where something takes place; who comes stands in registration",
}
"""Tables that do not hang on a chat, each with the reason. A new table must hang on one, or be named here."""


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
    found = {
        name: connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
        for name in (*people_tables(), *BY_HAND)
    }
    # That a topic is to be deleted in the team's group, by its number, is what erasing leaves behind.
    to_go = select(func.count()).where(delivery.c.text_key == "thread.gone")
    return found | {"delivery": found["delivery"] - connection.execute(to_go).scalar_one()}


def test_every_table_hangs_on_a_chat_or_is_named_with_its_reason() -> None:
    assert set(metadata.tables) - set(people_tables()) == {*BY_HAND, *ABOUT_NOBODY, *STAFF}


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


async def test_of_those_who_never_consented_only_the_newest_can_be_looked_at(database: Database) -> None:
    day = timedelta(days=1)
    for number in (1, 2, 3):
        await database.run(lambda tx, n=number: new_chat(tx, n, created_at=NOW - n * day))  # type: ignore[misc]
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW, NOW - 2 * day)) == 2
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW)) == 1


async def test_an_erasure_that_is_rolled_back_erases_nothing(database: Database) -> None:
    await database.run(lambda tx: whole_person(tx, 1, CANARY, 100))
    before = await database.run(count)

    def half(connection: Connection) -> None:
        erasure.erase_chat(connection, 1)
        raise LookupError

    with pytest.raises(LookupError):
        await database.run(half)
    assert await database.run(count) == before
