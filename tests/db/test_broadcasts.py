"""Broadcasts as rows, on both databases: paused, stopped, taken up again; every copy drawn anew once a round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.core.broadcasts import Interest, Stage, Subject, Version, cause, text_key
from bot.db.broadcasts import broadcasts
from bot.db.engine import Database
from bot.db.offers import sayings
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries, doubted
from bot.db.outbox.deliveries import Kind, Planned, State
from bot.db.schema import delivery
from bot.db.staff import staff
from tests.db.rows import NOW, new_participant

DAY = timedelta(days=1)
PEOPLE = {1: "de", 2: "ar", 3: "ar"}


def begun(connection: Connection) -> int:
    """A broadcast that is going out to three people; its number."""
    staff.add(connection, 99, NOW, role="admin", name="Rita")
    member = staff.by_person(connection, 99)
    assert member is not None
    number = broadcasts.create(connection, member.id, NOW, last_useful_at=NOW + 14 * DAY)
    broadcasts.write(connection, number, Version("de", "Hallo", released_text="Hallo", released_by=member.id), NOW)
    broadcasts.change(connection, number, stage=Stage.SENDING.value, starts_at=NOW)
    for chat_id, language in PEOPLE.items():
        person = new_participant(connection, chat_id, language=language)
        one = Planned(cause(number), Kind.BROADCAST, NOW, text_key(number), participant_id=person)
        deliveries.plan(connection, [(chat_id, one)])
    return number


def arrived(connection: Connection, chats: Sequence[int]) -> None:
    """These have got it."""
    sent = {"state": State.SENT.value, "message_id": 7, "sent_at": NOW}
    connection.execute(update(delivery).where(delivery.c.chat_id.in_(chats)).values(sent))


def due(connection: Connection) -> list[int]:
    """The chats that get something now."""
    wanted = select(delivery.c.chat_id).where(delivery.c.state == "planned", delivery.c.next_at <= NOW)
    return sorted(connection.execute(wanted).scalars())


@pytest.mark.row(32)
async def test_what_is_paused_waits_and_goes_on(database: Database) -> None:
    number = await database.run(begun)
    await database.run(lambda tx: arrived(tx, [1]))
    assert await database.run(lambda tx: broadcasts.hold(tx, number, NOW + 14 * DAY)) == 2
    assert await database.run(due) == []
    assert await database.run(lambda tx: broadcasts.release(tx, number, NOW)) == 2
    assert await database.run(due) == [2, 3]
    assert await database.run(lambda tx: broadcasts.outcomes(tx, number)) == {State.SENT: 1, State.PLANNED: 2}


async def test_what_was_skipped_for_its_language_is_planned_after_all_and_nothing_else(database: Database) -> None:
    number = await database.run(begun)
    await database.run(lambda tx: broadcasts.skip(tx, number, "language"))
    muted = update(delivery).where(delivery.c.chat_id == 3).values(reason="muted")
    await database.run(lambda tx: tx.execute(muted))
    assert await database.run(lambda tx: broadcasts.reasons(tx, number)) == {"language": 2, "muted": 1}
    assert await database.run(lambda tx: broadcasts.take_up(tx, number, ["language"], NOW)) == 2
    assert await database.run(due) == [1, 2]


async def test_a_round_changes_every_copy_that_stands_in_a_chat_once(database: Database) -> None:
    number = await database.run(begun)
    await database.run(lambda tx: arrived(tx, [1, 2]))

    def redrawn(connection: Connection, round_: int, languages: list[str] | None) -> int:
        return broadcasts.redraw(connection, number, round_, NOW, languages, delete=False)

    assert await database.run(lambda tx: redrawn(tx, 1, ["ar"])) == 1
    assert await database.run(lambda tx: redrawn(tx, 1, ["ar"])) == 0, "the same round is no other"
    assert await database.run(lambda tx: redrawn(tx, 2, None)) == 2
    assert await database.run(lambda tx: broadcasts.redrawn(tx, number, 2)) == {State.PLANNED: 2}
    # The copies are the same: what became of the broadcast is counted without its changes.
    assert await database.run(lambda tx: broadcasts.outcomes(tx, number)) == {State.SENT: 2, State.PLANNED: 1}


@pytest.mark.row(32)
async def test_an_unknown_one_is_said_again_by_a_human_alone(database: Database) -> None:
    number = await database.run(begun)
    unknown = {"state": State.UNKNOWN.value, "unknown_at": NOW}
    await database.run(lambda tx: tx.execute(update(delivery).values(unknown)))
    assert await database.run(due) == []
    assert await database.run(lambda tx: doubted.say_again(tx, number, NOW)) == 3
    assert await database.run(due) == [1, 2, 3]


async def test_every_word_of_staff_counts(database: Database) -> None:
    number = await database.run(begun)
    before = await database.run(sayings.revision)
    await database.run(lambda tx: broadcasts.write(tx, number, Version("ar", "مرحبا"), NOW))
    after = await database.run(sayings.everything)
    assert after.revision > before
    (one,) = after.broadcasts
    assert (one.released, one.drafts) == ({"de": "Hallo"}, {"de": "Hallo", "ar": "مرحبا"})


async def test_an_interest_is_one_however_often_it_is_given_and_goes_when_it_is_old(database: Database) -> None:
    about = Subject(broadcast=await database.run(begun))

    def give(connection: Connection) -> None:
        one = Interested(0, 1, about, "Bäckerei", Interest.OPEN, NOW)
        interests.give(connection, one, "de", "v1")

    await database.run(give)
    await database.run(give)
    (one,) = await database.run(lambda tx: interests.in_subject(tx, about))
    await database.run(lambda tx: interests.change(tx, one.id, Interest.WITHDRAWN, None, NOW + DAY))
    assert await database.run(lambda tx: interests.in_subject(tx, about)) == []
    await database.run(give)
    assert [one.state for one in await database.run(lambda tx: interests.in_subject(tx, about))] == [Interest.OPEN]
    assert await database.run(lambda tx: interests.forgotten(tx, NOW)) == []
    assert await database.run(lambda tx: interests.forgotten(tx, NOW + DAY)) == [about]
    await database.run(lambda tx: interests.nudged(tx, about, NOW + DAY, NOW + DAY))
    assert await database.run(lambda tx: interests.forgotten(tx, NOW + DAY)) == []
    assert await database.run(lambda tx: interests.forget_old(tx, NOW)) == 0
    assert await database.run(lambda tx: interests.forget_old(tx, NOW + DAY)) == 1


async def test_a_round_can_go_behind_some_and_an_end_overtakes_former_rounds(database: Database) -> None:
    number = await database.run(begun)
    await database.run(lambda tx: arrived(tx, [1, 2]))
    own = select(delivery.c.id).where(delivery.c.chat_id == 2, delivery.c.cause == cause(number))
    (late,) = await database.run(lambda tx: list(tx.execute(own).scalars()))
    held = await database.run(lambda tx: broadcasts.several(tx, [number], still=True))
    assert [*held] == [number]
    behind = await database.run(
        lambda tx: broadcasts.redraw(tx, number, 1, NOW, None, delete=True, only=[late, late + 1000])
    )
    assert behind == 1
    await database.run(lambda tx: broadcasts.redraw(tx, number, 2, NOW, None, delete=False))
    assert await database.run(lambda tx: broadcasts.overtake(tx, number, 1)) == 1
    assert await database.run(lambda tx: broadcasts.redrawn(tx, number, 1)) == {State.SKIPPED: 1}
    assert await database.run(lambda tx: broadcasts.redrawn(tx, number, 2)) == {State.PLANNED: 2}
    assert await database.run(lambda tx: broadcasts.released(tx, [number, 7])) == {number: {"de"}, 7: set()}


async def test_a_change_of_a_copy_is_repeated_after_every_kill(database: Database) -> None:
    number = await database.run(begun)
    await database.run(lambda tx: arrived(tx, [1, 2, 3]))
    await database.run(lambda tx: broadcasts.redraw(tx, number, 1, NOW, None, delete=False))

    def killed(connection: Connection, now: datetime) -> int:
        assert len(deliveries.claim(connection, "dead", now, 10)) == 3
        return deliveries.abandon(connection, "me", now, lambda _: True)

    for days in (1, 2, 3):
        now = NOW + days * DAY
        assert await database.run(partial(killed, now=now)) == 3
        assert await database.run(lambda tx: broadcasts.redrawn(tx, number, 1)) == {State.PLANNED: 3}


async def test_what_the_clock_notes_is_no_other_text(database: Database) -> None:
    number = await database.run(begun)
    before = await database.run(sayings.revision)
    await database.run(lambda tx: broadcasts.change(tx, number, planned_to=7, reported_at=NOW))
    assert await database.run(sayings.revision) == before
    await database.run(lambda tx: broadcasts.change(tx, number, rounds=1))
    assert await database.run(sayings.revision) > before


@pytest.mark.parametrize("reader", ["offers.everything", "broadcasts.wordings"])
async def test_words_that_are_released_while_all_are_read_are_read_once_more(
    database: Database, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    number = await database.run(begun)
    module, name = reader.split(".")
    read = getattr(getattr(sayings, module), name)

    def and_then_another_releases(connection: Connection) -> list[Any]:
        found = list(read(connection))
        broadcasts.write(connection, number, Version("de", "Anders", released_text="Anders"), NOW)
        return found

    monkeypatch.setattr(getattr(sayings, module), name, and_then_another_releases)
    found = await database.run(sayings.everything)
    assert found.revision != await database.run(sayings.revision), "it is known that this is not the newest"
