"""Deliveries that follow one change after the other: of an evening, of a course, of a seat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from bot.core.message import Screen
from bot.core.timing import instant
from bot.db import chats
from bot.db.offers import meetings as stored
from bot.db.people import participants
from bot.db.schema import chat, delivery, participant, registration
from bot.services.deliveries.saying import TRUE_WHILE, Later, Skip
from bot.services.offers import joining, meetings, offering
from bot.services.offers import registration as seats
from bot.services.offers.seats import News, What
from bot.services.offers.synchronising import synchronise
from bot.services.text_keys import NEEDED
from bot.services.turn import Turn
from tests.databases import statements
from tests.db.rows import CHAT, START
from tests.services.reminding.helpers import (
    CHANGE,
    HOURS,
    OUTDATED,
    WEEK,
    actions,
    agree,
    at,
    change,
    come,
    rows,
    said,
    sent,
)
from tests.services.seating.town import BERLIN, COURSE, DAY, EVENING, INFO, STAFF, Town, local, planned

FIRST, CHANGED, OVER = (f"reminders.course_{name}" for name in ("first", "changed", "over"))
MOVED = "2027-01-15T19:00"


async def seated(town: Town, *people: int) -> None:
    """They have a seat of the course, and agree to be reminded."""
    keys = await come(town, *people, target=town.course)

    def approve(turn: Turn, key: int) -> None:
        joining.settle(turn, seats.approve(turn, town.terms, key, STAFF).news, by=None)

    for key in keys:
        await town.do(approve, key)
    await agree(town, *people)


async def alive(town: Town, *keys: str) -> list[tuple[str, Any]]:
    """Which of these texts will be said, and when: planned, and true when they are due."""
    found = []
    now = town.now
    for number, one in enumerate(await rows(town, state="planned")):
        town.now = one.due_at
        if one.text_key in keys and isinstance(await said(town, number, state="planned"), Screen):
            found.append((one.text_key, one.due_at))
        town.now = now
    return found


# -- the evening


@pytest.mark.row(30)
async def test_whoever_knows_of_one_change_is_told_of_the_next(town: Town) -> None:
    first, second = await town.people(2)
    early = update(participant).where(participant.c.id == second).values(quiet="11:00-10:00")
    await town.database.run(lambda tx: tx.execute(early))
    await come(town, first, second)
    await change(town, meetings.move, local(MOVED), 90)
    await sent(town, text_key=CHANGE, participant_id=first)  # the second one's waits for the end of their quiet hours
    await change(town, meetings.move, local("2027-01-16T19:00"), 90)
    told = {one.participant_id for one in await rows(town, text_key=CHANGE, state="planned")}
    assert told == {first, second}
    for person, old in ((first, MOVED), (second, EVENING)):
        screen: Any = await said(town, text_key=CHANGE, participant_id=person, state="planned")
        if isinstance(screen, Later):
            town.now = screen.at
            screen = await said(town, text_key=CHANGE, participant_id=person, state="planned")
        args = screen.blocks[0][0].args
        assert (args["old"], args["when"]) == (local(old), local("2027-01-16T19:00"))
    assert len(await rows(town, text_key=CHANGE, participant_id=second)) == 1, "several changes make one notice"


async def test_a_notice_that_waits_for_the_morning_comes_at_once_where_the_evening_is_near(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    town.now = at("2027-01-13T20:30")  # half past nine in the evening: it waits for eight
    await change(town, meetings.set_room, "7")
    assert [one.due_at for one in await rows(town, text_key=CHANGE)] == [at("2027-01-14T07:00")]
    await change(town, meetings.move, local("2027-01-14T07:30"), 90)
    assert [(one.due_at, one.urgent) for one in await rows(town, text_key=CHANGE)] == [
        (town.now + timedelta(minutes=10), True)
    ]


async def test_what_stands_in_the_chat_stays_where_all_is_as_it_was(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    await sent(town, text_key=WEEK)
    await change(town, meetings.move, local(MOVED), 90)
    await change(town, meetings.set_room, "7")
    assert isinstance(await said(town, text_key=OUTDATED), Screen)
    await change(town, meetings.set_room, "1")
    await change(town, meetings.move, local(EVENING), 90)
    assert [one.edits for one in await rows(town, text_key=OUTDATED)] == [77]
    assert await said(town, text_key=OUTDATED) == Skip("changed_back")
    assert await said(town, text_key=CHANGE) == Skip("changed_back")


@pytest.mark.row(30)
async def test_what_stands_in_the_chat_is_corrected_at_each_change(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    await sent(town, text_key=WEEK)
    await change(town, meetings.cancel)
    await sent(town, text_key=OUTDATED)
    await sent(town, message=78, text_key=CHANGE)
    town.now += DAY
    await change(town, meetings.reinstate)
    marks = await rows(town, text_key=OUTDATED, state="planned")
    assert sorted(one.edits for one in marks) == [77, 78]
    screen: Any = await said(town, text_key=CHANGE, state="planned")
    assert screen.blocks[0][0].key == "ui.change.back"
    assert [key for key, _ in await alive(town, HOURS)] == [], "nobody agreed to be reminded"
    await agree(town, person)
    assert [key for key, _ in await alive(town, HOURS)] == [HOURS]


async def test_the_waiting_list_is_told_without_being_asked_to_come(town: Town) -> None:
    people = await town.people(3)
    await come(town, *people)
    await change(town, meetings.set_room, "7")
    buttons = [len((await said(town, number, text_key=CHANGE)).rows) for number in range(3)]  # type: ignore[union-attr]
    assert buttons == [4, 4, 2]


# -- the course


async def test_the_second_date_is_the_first_where_the_first_falls_out(town: Town) -> None:
    (person,) = await town.people(1)
    await seated(town, person)
    assert await alive(town, FIRST) == [(FIRST, at("2027-01-17T17:00"))]
    await change(town, meetings.cancel, meeting=(await town.meeting("b2", "2027-01-18T09:00")).id)
    assert await alive(town, FIRST) == [(FIRST, at("2027-01-18T17:00"))]


async def test_a_date_that_moves_before_the_first_is_the_first(town: Town) -> None:
    (person,) = await town.people(1)
    await seated(town, person)
    last = (await town.meeting("b2", "2027-01-25T09:00")).id
    await change(town, meetings.move, local("2027-01-15T09:00"), 90, meeting=last)
    assert await alive(town, FIRST) == [(FIRST, at("2027-01-14T17:00"))]


async def test_a_course_is_over_once_behind_its_last_date(town: Town) -> None:
    (person,) = await town.people(1)
    await seated(town, person)
    assert await alive(town, OVER) == [(OVER, at("2027-01-26T17:00"))]
    last = (await town.meeting("b2", "2027-01-25T09:00")).id
    await change(town, meetings.move, local("2027-02-01T09:00"), 90, meeting=last)
    assert await alive(town, OVER) == [(OVER, at("2027-02-02T17:00"))]
    await change(town, meetings.cancel, meeting=last)
    assert await alive(town, OVER) == [(OVER, at("2027-01-21T17:00"))]


async def test_a_date_that_the_file_adds_moves_the_end(town: Town) -> None:
    (person,) = await town.people(1)
    await seated(town, person)
    longer = replace(COURSE, meetings=(*COURSE.meetings, *planned("2027-02-08T09:00")))
    town.content = replace(town.content, offers={**town.terms.offers, "b2": longer})
    await town.do(synchronise)
    assert await alive(town, OVER, FIRST) == [
        (FIRST, at("2027-01-17T17:00")),
        (OVER, at("2027-02-09T17:00")),
    ]


async def test_another_room_is_told_at_once_and_the_evening_before(town: Town) -> None:
    (person,) = await town.people(1)
    await seated(town, person)
    await change(town, meetings.set_room, "7", meeting=(await town.meeting("b2", "2027-01-20T09:00")).id)
    assert await alive(town, CHANGED, "change.b2") == [
        ("change.b2", town.now + timedelta(minutes=10)),
        (CHANGED, at("2027-01-19T17:00")),
    ]


async def test_what_the_file_changes_is_told_like_what_staff_changes(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    gone = replace(INFO, meetings=planned("2027-02-11T18:00"))
    town.content = replace(town.content, offers={**town.terms.offers, "info": gone})
    await town.do(synchronise)
    screen: Any = await said(town, text_key=CHANGE)
    assert screen.blocks[0][0].key == "ui.change.cancelled"
    assert {one.reason for one in await rows(town, state="skipped")} == {"cancelled"}
    town.content = replace(town.content, offers=town.terms.offers)
    await town.do(synchronise)
    assert await said(town, text_key=CHANGE) == Skip("changed_back")


# -- the seat


async def test_no_news_of_a_seat_that_is_no_more(town: Town) -> None:
    (person,) = await town.people(1)
    town.now = at("2027-01-04T22:00")  # in the night: the news waits for the morning
    (key,) = await come(town, person, target=town.course)
    outcome = await town.do(seats.approve, town.terms, key, STAFF)
    await town.do(joining.settle, outcome.news)
    assert [one.due_at for one in await rows(town, text_key="ui.news.told_registered")] == [at("2027-01-05T07:00")]
    await town.do(seats.give_back, town.terms, key, person)
    town.now = at("2027-01-05T07:00")
    assert await said(town, text_key="ui.news.told_registered") == Skip("not_so")


async def test_no_news_of_a_seat_where_nothing_takes_place(town: Town) -> None:
    (person,) = await town.people(1)

    def enter(turn: Turn) -> None:
        assert town.evening.meeting_id is not None
        joining.settle(turn, seats.register(turn, town.terms, person, town.evening).news)

    await town.do(enter)
    screen = await said(town, text_key="ui.news.told_registered")
    assert isinstance(screen, Screen)
    assert actions(screen) == ["details", "talk"]
    assert town.evening.meeting_id is not None
    await town.do(meetings.cancel, town.evening.meeting_id)
    assert await said(town, text_key="ui.news.told_registered") == Skip("cancelled")
    await town.do(meetings.reinstate, town.evening.meeting_id)
    town.now = at("2027-01-14T18:31")
    assert await said(town, text_key="ui.news.told_registered") == Skip("too_late")


async def test_a_kind_word_to_who_was_missed_comes_behind_the_last_date_too(town: Town) -> None:
    (person,) = await town.people(1)
    await seated(town, person)
    (key,) = {one.registration_id for one in await rows(town)}
    town.now = at("2027-01-25T12:00")
    missed = News(person, What.REGISTERED, "b2", None, None, key)
    await town.do(joining.tell, missed, "told_missed")
    assert isinstance(await said(town, text_key="ui.news.told_missed"), Screen)
    await town.do(seats.give_back, town.terms, key, None)
    assert await said(town, text_key="ui.news.told_missed") == Skip("not_so")


def test_of_all_news_it_is_known_when_they_are_true() -> None:
    told = {one.removeprefix("news.") for one in NEEDED if one.startswith("news.told_")}
    assert told == set(TRUE_WHILE)


async def test_who_lets_a_held_seat_go_is_reminded_before_and_told_after(town: Town) -> None:
    first, second, third = await town.people(3)
    keys = await come(town, first, second, third)
    await agree(town, third)

    def leave(turn: Turn) -> None:
        joining.settle(turn, seats.give_back(turn, town.terms, keys[0], first).news, by=first)

    await town.do(leave)
    (reminder,) = await rows(town, text_key="reminders.seat_held")
    town.now = reminder.due_at
    assert town.now == at("2027-01-05T17:00"), "three hours before it goes on"
    screen: Any = await said(town, text_key="reminders.seat_held")
    assert screen.blocks[0][0].args["until"] == local("2027-01-05T21:00")
    town.now = at("2027-01-05T20:00")
    await town.do(joining.look_after)
    assert await said(town, text_key="reminders.seat_held") == Skip("not_registered")
    assert [one.participant_id for one in await rows(town, text_key="ui.news.told_lapsed")] == [third]


# -- other clocks, and many people


@pytest.mark.parametrize(
    ("zone", "week", "hours"),
    [
        ("America/St_Johns", "2027-01-07T21:30", "2027-01-14T19:30"),
        ("Asia/Tehran", "2027-01-07T14:30", "2027-01-14T12:30"),
        ("Europe/Lisbon", "2027-01-07T18:00", "2027-01-14T16:00"),
    ],
)
async def test_another_town_has_its_own_clock(town: Town, zone: str, week: str, hours: str) -> None:
    (person,) = await town.people(1)
    town.content = replace(town.content, town=replace(town.content.town, zone=zone))
    town.terms = offering.terms_of(town.content)
    assert town.evening.meeting_id is not None
    starts = instant(local(EVENING), town.content.town.clock)
    assert starts != instant(local(EVENING), BERLIN)

    def put(connection: Connection) -> None:
        one = (stored.everything(connection))["info", EVENING]
        stored.write(connection, [replace(one, starts_at=starts, ends_at=starts + timedelta(minutes=90))], town.now)

    await town.database.run(put)
    await come(town, person)
    found = await rows(town, state="planned")
    assert {one.text_key: one.due_at for one in found if one.text_key in {WEEK, HOURS}} == {
        WEEK: at(week),
        HOURS: at(hours),
    }


async def many(town: Town, number: int, first: int = 1_000) -> None:
    """So many people are registered for the evening, put straight into the tables with numbers from `first` on."""
    numbers = range(first, first + number)

    def put(connection: Connection) -> None:
        chats.create(connection, replace(CHAT, id=1))
        one = participants.create(connection, 1, START, town.now)
        row = dict(connection.execute(chat.select().where(chat.c.id == 1)).mappings().one())
        connection.execute(insert(chat), [row | {"id": key} for key in numbers])
        person = dict(connection.execute(participant.select().where(participant.c.id == one)).mappings().one())
        connection.execute(insert(participant), [person | {"id": key, "chat_id": key} for key in numbers])
        seat = {
            "offer_id": "info",
            "meeting_id": town.evening.meeting_id,
            "state": "registered",
            "queued_at": town.now,
            "registered_at": town.now,
        }
        connection.execute(insert(registration), [seat | {"participant_id": key} for key in numbers])

    await town.database.run(put)


async def test_ten_thousand_cost_as_many_statements_as_ten(town: Town) -> None:
    await many(town, 10)
    with statements() as few:
        await change(town, meetings.move, local(MOVED), 90)

    def more(connection: Connection) -> None:
        connection.execute(delivery.delete())
        connection.execute(registration.delete())
        connection.execute(participant.delete())
        connection.execute(chat.delete())

    await town.database.run(more)
    await many(town, 10_000, 2_000)  # a number that was given out is nobody else's
    with statements() as seen:
        await change(town, meetings.move, local("2027-01-16T19:00"), 90)
        await change(town, meetings.move, local("2027-01-17T19:00"), 90)
    assert len(seen) == 2 * len(few)
    assert len(await rows(town, text_key=CHANGE, state="planned")) == 10_000
    assert len(await rows(town, text_key=HOURS, state="planned")) == 10_000
    assert len(await rows(town, text_key=HOURS, state="skipped")) == 10_000
