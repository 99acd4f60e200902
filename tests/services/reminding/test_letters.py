"""Buttons of what was sent by itself: good as long as what they are about, for whom it was sent to alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.core.attending import Attended
from bot.core.message import Screen
from bot.core.seats import State
from bot.db.schema import delivery, participant, registration
from bot.services.deliveries.saying import Later, Skip
from bot.services.offers import attendance, joining, meetings
from bot.services.offers import registration as seats
from bot.services.preferences import settings
from bot.services.reply import Reply
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from tests.services.reminding.helpers import (
    CHANGE,
    DAY_BEFORE,
    HOURS,
    WEEK,
    actions,
    agree,
    at,
    change,
    come,
    lines,
    press,
    rows,
    said,
    sent,
)
from tests.services.reminding.test_following import FIRST, seated
from tests.services.seating.town import DAY, Town, local

OVER, STALE = "ui.news.over", "ui.news.stale"


async def reminded(town: Town) -> int:
    """Somebody has a seat and was reminded a week before; the delivery."""
    (person,) = await town.people(1)
    await come(town, person)
    await agree(town, person)
    town.now = at("2027-01-07T17:00")
    return await sent(town, text_key=WEEK)


async def registered(town: Town) -> list[tuple[str, bool]]:
    """How everybody's seats stand, and whether they said that they come."""
    asked = select(registration.c.state, registration.c.coming_at).order_by(registration.c.id)
    found = await town.database.run(lambda tx: list(tx.execute(asked)))
    return [(state, coming_at is not None) for state, coming_at in found]


def toast(reply: Reply) -> str | None:
    """The short word that answers the tap."""
    return None if reply.toast is None else reply.toast.key


async def test_who_says_that_they_come_sees_it_below_the_reminder(town: Town) -> None:
    key = await reminded(town)
    for _ in range(2):  # twice is once
        reply = await press(town, 1, key, "come")
        assert toast(reply) == "ui.news.coming"
        assert lines(reply) == [WEEK, "ui.coming.yes"]
        assert reply.letter is not None
        assert reply.letter.message == 77
        assert "come" not in actions(reply.letter.screen)
        assert {"cannot", "snooze", "details"} < set(actions(reply.letter.screen))
        assert await registered(town) == [("registered", True)]


async def test_who_cannot_come_frees_the_seat_for_the_next(town: Town) -> None:
    first, second, third = await town.people(3)
    await come(town, first, second, third)
    key = await sent(town, text_key=WEEK, participant_id=first)
    reply = await press(town, 1, key, "cannot")
    assert (toast(reply), lines(reply)) == ("ui.news.given_back", ["ui.coming.no"])
    assert await town.states() == [(first, State.GIVEN_BACK), (second, State.REGISTERED), (third, State.HELD)]
    (told,) = await rows(town, text_key="ui.news.told_held")
    assert told.participant_id == third
    again = await press(town, 1, key, "cannot")
    assert toast(again) == STALE
    assert len(await rows(town, text_key="ui.news.told_held")) == 1
    taken = await press(town, 3, told.id, "take")
    assert toast(taken) == "ui.news.registered"
    assert (await town.states())[2] == (third, State.REGISTERED)
    assert len(await rows(town, participant_id=third, text_key=HOURS, state="planned")) == 1
    assert toast(await press(town, 3, told.id, "take")) == STALE


@pytest.mark.one_on_postgres
@pytest.mark.parametrize("action", ["come", "cannot", "take", "snooze", "details", "mute.own"])
async def test_nobody_presses_what_was_sent_to_somebody_else(town: Town, action: str) -> None:
    key = await reminded(town)
    await town.people(1)
    before = await rows(town)
    reply = await press(town, 2, key, action)
    assert (toast(reply), reply.letter, reply.card) == (STALE, None, None)
    assert await registered(town) == [("registered", False)]
    assert await rows(town) == before
    assert not any(await town.database.run(lambda tx: list(tx.execute(select(participant.c.muted)).scalars())))


@pytest.mark.one_on_postgres
@pytest.mark.parametrize("action", ["come.1", "fly", "mute", "mute.everything", "mute.own.1", "take.1"])
async def test_a_made_up_button_does_nothing(town: Town, action: str) -> None:
    key = await reminded(town)
    assert toast(await press(town, 1, key, action)) == STALE
    assert toast(await press(town, 1, 10**17, "come")) == STALE, "a delivery that never was"
    assert await registered(town) == [("registered", False)]


