"""People of one phone and profiles that move, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, func, select

from bot.db import chats
from bot.db.engine import Database, open_database
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import moving_people, paper_codes, participants, persons
from bot.db.people.persons import Named
from bot.db.rights import erasure, leaving
from bot.db.schema import chat, consent, delivery, erasure_proof, participant
from tests.db.rows import HOUR, NOW, START, new_chat, new_participant, participant_of

OLD, NEW, THIRD = 1, 2, 3
CODE = "ABCDEFGHJK"


def two(connection: Connection) -> tuple[int, int]:
    """Two on one phone: the first speaks Arabic and is set aside, the second Ukrainian."""
    first = new_participant(connection, OLD, language="uk")
    persons.set_aside(connection, first, "done", "ar", NOW - HOUR)
    return first, participants.create(connection, OLD, START, NOW)


async def test_the_second_speaks_and_of_the_first_it_is_kept_where_they_were(database: Database) -> None:
    first, second = await database.run(two)
    found = await database.run(lambda tx: chats.with_all(tx, OLD))
    assert found is not None
    assert [one.id for one in found[1]] == [first, second]
    assert chats.speaker(found[1]) == found[1][1]
    kept = found[1][0]
    assert (kept.aside_screen, kept.aside_language, kept.aside_since) == ("done", "ar", NOW - HOUR)
    both = {first: Named(None, 1), second: Named(None, 2)}
    assert await database.run(lambda tx: persons.on_phones(tx, [OLD, NEW])) == {OLD: both}
    await database.run(lambda tx: persons.speak(tx, first))
    assert (await database.run(lambda tx: participant_of(tx, OLD))).aside_since is None


async def test_a_delivery_is_said_in_the_language_of_whom_it_is_for(database: Database) -> None:
    first, second = await database.run(two)
    for person in (first, second, None):
        one = Planned(f"test:{person}", Kind.REMINDER, NOW, "ui.still.ask", participant_id=person)
        await database.run(lambda tx, one=one: deliveries.plan(tx, [(OLD, one)]))  # type: ignore[misc]
    due = await database.run(lambda tx: deliveries.claim(tx, "me", NOW, 10))
    assert {one.participant_id: one.language for one in due} == {first: "ar", second: "uk", None: "uk"}


async def test_one_of_two_is_erased_with_the_proof_and_the_other_stays(database: Database) -> None:
    first, second = await database.run(two)
    for person in (first, second):
        await database.run(
            lambda tx, person=person: participants.give_consent(  # type: ignore[misc]
                tx, person, "storage", language="ar", text_version="v1", now=NOW
            )
        )
    await database.run(lambda tx: leaving.leave(tx, OLD, NOW, None, second))
    await database.run(lambda tx: erasure.erase_person(tx, OLD, second))
    assert await database.run(lambda tx: persons.of_chat(tx, OLD)) == [first]
    assert await database.run(lambda tx: tx.execute(select(consent.c.participant_id)).scalars().all()) == [first]
    proofs = await database.run(lambda tx: tx.execute(select(erasure_proof.c.consents)).scalars().all())
    assert [len(one) for one in proofs] == [1]


async def test_two_accounts_with_the_same_code_at_once_one_gets_it(database_url: str) -> None:
    database = await open_database(database_url)
    person = await database.run(lambda tx: new_participant(tx, OLD))
    await database.run(lambda tx: paper_codes.write(tx, person, CODE, NOW))
    for account in (NEW, THIRD):
        await database.run(lambda tx, account=account: new_chat(tx, account))  # type: ignore[misc]

    def brings(account: int) -> Callable[[Connection], bool]:
        def work(connection: Connection) -> bool:
            chats.load(connection, account)
            taken = paper_codes.take(connection, CODE)
            if taken is not None:
                moving_people.move(connection, taken, account, NOW, away="moved")
            return taken is not None

        return work

    got = await asyncio.gather(*(database.run(brings(one)) for one in (NEW, THIRD)))
    where = await database.run(lambda tx: tx.execute(select(participant.c.chat_id)).scalars().all())
    await database.close()
    assert sorted(got) == [False, True]
    assert where == [NEW if got[0] else THIRD]


async def test_a_move_is_whole_or_nothing(database: Database) -> None:
    person = await database.run(lambda tx: new_participant(tx, OLD, screen="done"))
    await database.run(lambda tx: new_chat(tx, NEW))
    one = Planned("test", Kind.REMINDER, NOW, "ui.still.ask", participant_id=person)
    await database.run(lambda tx: deliveries.plan(tx, [(OLD, one)]))

    def killed(connection: Connection) -> None:
        moving_people.move(connection, person, NEW, NOW, away="moved")
        raise LookupError

    with pytest.raises(LookupError):
        await database.run(killed)
    places = select(participant.c.chat_id, delivery.c.chat_id).join_from(delivery, participant)
    assert tuple(await database.run(lambda tx: tx.execute(places).one())) == (OLD, OLD)
    await database.run(lambda tx: moving_people.move(tx, person, NEW, NOW, away="moved"))
    assert tuple(await database.run(lambda tx: tx.execute(places).one())) == (NEW, NEW)
    old = await database.run(lambda tx: chats.load(tx, OLD))
    assert old is not None
    assert (old[0].screen, old[1], old[0].card_version > old[0].shown_version) == ("moved", None, True)
    found = await database.run(lambda tx: chats.with_all(tx, NEW))
    assert found is not None
    assert [one.aside_screen for one in found[1]] == ["done"]


async def test_what_the_new_chat_was_told_already_is_not_told_again(database: Database) -> None:
    mine, theirs = await database.run(lambda tx: (new_participant(tx, OLD), new_participant(tx, NEW)))
    for person, account in ((mine, OLD), (theirs, NEW)):
        one = Planned("broadcast:1", Kind.BROADCAST, NOW, "ui.still.ask", participant_id=person)
        await database.run(lambda tx, one=one, account=account: deliveries.plan(tx, [(account, one)]))  # type: ignore[misc]
    await database.run(lambda tx: moving_people.move(tx, mine, NEW, NOW, away="moved"))
    states = select(delivery.c.participant_id, delivery.c.state, delivery.c.reason)
    found = {row[0]: (row[1], row[2]) for row in await database.run(lambda tx: tx.execute(states).all())}
    assert found == {mine: ("skipped", moving_people.MOVED), theirs: ("planned", None)}


async def test_a_mark_of_a_code_says_nothing_of_it(database: Database) -> None:
    person = await database.run(lambda tx: new_participant(tx, OLD))
    await database.run(lambda tx: paper_codes.write(tx, person, CODE, NOW))
    await database.run(lambda tx: paper_codes.write(tx, person, CODE[::-1], NOW))
    assert await database.run(lambda tx: paper_codes.take(tx, CODE)) is None, "the newest alone is good"
    assert await database.run(lambda tx: paper_codes.chat_of(tx, CODE[::-1])) == OLD
    for at in range(3):
        await database.run(lambda tx, at=at: paper_codes.tried(tx, NEW, NOW + at * HOUR))  # type: ignore[misc]
    assert len(await database.run(lambda tx: paper_codes.tries(tx, NEW, NOW))) == 2
    assert await database.run(lambda tx: paper_codes.tries(tx, OLD, NOW - HOUR)) == []


async def test_people_are_counted_by_the_language_of_each(database: Database) -> None:
    await database.run(two)
    asked = select(persons.own_language, func.count()).join_from(participant, chat).group_by(persons.own_language)
    assert {tuple(row) for row in await database.run(lambda tx: tx.execute(asked).all())} == {("ar", 1), ("uk", 1)}


async def test_a_number_on_a_phone_is_kept_and_given_to_nobody_who_comes_behind(database: Database) -> None:
    first, second = await database.run(two)
    alone = await database.run(lambda tx: new_participant(tx, NEW))
    await database.run(lambda tx: moving_people.move(tx, first, NEW, NOW, away="moved"))
    third = await database.run(lambda tx: participants.create(tx, OLD, START, NOW))
    found = await database.run(lambda tx: persons.on_phones(tx, [OLD, NEW]))
    assert {chat: {person: one.nth for person, one in people.items()} for chat, people in found.items()} == {
        OLD: {second: 2, third: 3},
        NEW: {first: 2, alone: 1},
    }
    assert await database.run(lambda tx: persons.number_again(tx, OLD, 1)) == 1, "nobody has it"
    assert await database.run(lambda tx: persons.number_again(tx, OLD, 2)) == 4
