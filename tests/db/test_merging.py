"""Two profiles become one and two again: random people are as before, and nothing was lost between."""

from __future__ import annotations

import random  # noqa: TID251 - people at random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Select, insert, select, update

from bot.core.broadcasts import Interest, Subject
from bot.core.engine import Answer, Status
from bot.core.threads import TEXT, Author
from bot.db.broadcasts import broadcasts
from bot.db.engine import Database
from bot.db.moving_rows import dumped
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries, thread_deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import merging, notes, participants, parting, path_marks, people
from bot.db.rights import erasure
from bot.db.schema import (
    answer,
    answer_history,
    audit_person,
    chat,
    consent,
    delivery,
    former_topic,
    interest,
    metadata,
    name_start,
    note,
    participant,
    path_mark,
    registration,
    thread,
    thread_message,
    unwanted_offer,
)
from bot.db.staff import staff
from bot.db.threads import threads
from tests.db.rows import HOUR, NOW, given, new_meeting, new_participant

TABLES = (
    *(answer, answer_history, consent, registration, interest, note, unwanted_offer, delivery, audit_person),
    *(former_topic, name_start, path_mark, thread, thread_message),
)
QUESTIONS = ("goals", "hours", "anything", "times", "place")
OFFERS = ("info", "iqui", "job")
LATER = NOW + 24 * HOUR


def somebody(connection: Connection, chat_id: int, chance: random.Random, meetings: list[int]) -> int:
    """A person with some of everything there can be."""
    person = new_participant(connection, chat_id)
    for question in QUESTIONS:
        for turn in range(chance.randrange(3)):
            at = NOW + HOUR * chance.randrange(20)
            said = chance.choice([given(chance.randrange(3)), Answer(Status.SKIPPED, None)])
            history = [question] if turn and chance.random() < 0.5 else []
            participants.save_answers(connection, person, {question: said}, "r1", at, history=history)
    if chance.random() < 0.5:
        participants.give_consent(connection, person, "storage", language="de", text_version="v", now=NOW)
    columns: dict[str, Any] = {"muted": chance.choice([None, ["own"], ["offers", "own"]])}
    participants.set_preferences(connection, person, name=chance.choice([None, "Lea", "Omar"]), **columns)
    if chance.random() < 0.5:
        participants.finish(connection, person, NOW + HOUR * chance.randrange(9))
    talked(connection, person, chat_id, chance)
    for offer, meeting in zip(OFFERS, meetings, strict=True):
        if chance.random() < 0.5:
            people.want_no_more(connection, person, offer, NOW)
        if chance.random() < 0.7:
            state = chance.choice(["registered", "waiting", "requested", "given_back"])
            row = {"offer_id": offer, "meeting_id": meeting, "participant_id": person, "queued_at": NOW}
            row |= {"state": state, "ended_at": NOW if state == "given_back" else None}
            seat = connection.execute(insert(registration).returning(registration.c.id), row).scalar_one()
            planned = Planned(f"reminder:{seat}", Kind.REMINDER, LATER, "ui.x", participant_id=person)
            deliveries.plan(connection, [(chat_id, planned)])
            connection.execute(update(delivery).where(delivery.c.cause == planned.cause).values(registration_id=seat))
    return person


def talked(connection: Connection, person: int, chat_id: int, chance: random.Random) -> None:
    """Steps of a path, and a talk with the team."""
    for step in ("vpd", "level"):
        if chance.random() < 0.5:
            path_marks.mark(connection, person, step, NOW + HOUR * chance.randrange(9))
    if chance.random() < 0.7:
        talk = threads.begin(connection, person, NOW + HOUR * chance.randrange(9))
        for number in range(chance.randrange(3)):
            at, waits = NOW + HOUR * chance.randrange(9), chance.random() < 0.5
            threads.add(connection, talk, Author.PERSON, TEXT, at, text="hello", chat_id=chat_id, message_id=number)
            threads.change(connection, talk, waiting_since=at if waits else None, changed_at=at)
        if chance.random() < 0.5:
            threads.change(connection, talk, group_id=-7, topic=chat_id * 10, card_message=chat_id * 10 + 1)
            thread_deliveries.keep_topic(connection, person, -7, chat_id)


