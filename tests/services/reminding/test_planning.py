"""Reminders as rows that follow the world: planned with a seat, changed with a meeting, gone with the seat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from bot.core.conditions import Fact
from bot.core.conditions import Test as Compared
from bot.core.engine import Answer, Status
from bot.core.message import Screen
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import participants
from bot.db.schema import consent, delivery, participant
from bot.services.deliveries.saying import Later, Skip
from bot.services.offers import joining, meetings, registration
from bot.services.preferences.preferences import NO_QUIET
from bot.services.reminders import reminding
from bot.services.turn import Turn
from tests.databases import statements
from tests.services.reminding.helpers import (
    CHANGE,
    DAY_BEFORE,
    HOURS,
    OUTDATED,
    WEEK,
    agree,
    at,
    change,
    come,
    rows,
    said,
    sent,
    stand,
)
from tests.services.seating.town import DAY, EVENING, INFO, Town, local


async def test_a_seat_brings_its_reminders(town: Town) -> None:
    await come(town, *await town.people(1))
    assert [(one.text_key, one.due_at) for one in await rows(town, state="planned")] == [
        (WEEK, at("2027-01-07T17:00")),
        (DAY_BEFORE, at("2027-01-13T17:00")),
        (HOURS, at("2027-01-14T15:00")),
    ]
    await come(town, *await town.people(1), target=town.course)
    assert len(await rows(town)) == 3, "nobody is reminded of a seat that is only asked for"


async def test_who_comes_late_gets_what_is_still_useful(town: Town) -> None:
    town.now = at("2027-01-13T09:00")
    await come(town, *await town.people(1))
    assert await stand(town) == [
        (WEEK, "skipped", "registered_late"),
        (DAY_BEFORE, "planned", None),
        (HOURS, "planned", None),
    ]


async def test_who_has_just_registered_is_not_told_what_they_know(town: Town) -> None:
    town.now = at("2027-01-07T08:00")  # the week's reminder is for who registered a day before it
    await come(town, *await town.people(1))
    assert (await stand(town))[0] == (WEEK, "skipped", "registered_late")


@pytest.mark.row(30)
async def test_a_moved_meeting_has_reminders_of_its_own_and_one_notice(town: Town) -> None:
    first, second, third = await town.people(3)
    await come(town, first, second, third)  # two seats: the third waits
    await change(town, meetings.move, local("2027-01-15T19:00"), 90)
    assert {one.reason for one in await rows(town, state="skipped")} == {"moved"}
    planned = [one for one in await rows(town, state="planned") if one.text_key == HOURS]
    assert {one.due_at for one in planned} == {at("2027-01-15T16:00")}
    notices = await rows(town, text_key=CHANGE)
    assert [(one.participant_id, one.due_at) for one in notices] == [
        (person, town.now + timedelta(minutes=10)) for person in (first, second, third)
    ]
    town.now += timedelta(minutes=5)
    await change(town, meetings.set_room, "7")
    assert len(await rows(town, text_key=CHANGE)) == 3, "several changes make one notice"
    screen = await said(town, text_key=CHANGE)
    assert isinstance(screen, Screen)
    text: Any = screen.blocks[0][0]
    assert text.key == "ui.change.moved_room"
    assert (text.args["old"], text.args["when"]) == (local(EVENING), local("2027-01-15T19:00"))


async def test_what_is_as_it_was_is_not_told(town: Town) -> None:
    await come(town, *await town.people(1))
    await change(town, meetings.move, local("2027-01-15T19:00"), 90)
    await change(town, meetings.move, local(EVENING), 90)
    assert await said(town, text_key=CHANGE) == Skip("changed_back")
    alive = [one.text_key for one in await rows(town, state="planned")]
    assert sorted(alive) == sorted([CHANGE, WEEK, DAY_BEFORE, HOURS])


@pytest.mark.row(30)
async def test_a_cancelled_meeting_reminds_nobody_and_what_stands_in_a_chat_is_corrected(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    await agree(town, person)
    await sent(town, text_key=WEEK)
    await change(town, meetings.cancel)
    assert sorted(await stand(town)) == sorted(
        [
            (WEEK, "sent", None),
            (DAY_BEFORE, "skipped", "cancelled"),
            (HOURS, "skipped", "cancelled"),
            (CHANGE, "planned", None),
            (OUTDATED, "planned", None),
        ]
    )
    correction = (await rows(town, text_key=OUTDATED))[0]
    assert (correction.edits, correction.chat_id) == (77, 1)
    assert isinstance(await said(town, text_key=OUTDATED), Screen)
    screen: Any = await said(town, text_key=CHANGE)
    assert screen.blocks[0][0].key == "ui.change.cancelled"


async def test_a_seat_given_back_is_not_reminded_of_and_the_next_is_told(town: Town) -> None:
    first, second, third = await town.people(3)
    seats = await come(town, first, second, third)

    def leave(turn: Turn) -> None:
        outcome = registration.give_back(turn, town.terms, seats[0], first)
        joining.settle(turn, outcome.news, by=first)

    await town.do(leave)
    assert {one.reason for one in await rows(town, participant_id=first)} == {"not_registered"}
    held = await rows(town, participant_id=third, state="planned")
    assert sorted(one.text_key for one in held) == ["reminders.seat_held", "ui.news.told_held"]
    screen: Any = await said(town, text_key="ui.news.told_held")
    assert screen.blocks[0][0].args["until"] == local("2027-01-05T21:00"), "a day of waking hours"


@pytest.mark.row(26, 30)
async def test_the_world_is_looked_at_again_before_anything_is_said(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    town.now = at("2027-01-07T17:00")
    assert await said(town, text_key=WEEK) == Skip("no_consent")
    await agree(town, person)
    assert isinstance(await said(town, text_key=WEEK), Screen)
    town.now = at("2027-01-07T21:00")
    assert await said(town, text_key=WEEK) == Later(at("2027-01-08T07:00")), "in the night it waits"

    def mute(connection: Connection) -> None:
        connection.execute(update(participant).values(muted=["own"]))

    await town.database.run(mute)
    assert await said(town, text_key=WEEK) == Skip("muted")


async def test_quiet_hours_of_ones_own_move_what_is_planned(town: Town) -> None:
    first, second = await town.people(2)

    def early(connection: Connection) -> None:
        connection.execute(update(participant).where(participant.c.id == second).values(quiet="17:00-09:00"))

    await town.database.run(early)
    await come(town, first, second)
    due = {one.participant_id: one.due_at for one in await rows(town, text_key=WEEK)}
    assert due == {first: at("2027-01-07T17:00"), second: at("2027-01-08T08:00")}
    await town.database.run(lambda tx: tx.execute(update(participant).values(quiet=NO_QUIET)))
    await town.do(reminding.settings_changed, second)
    assert (await rows(town, text_key=WEEK, participant_id=second))[0].due_at == at("2027-01-07T17:00")


async def test_a_reminder_that_would_come_too_late_comes_before_the_night(town: Town) -> None:
    first, second = await town.people(2)
    await come(town, first, second)
    await change(town, meetings.move, local("2027-01-15T08:15"), 60)
    found = [one.due_at for one in await rows(town, text_key=HOURS, state="planned")]
    assert found == [at("2027-01-14T19:55")] * 2


@pytest.mark.parametrize("number", [2, 300])
async def test_a_change_costs_the_same_however_many_are_registered(town: Town, number: int) -> None:
    town.change(INFO, seats=None)
    town.content = replace(town.content, offers=town.terms.offers)
    people = await town.people(number)
    await town.do(lambda turn: [registration.register(turn, town.terms, one, town.evening) for one in people])
    with statements() as seen:
        await change(town, meetings.move, local("2027-01-15T19:00"), 90)
    assert len(await rows(town, text_key=CHANGE)) == number
    assert len(await rows(town, text_key=HOURS)) == number
    assert len(seen) < 40, "it grows with rules and different quiet hours, not with people"


async def test_the_cap_holds_openings_back_and_never_ones_own(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    town.now = at("2027-01-07T17:00")
    earlier = [
        Planned(f"opening:{number}", Kind.BROADCAST, town.now, "ui.offers.none", topic="offers")
        for number in range(town.content.town.weekly_cap)
    ]

    def fill(connection: Connection) -> None:
        deliveries.plan(connection, [(1, one) for one in earlier])
        opened = update(delivery).where(delivery.c.kind == "broadcast")
        connection.execute(opened.values(state="sent", sent_at=town.now - 2 * DAY))
        given = {"language": "de", "text_version": "1", "given_at": town.now, "participant_id": person}
        connection.execute(insert(consent), [{"purpose": one, **given} for one in ("reminders", "openings")])

    await town.database.run(fill)
    assert isinstance(await said(town, text_key=WEEK), Screen), "one's own dates are never held back"
    topics = update(delivery).where(delivery.c.text_key.in_([WEEK, DAY_BEFORE]))
    await town.database.run(lambda tx: tx.execute(topics.values(topic="offers")))
    assert await said(town, text_key=WEEK) == Skip("cap"), "its last useful moment comes before there is room"
    assert await said(town, text_key=DAY_BEFORE) == Later(town.now + 5 * DAY)


async def test_a_rule_with_an_audience_speaks_to_it_alone(town: Town) -> None:
    (person,) = await town.people(1)
    rule = replace(town.content.reminders["event_week"], audience=Fact("goals", Compared.INCLUDES, "degree"))
    town.content = replace(town.content, reminders={**town.content.reminders, rule.id: rule})
    await come(town, person)
    await agree(town, person)
    town.now = at("2027-01-07T17:00")
    assert await said(town, text_key=WEEK) == Skip("not_in_audience"), "nothing is known of their goals"
    goals = {"goals": Answer(Status.GIVEN, ("degree", "job"))}
    revision = town.content.questionnaire.revision
    await town.database.run(lambda tx: participants.save_answers(tx, person, goals, revision, town.now))
    assert isinstance(await said(town, text_key=WEEK), Screen)