@pytest.mark.one_on_postgres
@pytest.mark.parametrize("action", ["come", "cannot", "snooze"])
async def test_when_the_evening_is_over_nothing_can_be_said_of_it(town: Town, action: str) -> None:
    key = await reminded(town)
    town.now = at("2027-01-14T18:30")
    assert toast(await press(town, 1, key, action)) == OVER
    assert await registered(town) == [("registered", False)]


@pytest.mark.one_on_postgres
@pytest.mark.parametrize("action", ["come", "cannot", "snooze"])
async def test_a_button_beside_an_old_time_says_nothing_of_the_new_one(town: Town, action: str) -> None:
    key = await reminded(town)
    await change(town, meetings.move, local("2027-01-15T19:00"), 90)
    assert toast(await press(town, 1, key, action)) == STALE
    assert await registered(town) == [("registered", False)]
    await change(town, meetings.cancel)
    assert toast(await press(town, 1, key, action)) == OVER
    assert await registered(town) == [("registered", False)]


async def test_a_notice_of_a_new_time_asks_who_comes_then(town: Town) -> None:
    await reminded(town)
    await change(town, meetings.move, local("2027-01-15T19:00"), 90)
    key = await sent(town, message=78, text_key=CHANGE)
    reply = await press(town, 1, key, "come", message=78)
    assert lines(reply) == ["ui.change.moved", "ui.coming.yes"]
    assert await registered(town) == [("registered", True)]


async def test_the_button_of_a_waiting_list_does_not_give_a_firm_seat_back(town: Town) -> None:
    first, second, third = await town.people(3)
    keys = await come(town, first, second, third)

    def leave(turn: Turn) -> None:
        joining.settle(turn, seats.give_back(turn, town.terms, keys[0], first).news, by=first)

    await town.do(leave)
    held = await sent(town, text_key="ui.news.told_held")
    await town.do(seats.accept_hold, town.terms, keys[2], third)  # on the card
    reply = await press(town, 3, held, "cannot")
    assert (toast(reply), lines(reply)) == (STALE, [STALE])
    assert (await town.states())[2] == (third, State.REGISTERED)


async def test_who_misses_one_date_keeps_their_seat_of_the_course(town: Town) -> None:
    (person,) = await town.people(1)
    await seated(town, person)
    screen: Any = await said(town, text_key=FIRST)
    assert actions(screen) == ["come", "cannot", "snooze", "details", "talk", "why", "mute.own"], (
        "it asks whether they come"
    )
    key = await sent(town, text_key=FIRST)
    date = (await town.meeting("b2", "2027-01-18T09:00")).id
    for _ in range(2):  # twice is once
        reply = await press(town, 1, key, "cannot")
        assert (toast(reply), lines(reply)) == ("ui.news.excused", [FIRST, "ui.coming.excused"])
        assert reply.letter is not None
        assert "come" in actions(reply.letter.screen), "they may come after all"
        assert await registered(town) == [("registered", False)]
        assert [one.attended for one in await town.do(attendance.list_for, date)] == [Attended.EXCUSED]
    await press(town, 1, key, "come")
    assert [one.attended for one in await town.do(attendance.list_for, date)] == [None]


async def test_what_the_team_has_written_stays_and_another_date_needs_another_word(town: Town) -> None:
    (person,) = await town.people(1)
    await seated(town, person)
    key = await sent(town, text_key=FIRST)
    date = (await town.meeting("b2", "2027-01-18T09:00")).id
    (seat,) = {one.registration_id for one in await rows(town)}
    await town.do(attendance.mark, seat, date, Attended.PRESENT, 77)
    await press(town, 1, key, "cannot")
    await press(town, 1, key, "come")
    assert [one.attended for one in await town.do(attendance.list_for, date)] == [Attended.PRESENT]
    await town.do(attendance.mark, seat, date, None, 77)
    await press(town, 1, key, "cannot")
    await change(town, meetings.set_room, "7", meeting=date)
    assert [one.attended for one in await town.do(attendance.list_for, date)] == [Attended.EXCUSED]
    await change(town, meetings.move, local("2027-01-17T09:00"), 90, meeting=date)
    assert [one.attended for one in await town.do(attendance.list_for, date)] == [None]


async def test_details_show_the_offer_below(town: Town) -> None:
    key = await reminded(town)
    reply = await press(town, 1, key, "details")
    assert reply.card is not None
    assert (reply.card.edit, reply.letter) == (None, None), "the reminder stays"


# -- later, and no more