def world(connection: Connection, seed: int) -> tuple[int, int, int]:
    """Two people and somebody of the team; the numbers of the first two, and of the member."""
    from bot.db import audit  # noqa: PLC0415

    chance = random.Random(seed)  # noqa: S311
    staff.add(connection, 900, NOW, role="admin", name="Anna")
    member = staff.by_person(connection, 900)
    assert member is not None
    threads.bind(connection, -7, member.id, NOW)
    meetings = [new_meeting(connection, offer) for offer in OFFERS]
    first = somebody(connection, 1, chance, meetings)
    second = somebody(connection, 2, chance, meetings)
    for opening in ("care", "bakery"):
        for one in (first, second):
            if chance.random() < 0.6:
                told = Interested(0, one, Subject(opening=opening), "Bakery Muster", Interest.OPEN, NOW)
                interests.give(connection, told, "de", "v")
    for person in (first, second):
        if chance.random() < 0.7:
            number = broadcasts.create(connection, member.id, NOW, last_useful_at=LATER)
            for one in (first, second):
                if chance.random() < 0.6:
                    given = Interested(0, one, Subject(broadcast=number), None, Interest.OPEN, NOW)
                    interests.give(connection, given, "de", "v")
        if chance.random() < 0.7:
            notes.write(connection, person, member.id, "needs a laptop", NOW)
            audit.append(connection, NOW, "note_written", f"staff:{member.id}", person, "")
    return first, second, member.id


