"""People of whom nothing was heard for long, and talks that ended long ago: to the moment, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import Connection, func, insert, select, update

from bot.content.loader import Content
from bot.core.message import Screen
from bot.core.threads import TEXT, Author
from bot.db import audit
from bot.db import chats as db_chats
from bot.db.engine import Database
from bot.db.outbox import deliveries
from bot.db.people import participants
from bot.db.rights import retention
from bot.db.schema import audit_entry, chat, delivery, erasure_proof, meeting, registration, thread, thread_message
from bot.db.staff import staff
from bot.db.threads import threads
from bot.services import audit as trail
from bot.services import upkeep
from bot.services.deliveries import saying
from bot.services.deliveries.saying import Skip
from bot.services.rights import expiring
from bot.services.rights.still_there import TIME_TO_ANSWER
from bot.services.turn import Turn
from bot.services.upkeep import LongOver
from tests.db.rows import NOW, new_participant, register, whole_person
from tests.running import minden

P = ParamSpec("P")
T = TypeVar("T")
MOMENT, DAY = timedelta(microseconds=1), timedelta(days=1)


@pytest.fixture(scope="module")
def town() -> Content:
    return minden()


def chats(connection: Connection) -> set[int]:
    return set(connection.execute(select(chat.c.id)).scalars())


def person(connection: Connection, chat_id: int, *, finished: bool = False) -> int:
    """Somebody who was here last NOW, and agreed."""
    one = new_participant(connection, chat_id)
    participants.give_consent(connection, one, "storage", language="de", text_version="v1", now=NOW)
    if finished:
        participants.finish(connection, one, NOW)
    return one


def said_to(turn: Turn, chat_id: int) -> object:
    """What the question says to somebody, as the world is now."""
    asked = turn.connection.execute(select(delivery.c.id).where(delivery.c.chat_id == chat_id)).scalar_one()
    due = deliveries.load(turn.connection, asked)
    assert due is not None
    return saying.prepared(turn, [due])[asked]


async def test_unfinished_profiles_go_after_their_time_but_not_with_a_seat_to_come(
    database: Database, town: Content
) -> None:
    kept = town.town.retention.unfinished

    def lived(connection: Connection) -> None:
        person(connection, 1)
        person(connection, 2, finished=True)
        register(connection, person(connection, 3), 3)
        connection.execute(update(meeting).values(starts_at=NOW + kept + DAY, ends_at=NOW + kept + 2 * DAY))
        waits = threads.begin(connection, person(connection, 4), NOW)
        threads.change(connection, waits, waiting_since=NOW)  # a last "Thank you!" that nobody closed

    await database.run(lived)
    assert await database.run(lambda tx: expiring.unfinished(Turn(tx, town, NOW + kept))) == 0
    assert (await database.run(lambda tx: expiring.due(Turn(tx, town, NOW + kept + MOMENT))))["unfinished"] == 2
    assert await database.run(lambda tx: expiring.unfinished(Turn(tx, town, NOW + kept + MOMENT))) == 2
    assert await database.run(chats) == {2, 3}
    assert await database.run(lambda tx: tx.scalar(select(func.count()).select_from(erasure_proof))) == 2
    trail = await database.run(lambda tx: audit.entries(tx, audit.Filter(), 0, 9))
    assert [(one.actor, one.deed, one.about) for one in trail] == [("clock", "erased", None)] * 2
    await database.run(lambda tx: tx.execute(update(registration).values(ended_at=NOW)))
    assert await database.run(lambda tx: expiring.unfinished(Turn(tx, town, NOW + kept + MOMENT))) == 1


async def test_who_is_silent_is_asked_once_and_forgotten_a_month_later(database: Database, town: Content) -> None:
    asks = NOW + town.town.retention.inactive - TIME_TO_ANSWER
    await database.run(lambda tx: [person(tx, number, finished=True) for number in (1, 2)])

    async def do(use_case: object, at: datetime) -> int:
        return await database.run(lambda tx: use_case(Turn(tx, town, at)))  # type: ignore[operator]

    assert await do(expiring.ask, asks) == 0
    assert await do(expiring.ask, asks + DAY) == 2
    assert await do(expiring.ask, asks + DAY) == 0, "asked once"
    for at, wanted in ((NOW, Screen), (asks, Skip)):
        await database.run(lambda tx, at=at: tx.execute(update(chat).where(chat.c.id == 2).values(seen_at=at)))  # type: ignore[misc]
        said = await database.run(lambda tx: said_to(Turn(tx, town, asks + 2 * DAY), 2))
        assert isinstance(said, wanted)
    await database.run(lambda tx: tx.execute(update(chat).values(seen_at=NOW)))
    late = asks + TIME_TO_ANSWER + 3 * DAY
    assert await do(expiring.inactive, late) == 0, "the question has not been sent"
    await database.run(lambda tx: tx.execute(update(delivery).values(state="sent", sent_at=asks + DAY)))
    await database.run(lambda tx: tx.execute(update(chat).where(chat.c.id == 2).values(seen_at=asks + 2 * DAY)))
    assert await do(expiring.inactive, asks + DAY + TIME_TO_ANSWER) == 0, "a month is a month"
    assert await do(expiring.inactive, late) == 1
    assert await database.run(chats) == {2}, "who tapped stays"


async def test_talks_go_after_their_end_and_the_trail_after_its_time(database: Database, town: Content) -> None:
    kept = town.town.retention

    def lived(connection: Connection) -> None:
        for number in (1, 2, 3):
            talk = threads.begin(connection, person(connection, number), NOW - DAY)
            if number == 1:
                threads.change(connection, talk, closed_at=NOW)
            if number == 2:  # nobody closes it, and who said the last word waits
                threads.change(connection, talk, changed_at=NOW, waiting_since=NOW)
            if number == 3:
                threads.change(connection, talk, changed_at=NOW + DAY)
        audit.append(connection, NOW, "profile_seen", "staff:1", None, "")

    await database.run(lived)
    assert await database.run(lambda tx: expiring.talks(Turn(tx, town, NOW + kept.talks))) == 0
    assert (await database.run(lambda tx: expiring.due(Turn(tx, town, NOW + kept.talks + MOMENT))))["talks"] == 2
    assert await database.run(lambda tx: expiring.talks(Turn(tx, town, NOW + kept.talks + MOMENT))) == 2
    assert await database.run(lambda tx: tx.scalar(select(func.count()).select_from(thread))) == 1
    assert await database.run(lambda tx: trail.forget_old(Turn(tx, town, NOW + kept.audit))) == 0
    assert await database.run(lambda tx: trail.forget_old(Turn(tx, town, NOW + kept.audit + MOMENT))) == 1
    assert (await database.run(audit.verify)).broken_at is None
    assert await database.run(lambda tx: tx.scalar(select(func.count()).select_from(audit_entry))) == 1


async def test_old_words_of_a_talk_that_goes_on_go_with_what_stands_in_its_topic(
    database: Database, town: Content
) -> None:
    kept, group = town.town.retention.talks, -100

    def lived(connection: Connection) -> None:
        staff.add(connection, 900, NOW, role="admin", name="Anna")
        threads.bind(connection, group, 1, NOW)
        talk = threads.begin(connection, person(connection, 1), NOW)
        threads.change(connection, talk, group_id=group, topic=4, changed_at=NOW + 2 * DAY)

        def word(author: Author, at: datetime, said: tuple[int, int], copy: tuple[int, int]) -> None:
            there = {"chat_id": said[0], "message_id": said[1], "copy_chat": copy[0], "copy_message": copy[1]}
            threads.add(connection, talk, author, TEXT, at, text=f"{author} {said[1]}", **there)

        word(Author.PERSON, NOW, (1, 11), (group, 21))
        word(Author.STAFF, NOW, (group, 22), (1, 12))
        # Both stand in the topic as one message, which stays as long as one of them does.
        word(Author.PERSON, NOW, (1, 13), (group, 23))
        word(Author.PERSON, NOW + DAY, (1, 14), (group, 23))

    def left(connection: Connection) -> list[int]:
        return list(connection.execute(select(thread_message.c.id).order_by(thread_message.c.id)).scalars())

    def going(connection: Connection) -> set[tuple[int, int]]:
        gone = select(delivery.c.chat_id, delivery.c.edits).where(delivery.c.text_key == "thread.gone")
        return {(row[0], row[1]) for row in connection.execute(gone)}

    await database.run(lived)
    later = NOW + kept + MOMENT
    assert await database.run(lambda tx: expiring.talks(Turn(tx, town, NOW + kept))) == 0
    assert (await database.run(lambda tx: expiring.due(Turn(tx, town, later))))["words of talks"] == 2
    assert await database.run(lambda tx: expiring.talks(Turn(tx, town, later))) == 2
    assert await database.run(left) == [3, 4]
    assert await database.run(going) == {(group, 21), (group, 22)}
    assert await database.run(lambda tx: expiring.talks(Turn(tx, town, later + DAY))) == 2
    assert await database.run(going) == {(group, number) for number in (21, 22, 23)}
    assert await database.run(lambda tx: tx.scalar(select(func.count()).select_from(thread))) == 1


async def test_more_than_a_page_of_people_is_counted(
    database: Database, town: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PEOPLE", 1)
    for number in (1, 2, 3):
        await database.run(lambda tx, number=number: person(tx, number))  # type: ignore[misc]
    later = NOW + town.town.retention.unfinished + MOMENT
    assert (await database.run(lambda tx: upkeep.due(Turn(tx, town, later))))["unfinished"] == 3


async def test_what_the_night_takes_is_counted_class_by_class(database: Database, town: Content) -> None:
    for number in (1, 2):
        await database.run(lambda tx, number=number: whole_person(tx, number, "word", number))  # type: ignore[misc]
    classes = ("answers", "attendance", "chats without consent", "deliveries", "seats", "interests", "drafts")
    over = {"state": "sent", "sent_at": NOW, "kind": "notice"}
    await database.run(lambda tx: tx.execute(update(delivery).values(**over)))
    await database.run(lambda tx: db_chats.create(tx, db_chats.begun(77, "language", None, NOW)))
    now = await database.run(lambda tx: upkeep.due(Turn(tx, town, NOW)))
    assert {now[name] for name in classes} == {0}
    later = NOW + timedelta(days=900)
    counted = await database.run(lambda tx: upkeep.due(Turn(tx, town, later)))
    assert (counted["interests"], counted["drafts"]) == (2, 2)
    gone, _ = await database.run(lambda tx: upkeep.forget_deliveries(Turn(tx, town, later), 0))
    assert counted["deliveries"] == gone > 0
    seats, attended = await database.run(lambda tx: upkeep.forget_registrations(Turn(tx, town, later)))
    assert (counted["seats"], counted["attendance"]) == (seats, attended)
    strangers = await database.run(lambda tx: upkeep.forget_strangers(Turn(tx, town, later)))
    assert counted["chats without consent"] == strangers == 1
    gone_now = await database.run(lambda tx: upkeep.forget_what_is_due(Turn(tx, town, later)))
    assert counted["answers"] == gone_now.answers > 0
    after = await database.run(lambda tx: upkeep.due(Turn(tx, town, later)))
    assert {after[name] for name in classes} == {0}


async def test_a_night_goes_through_every_class_in_pages_and_counts_what_went(
    database: Database, town: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOW + town.town.retention.inactive
    turns: list[str] = []

    def lived(connection: Connection) -> None:
        person(connection, 1)
        person(connection, 2, finished=True)
        for number in (3, 4):
            waits = threads.begin(connection, person(connection, number, finished=True), NOW)
            connection.execute(update(thread).where(thread.c.id == waits).values(closed_at=NOW))
        connection.execute(update(chat).where(chat.c.id.in_((3, 4))).values(seen_at=now))
        over = {"due_at": NOW, "next_at": NOW, "sent_at": NOW, "state": "sent", "kind": "notice", "priority": 0}
        rows = [{"chat_id": 2, "cause": f"said {number}", "text_key": "ui.group.text", **over} for number in range(7)]
        connection.execute(insert(delivery), rows)

    async def run(use_case: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        turns.append(use_case.__name__)
        return await database.run(lambda tx: use_case(Turn(tx, town, now + DAY), *args, **kwargs))

    await database.run(lived)
    monkeypatch.setattr(upkeep, "PAGE", 3)
    assert await upkeep.night_work(run) == LongOver(6, 0, 0, 3), (
        "all but the newest delivery; one person and two talks"
    )
    assert await database.run(chats) == {2, 3, 4}, "who is asked has not gone"
    assert turns.count("forget_deliveries") == 4, "three of them, three, one, and then none"
    assert turns.count("ask") == 2, "until nobody is left to be asked"
    assert await upkeep.night_work(run) == LongOver(1, 0, 0, 0), "the question is the newest delivery now"
