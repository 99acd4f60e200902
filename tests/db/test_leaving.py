"""Somebody erases themselves: the proof that stays, and which messages are to go at the messenger."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select, update

from bot.db.engine import Database
from bot.db.rights import erasure, leaving
from bot.db.schema import chat, delivery, erasure_proof, shown_message
from bot.db.threads import threads
from tests.db.rows import CANARY, NOW, OTHER, new_chat, whole_person

MOMENT = timedelta(microseconds=1)


def proofs(connection: Connection) -> list[tuple[str, list[dict[str, str]]]]:
    return [(row.mark, row.consents) for row in connection.execute(select(erasure_proof))]


async def test_the_proof_names_consents_and_nobody(database: Database) -> None:
    await database.run(lambda tx: whole_person(tx, 2, CANARY, 200))
    await database.run(lambda tx: leaving.leave(tx, 2, NOW, None))
    await database.run(lambda tx: erasure.erase_chat(tx, 2))
    ((mark, consents),) = await database.run(proofs)
    assert mark == leaving.mark(2)
    assert mark != leaving.mark(3)
    assert [(one["purpose"], one["language"], one["text_version"]) for one in consents] == [("storage", "ar", "v1")]
    assert CANARY not in str(consents)
    assert await database.run(lambda tx: leaving.forget_proofs(tx, NOW)) == 0
    assert await database.run(lambda tx: leaving.forget_proofs(tx, NOW + MOMENT)) == 1


async def test_who_agreed_to_nothing_leaves_no_proof(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, 5))
    await database.run(lambda tx: leaving.leave(tx, 5, NOW, None))
    assert await database.run(proofs) == []


async def test_all_messages_that_can_still_be_deleted_go_but_the_last_word(database: Database) -> None:
    def lived(connection: Connection) -> None:
        whole_person(connection, 1, OTHER, 100)
        whole_person(connection, 2, CANARY, 200)  # a card or file and their word to the team: message 200
        leaving.shown(connection, 2, 201, NOW)
        leaving.shown(connection, 2, 202, NOW - leaving.DELETABLE)
        leaving.shown(connection, 2, 203, NOW - leaving.DELETABLE - MOMENT)
        leaving.shown(connection, 9, 204, NOW)  # a chat that is gone by now
        connection.execute(update(chat).where(chat.c.id == 2).values(card_message=205, shown_at=NOW))
        told = delivery.c.chat_id == 2
        connection.execute(update(delivery).where(told).values(state="sent", message_id=206, sent_at=NOW))
        one = threads.of_chat(connection, 2)
        assert one is not None
        leaving.leave(connection, 2, NOW, 205)
        erasure.erase_chat(connection, 2)

    await database.run(lived)
    found = await database.run(lambda tx: leaving.going(tx, 100))
    assert {(one.chat_id, one.message_id) for one in found} == {(2, number) for number in (200, 201, 202, 206)}
    await database.run(lambda tx: leaving.gone(tx, found[:1], NOW))
    assert len(await database.run(lambda tx: leaving.going(tx, 100))) == len(found) - 1
    await database.run(lambda tx: leaving.gone(tx, (), NOW + leaving.DELETABLE + MOMENT))
    assert await database.run(lambda tx: leaving.going(tx, 100)) == [], "too old: the messenger deletes it no more"


async def test_what_was_shown_is_forgotten_after_two_days(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, 5))
    await database.run(lambda tx: leaving.shown(tx, 5, 1, NOW))
    for later, left in ((leaving.DELETABLE, 1), (leaving.DELETABLE + MOMENT, 0)):
        await database.run(lambda tx, later=later: leaving.forget_shown(tx, NOW + later))  # type: ignore[misc]
        found = await database.run(lambda tx: tx.execute(select(shown_message)).all())
        assert len(found) == left