def everything(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All rows about people; of chats, what they show."""
    found = {
        table.name: [dumped(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
        for table in (*TABLES, participant)
    }
    places: Select[Any] = select(chat.c.id, chat.c.screen, chat.c.detour, chat.c.focus, chat.c.card_version).order_by(
        chat.c.id
    )
    for row in found["thread"]:  # its card may be owed, a topic closed
        row.update(card_outdated=None, topic_open=None)
    found["delivery"] = [row for row in found["delivery"] if not row["cause"].startswith("thread.merged")]
    return found | {"chat": [dumped(row) for row in connection.execute(places)]}


def together(connection: Connection, kept: int, gone: int, by: int) -> merging.Merging:
    number = merging.merge(connection, kept, gone, by, LATER, away="merged", stand_in="-")
    assert number is not None
    merging.completed(connection, number)
    one = merging.load(connection, number)
    assert one is not None
    return one


@pytest.mark.parametrize("seed", range(12))
async def test_together_and_apart_is_as_before(database: Database, seed: int) -> None:
    def there_and_back(connection: Connection) -> tuple[Any, Any]:
        first, second, by = world(connection, seed)
        kept, gone = (first, second) if seed % 2 else (second, first)
        before = everything(connection)
        one = together(connection, kept, gone, by)
        assert not connection.execute(select(participant.c.id).where(participant.c.id == gone)).all()
        assert parting.take_apart(connection, one, LATER) is False
        return before, everything(connection)

    before, after = await database.run(there_and_back)
    for name, rows in before.items():
        assert after[name] == rows, name


@pytest.mark.parametrize("seed", range(6))
async def test_nothing_is_lost_and_consent_does_not_travel(database: Database, seed: int) -> None:
    def there(connection: Connection) -> None:
        kept, gone, by = world(connection, seed)
        before = everything(connection)
        together(connection, kept, gone, by)
        after = everything(connection)
        assert [row for row in before["consent"] if row["participant_id"] == kept] == after["consent"]
        for name in ("registration", "note", "delivery", "thread_message"):
            assert [row["id"] for row in before[name]] == [row["id"] for row in after[name]], name
        said = {(row["question_id"], row["status"], str(row["value"])) for row in before["answer"]}
        told = {
            (row["question_id"], row["status"], str(row["value"]))
            for row in (*after["answer"], *after["answer_history"])
        }
        assert said <= told
        newest = {}
        for row in sorted(before["answer"], key=lambda one: (one["answered_at"], one["participant_id"] == kept)):
            newest[row["question_id"]] = row["value"]
        assert {row["question_id"]: row["value"] for row in after["answer"]} == newest

    await database.run(there)


async def test_what_was_said_since_stays_with_the_kept_one_and_what_was_the_others_goes(database: Database) -> None:
    def since(connection: Connection) -> None:
        kept, gone, by = world(connection, 3)
        for person, hours in ((kept, 1), (gone, 2)):
            said = {"hours": given(hours), "place": given(f"place {hours}")}
            participants.save_answers(connection, person, said, "r1", NOW + HOUR * (30 + hours))
        before = everything(connection)
        one = together(connection, kept, gone, by)
        week = LATER + timedelta(days=3)
        participants.save_answers(connection, kept, {"hours": given(9)}, "r1", week, history=["hours"])
        notes.write(connection, kept, by, "said since", week)
        assert parting.take_apart(connection, one, week) is True
        after = everything(connection)
        now = {(row["participant_id"], row["question_id"]): row["value"] for row in after["answer"]}
        assert now[kept, "hours"] == 9
        assert now[gone, "hours"] == 2
        assert now[kept, "place"] == "place 1"
        former = {row["value"] for row in after["answer_history"] if row["question_id"] == "hours"}
        mine = [
            row["value"]
            for row in after["answer_history"]
            if row["participant_id"] == kept and row["question_id"] == "hours"
        ]
        assert 1 in former
        assert 2 not in mine
        theirs = [row for row in before["answer"] if row["participant_id"] == gone]
        assert [row for row in after["answer"] if row["participant_id"] == gone] == theirs
        assert [row["text"] for row in after["note"] if row["participant_id"] == kept][-1] == "said since"

    await database.run(since)


@pytest.mark.parametrize("first_begins", [True, False])
@pytest.mark.parametrize("both", [True, False])
async def test_a_talk_goes_on_as_one_and_what_was_said_since_stays_with_the_kept_one(
    database: Database, first_begins: bool, both: bool
) -> None:
    def since(connection: Connection) -> None:
        staff.add(connection, 900, NOW, role="admin", name="Anna")
        kept, gone = new_participant(connection, 1), new_participant(connection, 2)
        order = [kept, gone] if first_begins else [gone, kept]
        for person in order if both else [gone]:
            talk = threads.begin(connection, person, NOW)
            threads.add(connection, talk, Author.PERSON, TEXT, NOW, text=f"of {person}")
            threads.change(connection, talk, waiting_since=NOW + HOUR * person)
        one = together(connection, kept, gone, 1)
        talk_of_both = threads.of_person(connection, kept)
        assert talk_of_both is not None
        said = [each.text for each in threads.newest(connection, talk_of_both.id, 9)]
        assert sorted(map(str, said)) == [f"of {person}" for person in sorted(order if both else [gone])]
        assert talk_of_both.waiting_since == NOW + HOUR * (kept if both else gone)
        threads.add(connection, talk_of_both.id, Author.STAFF, TEXT, LATER, text="since")
        threads.change(connection, talk_of_both.id, waiting_since=None, changed_at=LATER)
        parting.take_apart(connection, one, LATER)
        mine, theirs = threads.of_person(connection, kept), threads.of_person(connection, gone)
        assert mine is not None
        assert theirs is not None
        assert [each.text for each in threads.newest(connection, theirs.id, 9)] == [f"of {gone}"]
        own = [f"of {kept}"] if both else []
        assert [each.text for each in threads.newest(connection, mine.id, 9)] == [*own, "since"]
        assert (mine.waiting_since, theirs.waiting_since) == (None, NOW + HOUR * gone)

    await database.run(since)


async def test_both_topics_of_who_was_put_together_go_with_them(database: Database) -> None:
    def gone(connection: Connection) -> set[int]:
        staff.add(connection, 900, NOW, role="admin", name="Anna")
        threads.bind(connection, -7, 1, NOW)
        kept, other = new_participant(connection, 1), new_participant(connection, 2)
        for person, topic in ((kept, 10), (other, 20)):
            threads.change(connection, threads.begin(connection, person, NOW), group_id=-7, topic=topic)
        merging.forget(connection, together(connection, kept, other, 1).id)
        erasure.erase_chat(connection, 1)
        to_go = select(delivery.c.params).where(delivery.c.text_key == "thread.gone")
        return {params["topic"] for params in connection.execute(to_go).scalars() if "close" not in params}

    assert await database.run(gone) == {10, 20}


async def test_one_at_a_time_and_the_number_stays_free_for_a_week(database: Database) -> None:
    def once(connection: Connection) -> None:
        first, second, by = world(connection, 1)
        together(connection, first, second, by)
        third = new_participant(connection, 3)
        assert third not in {first, second}
        assert merging.merge(connection, third, first, by, LATER, away="merged", stand_in="-") is None
        assert merging.merge(connection, first, third, by, LATER, away="merged", stand_in="-") is None
        assert merging.merge(connection, third, second, by, LATER, away="merged", stand_in="-") is None

    await database.run(once)


async def test_a_chat_that_is_erased_takes_its_data_out_of_the_other_profile(database: Database) -> None:
    def erased(connection: Connection) -> None:
        kept, gone, by = world(connection, 4)
        before = everything(connection)
        together(connection, kept, gone, by)
        erasure.erase_chat(connection, 2)
        after = everything(connection)
        for name in ("answer", "answer_history", "interest", "unwanted_offer", "note"):
            assert after[name] == [row for row in before[name] if row["participant_id"] == kept], name

    await database.run(erased)


async def test_a_silent_chat_is_kept_as_long_as_it_can_speak_again(database: Database) -> None:
    def kept_for_a_week(connection: Connection) -> None:
        kept, gone, by = world(connection, 5)
        one = together(connection, kept, gone, by)
        assert erasure.erase_without_consent(connection, LATER + HOUR) == 0
        assert [old.id for old in merging.settled(connection, LATER + HOUR)] == [one.id]
        merging.forget(connection, one.id)
        assert erasure.erase_without_consent(connection, LATER + HOUR) == 1

    await database.run(kept_for_a_week)


def test_every_table_about_participants_has_a_rule() -> None:
    """A new one is moved where its rows have numbers, else each keeps theirs: look whether that is right."""
    assert {table.name for table in merging.other_tables()} == {"accompaniment", "audit_person", "desk_page"}
    assert set(metadata.tables) >= merging.KNOWN
