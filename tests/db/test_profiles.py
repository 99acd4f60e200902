"""Profiles for the export: everything about everybody, in a few queries for some hundred people."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from bot.db import chats
from bot.db.engine import Database
from bot.db.people import participants
from bot.db.people.profiles import ProfileRow, profile_rows
from tests.databases import statements
from tests.db.rows import HOUR, NOW, given, new_chat, new_participant, whole_person


async def test_a_profile_has_all_that_is_stored_but_not_the_chat(database: Database) -> None:
    def fill(connection: Connection) -> int:
        person = whole_person(connection, 5, "word", 77)
        participants.give_consent(connection, person, "advice", language="ar", text_version="v1", now=NOW)
        participants.withdraw_consent(connection, person, "advice", NOW + HOUR)
        participants.mark_counting(connection, person, ["hours"], counts=False)
        chats.save(connection, 5, {"seen_at": NOW + 2 * HOUR})
        chats.blocked(connection, 5, NOW)
        return person

    person = await database.run(fill)
    answers = await database.run(lambda tx: participants.answers(tx, person))
    history = await database.run(lambda tx: participants.history(tx, person))
    assert await database.run(lambda tx: list(profile_rows(tx))) == [
        ProfileRow(
            id=person,
            language="ar",
            source="word",
            created_at=NOW,
            finished_at=NOW,
            seen_at=NOW + 2 * HOUR,
            blocked=True,
            answers=answers,
            consents={"storage": NOW},
            history=tuple(history),
        )
    ]
    assert (len(answers), len(history), answers["hours"].applies) == (3, 1, False)


async def test_somebody_who_has_said_nothing_yet_has_a_profile_and_who_did_not_consent_has_none(
    database: Database,
) -> None:
    await database.run(lambda tx: new_chat(tx, 1))
    person = await database.run(lambda tx: new_participant(tx, 2, language=None, source=None))
    (row,) = await database.run(lambda tx: list(profile_rows(tx)))
    assert (row.id, row.language, row.source, row.finished_at, row.blocked) == (person, None, None, None, False)
    assert (row.answers, row.consents, row.history) == ({}, {}, ())


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 500])
async def test_everybody_comes_once_in_order_with_their_own_however_many_are_read_at_a_time(
    database: Database, batch: int
) -> None:
    def fill(connection: Connection) -> list[int]:
        people = [new_participant(connection, chat_id) for chat_id in range(1, 7)]
        for person in reversed(people):
            said = {"q": given(f"of {person}")}
            participants.save_answers(connection, person, said, "r1", NOW)
            participants.save_answers(connection, person, {"q": given(person)}, "r1", NOW + HOUR, said)
        return people

    people = await database.run(fill)
    rows = await database.run(lambda tx: list(profile_rows(tx, batch)))
    assert [row.id for row in rows] == people
    assert [row.answers["q"].answer.value for row in rows] == people
    assert [[one.answer.value for one in row.history] for row in rows] == [[f"of {person}"] for person in people]


async def test_more_people_are_no_more_queries(database: Database) -> None:
    def asked_for(connection: Connection) -> int:
        with statements(connection) as said:
            list(profile_rows(connection))
        return len(said)

    await database.run(lambda tx: whole_person(tx, 1, "word", 1))
    one = await database.run(asked_for)
    for chat_id in range(2, 30):
        await database.run(lambda tx, key=chat_id: whole_person(tx, key, "word", key))  # type: ignore[misc]
    assert await database.run(asked_for) == one


async def test_people_are_read_as_the_caller_goes_on(database: Database) -> None:
    for chat_id in range(1, 7):
        await database.run(lambda tx, key=chat_id: new_participant(tx, key))  # type: ignore[misc]

    def first_only(connection: Connection) -> tuple[int, int]:
        with statements(connection) as said:
            rows = profile_rows(connection, 2)
            next(rows)
            first = len(said)
            list(rows)
        return first, len(said)

    first, all_of_them = await database.run(first_only)
    assert all_of_them == 3 * first + 1
