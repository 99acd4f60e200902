"""The buttons below the reminder of the end of registration, and who waits for a yes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.message import Button
from bot.core.seats import State
from bot.core.timing import parse_offset
from bot.services.deliveries.saying import Skip
from bot.services.offers import joining
from bot.services.offers import registration as seats
from tests.services.reminding.deadlines import DEADLINE, ENDS, SPEAKS, offers, planned, toast, told
from tests.services.reminding.helpers import actions, agree, at, come, lines, press, rows, said, seek, sent
from tests.services.seating.town import COURSE, STAFF, Town, local


async def requested(town: Town) -> int:
    """Somebody has asked for a seat of the course, and is to be told; the registration."""
    offers(town, replace(COURSE, register_until=parse_offset("-3d at 18:00")))
    (person,) = await town.people(1)
    (key,) = await come(town, person, target=town.course)
    await agree(town, person)
    town.now = at("2027-01-13T16:00")
    await seek(town)
    town.now = at("2027-01-13T17:00")
    return key


async def test_who_waits_for_a_yes_is_told_to_bring_what_is_missing(town: Town) -> None:
    key = await requested(town)
    (row,) = await rows(town, text_key=DEADLINE)
    assert (row.registration_id, row.topic, row.due_at) == (key, "own", town.now)
    screen: Any = await said(town, text_key=DEADLINE)
    assert [one.key for one in screen.blocks[0]] == [f"{DEADLINE}.requested"]
    assert screen.blocks[0][0].args["until"] == local("2027-01-15T18:00")
    assert actions(screen) == ["details", "talk", "why", "mute.own"]


async def test_who_has_the_yes_is_not(town: Town) -> None:
    key = await requested(town)
    outcome = await town.do(seats.approve, town.terms, key, STAFF)
    await town.do(joining.settle, outcome.news)
    assert await said(town, text_key=DEADLINE) == Skip("not_requested")


async def test_a_rule_without_a_text_for_them_is_silent(town: Town) -> None:
    rule = replace(town.content.reminders["deadline_days"], requested=False)
    town.content = replace(town.content, reminders={rule.id: rule})
    await requested(town)
    assert await rows(town, text_key=DEADLINE) == []


async def test_their_button_leads_to_the_card(town: Town) -> None:
    await requested(town)
    key = await sent(town, text_key=DEADLINE)
    reply = await press(town, 1, key, "details")
    assert reply.card is not None
    for action in ("join", "unwanted"):
        assert toast(await press(town, 1, key, action)) == "ui.news.stale"


async def received(town: Town) -> int:
    """The message stands in the chat; its number."""
    await planned(town)
    return await sent(town, text_key=DEADLINE)


async def test_one_tap_signs_up(town: Town) -> None:
    key = await received(town)
    reply = await press(town, 1, key, "join")
    assert (toast(reply), lines(reply)) == ("ui.news.registered", [DEADLINE, "ui.standing.registered"])
    assert reply.letter is not None
    assert actions(reply.letter.screen) == ["details"]
    assert [state for _, state in await town.states()] == [State.REGISTERED]
    assert len(await rows(town, text_key="reminders.event_hours", state="planned")) == 1
    again = await press(town, 1, key, "join")
    assert (toast(again), lines(again)) == ("ui.news.already", ["ui.news.stale"])


async def test_one_tap_waits_where_all_seats_are_taken(town: Town) -> None:
    key = await received(town)
    await come(town, *await town.people(2))
    reply = await press(town, 1, key, "join")
    assert (toast(reply), lines(reply)[-1]) == ("ui.news.waiting", "ui.standing.waiting")


async def test_behind_the_end_nobody_signs_up(town: Town) -> None:
    key = await received(town)
    town.now = ENDS
    reply = await press(town, 1, key, "join")
    assert toast(reply) == "ui.news.closed"
    assert reply.letter is not None
    assert actions(reply.letter.screen) == []
    assert await town.states() == []


async def test_who_does_not_want_it_hears_of_no_date_of_it_again(town: Town) -> None:
    key = await received(town)
    for _ in range(2):  # twice is once
        reply = await press(town, 1, key, "unwanted")
        assert toast(reply) == "ui.news.unwanted"
        assert reply.letter is not None
        assert actions(reply.letter.screen) == []
    town.now = at("2027-02-08T10:00")
    await seek(town)
    assert len(await told(town)) == 1


async def test_who_says_nothing_hears_of_the_next_date(town: Town) -> None:
    await received(town)
    town.now = at("2027-02-08T10:00")
    await seek(town)
    assert [due_at for _, _, due_at in await told(town)] == [SPEAKS, at("2027-02-08T17:00")]


async def test_no_more_of_these_leaves_no_button(town: Town) -> None:
    key = await received(town)
    reply = await press(town, 1, key, "mute.offers")
    assert (toast(reply), lines(reply)) == ("ui.news.muted", [DEADLINE])
    assert reply.letter is not None
    assert not any(isinstance(one, Button) for row in reply.letter.screen.rows for one in row)


async def test_details_show_the_card(town: Town) -> None:
    key = await received(town)
    reply = await press(town, 1, key, "details")
    assert reply.card is not None
    assert reply.letter is None


@pytest.mark.one_on_postgres
@pytest.mark.parametrize("action", ["join", "unwanted", "details", "mute.offers"])
async def test_nobody_presses_what_was_sent_to_somebody_else(town: Town, action: str) -> None:
    key = await received(town)
    await town.people(1)
    reply = await press(town, 2, key, action)
    assert (toast(reply), reply.letter, reply.card) == ("ui.news.stale", None, None)
    assert await town.states() == []


@pytest.mark.one_on_postgres
@pytest.mark.parametrize("action", ["join.1", "still", "change.goals", "change", "unwanted.info", "details.info"])
async def test_a_made_up_button_does_nothing(town: Town, action: str) -> None:
    key = await received(town)
    before = await rows(town)
    assert toast(await press(town, 1, key, action)) == "ui.news.stale"
    assert (await rows(town), await town.states()) == (before, [])
