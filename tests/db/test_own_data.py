"""What a person gets of what is stored about them: every table and column, or a reason; theirs alone."""

from __future__ import annotations

import json

from bot.db.engine import Database
from bot.db.rights import own_data
from tests.db.rows import CANARY, OTHER, whole_person
from tests.db.test_erasure import people_tables

NAMED = {"chats", "people", "answers", "former_answers", "talk_messages", "notes"}
"""Parts in which a person's words stand, as `whole_person` writes them."""

LEFT_OUT = {
    "accompaniment": "says which member opened the chat with somebody under 16; when stands in `looks`",
    "profile": "is a copy of answers, consents and settings, by which groups are counted: `answers` has it all",
    "profile_change": "says for a minute whose copy in `profile` is to be written anew",
    "audit_person": "holds the number under which the entries of `looks` are found, and nothing else",
    "name_start": "holds keyed hashes of how the person's name begins, by which the team finds it: `people` has it",
    "former_topic": "holds numbers of topics in a group of the team, for erasing",
    "desk_page": "holds numbers of messages in chats of the team that show the person: `looks` says when it looked",
    "shown_message": "holds for two days the numbers of messages that stand in the person's own chat",
}
"""Tables that hang on a chat and are not handed out, each with the reason."""


def test_every_table_about_a_person_is_handed_out_or_named_with_its_reason() -> None:
    handed_out = {part.table.name for part in own_data.PARTS}
    assert set(people_tables()) == handed_out | set(LEFT_OUT)
    assert not handed_out & set(LEFT_OUT)


def test_every_column_of_them_is_handed_out_or_named() -> None:
    for part in own_data.PARTS:
        assert {*part.columns, *part.left} == set(part.table.c.keys()), part.name
        assert not set(part.columns) & set(part.left), part.name


async def test_a_person_gets_everything_of_their_own_opened_and_nothing_of_others(database: Database) -> None:
    await database.run(lambda tx: whole_person(tx, 1, OTHER, 100))
    person = await database.run(lambda tx: whole_person(tx, 2, CANARY, 200))
    found = await database.run(lambda tx: own_data.of_chat(tx, 2))
    assert set(found) == {*(part.name for part in own_data.PARTS), "looks"}
    assert [name for name, rows in found.items() if not rows] == [], "a part without rows shows nothing"
    assert {name for name, rows in found.items() if CANARY in str(rows)} == NAMED
    assert OTHER not in str(found)
    assert {row["id"] for row in found["people"]} == {person}
    assert found["looks"][0]["by"] == "staff"
    assert "sealed$" not in json.dumps(found, default=str)


async def test_of_an_unknown_chat_there_is_nothing(database: Database) -> None:
    await database.run(lambda tx: whole_person(tx, 1, OTHER, 100))
    assert not any((await database.run(lambda tx: own_data.of_chat(tx, 2))).values())