async def test_later_is_half_of_the_time_that_is_left(town: Town) -> None:
    key = await reminded(town)
    reply = await press(town, 1, key, "snooze")
    assert lines(reply) == [WEEK, "ui.coming.later"]
    assert reply.letter is not None
    assert "snooze" not in actions(reply.letter.screen)
    (again,) = await rows(town, text_key=WEEK, state="planned")
    assert (again.due_at, again.last_useful_at) == (town.now + DAY, at("2027-01-10T17:00"))
    assert reply.toast is not None
    assert reply.toast.args["when"] == local("2027-01-08T18:00")
    await press(town, 1, key, "snooze")
    assert len(await rows(town, text_key=WEEK, state="planned")) == 1


async def test_who_says_later_every_time_hears_of_it_until_it_is_too_late(town: Town) -> None:
    key, number = await reminded(town), 0
    while (reply := await press(town, 1, key, "snooze")).letter is not None:
        number += 1
        (again,) = await rows(town, text_key=WEEK, state="planned")
        assert again.last_useful_at - again.due_at >= timedelta(0)
        assert again.cause.count(":later") == 1, "however often, it has room in its column"
        town.now = again.due_at
        assert isinstance(await said(town, text_key=WEEK, state="planned"), Screen)
        key = await sent(town, text_key=WEEK, state="planned")
    assert toast(reply) == "ui.news.snoozed_not"
    assert number > 5


async def test_a_snoozed_reminder_follows_the_evening_too(town: Town) -> None:
    key = await reminded(town)
    await press(town, 1, key, "snooze")
    await change(town, meetings.move, local("2027-01-15T19:00"), 90)
    assert not [one for one in await rows(town, text_key=WEEK, state="planned") if ":later" in one.cause]
    assert len(await rows(town, text_key="ui.change.outdated")) == 1


async def test_no_more_of_these_means_all_of_their_kind(town: Town) -> None:
    key = await reminded(town)
    reply = await press(town, 1, key, "mute.own")
    assert (toast(reply), lines(reply)) == ("ui.news.muted", [WEEK])
    assert reply.letter is not None
    assert actions(reply.letter.screen) == []
    town.now = at("2027-01-13T17:00")
    assert await said(town, text_key=DAY_BEFORE) == Skip("muted")
    await change(town, meetings.cancel)
    assert isinstance(await said(town, text_key=CHANGE), Screen), "what happens to the evening is told all the same"

    def on(turn: Turn) -> Reply:
        visit = load(turn, Visitor(1))
        assert visit is not None
        return settings.switch(visit, "own", "1", None)

    await change(town, meetings.reinstate)
    await town.do(on)
    assert isinstance(await said(town, text_key=DAY_BEFORE), Screen)


# -- settings


async def choose(town: Town, start: int, end: int) -> None:
    """Other quiet hours, by button."""

    def use_case(turn: Turn) -> Reply:
        visit = load(turn, Visitor(1))
        assert visit is not None
        return settings.quiet(visit, str(start), str(end), None)

    await town.do(use_case)


async def test_other_quiet_hours_move_what_is_planned_and_lose_nothing(town: Town) -> None:
    (person,) = await town.people(1)
    await town.database.run(lambda tx: tx.execute(update(participant).values(quiet="18:00-10:00")))
    await come(town, person)
    await agree(town, person)
    assert [one.due_at for one in await rows(town, text_key=WEEK)] == [at("2027-01-08T09:00")]
    town.now = at("2027-01-07T18:30")  # it should have been said at six, but waits for the morning
    await choose(town, 22, 7)
    (week,) = await rows(town, text_key=WEEK)
    assert (week.state, week.due_at) == ("planned", at("2027-01-08T09:00"))
    (hours,) = await rows(town, text_key=HOURS)
    assert hours.due_at == at("2027-01-14T15:00")


async def test_what_is_due_in_new_quiet_hours_waits(town: Town) -> None:
    await reminded(town)
    await choose(town, 18, 10)
    (before,) = await rows(town, text_key=DAY_BEFORE)
    assert before.due_at == at("2027-01-14T09:00"), "behind the night, four hours before at the latest"
    (hours,) = await rows(town, text_key=HOURS)
    assert hours.due_at == at("2027-01-14T15:00")

    def late(connection: Connection) -> None:
        connection.execute(update(delivery).where(delivery.c.text_key == HOURS).values(due_at=at("2027-01-13T19:00")))

    await town.database.run(late)
    town.now = at("2027-01-13T19:00")
    assert await said(town, text_key=HOURS) == Later(at("2027-01-14T09:00"))
