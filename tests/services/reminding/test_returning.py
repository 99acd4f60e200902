"""Whoever blocks the bot while a meeting changes finds the truth in the chat on return, and hears of it once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.core.message import Screen, Text
from bot.db.outbox.deliveries import DELETE
from bot.db.schema import chat, delivery
from bot.services import welcome
from bot.services.deliveries import returning, sending
from bot.services.deliveries.sending import Result, Tried
from bot.services.offers import joining, meetings
from bot.services.offers.seats import News, What
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from tests.services.reminding.helpers import CHANGE, OUTDATED, WEEK, agree, at, change, come, rows, sent
from tests.services.seating.town import HOUR, Town, local

LATER, LATEST, BEFORE = "2027-01-15T19:00", "2027-01-16T19:00", "2027-01-14T18:00"


async def reminded(town: Town) -> None:
    """Somebody in chat 1 was reminded of the evening, and has blocked us since."""
    (person,) = await town.people(1)
    await come(town, person)
    await agree(town, person)
    town.now = at("2027-01-07T17:00")
    await sent(town, text_key=WEEK)
    await town.do(welcome.block, Visitor(1), blocked=True)


async def sender(town: Town, *results: Result) -> list[str]:
    """The sender works for an hour, with these results and then with success; what arrived."""
    outcomes, tried, arrived = list(results), list[Tried](), list[str]()
    end = town.now + HOUR
    while town.now < end:
        hand = await town.do(sending.step, "me", tried, 10, lambda _: 0.0, lambda: 0.5)
        tried = []
        for ready in hand.ready:
            result = outcomes.pop(0) if outcomes else Result.SENT
            tried.append(Tried(ready.due, result, town.now, message_id=ready.due.edits or 1000 + ready.due.id))
            if result is Result.SENT and ready.screen is not None:
                arrived.append(said_in(ready.screen))
        if not tried:
            town.now += HOUR / 60
    return arrived


def said_in(screen: Screen) -> str:
    """The last text of a message: what it says."""
    return [part.key for block in screen.blocks for part in block if isinstance(part, Text)][-1]


async def by_button(town: Town) -> None:
    await town.do(welcome.block, Visitor(1), blocked=False)


async def by_word(town: Town) -> None:
    """The messenger has told us nothing: the person writes."""

    def speak(turn: Turn) -> None:
        visit = load(turn, Visitor(1))
        assert visit is not None
        visit.only()

    await town.do(speak)


@pytest.mark.parametrize("back", [by_button, by_word])
async def test_what_stands_in_the_chat_is_corrected_and_the_change_told_once(town: Town, back: Any) -> None:
    await reminded(town)
    await change(town, meetings.move, local(LATER), 90)
    assert await sender(town) == []
    await back(town)
    assert await sender(town) == ["ui.change.moved"] * 2, "the notice, and the mark on the reminder"
    assert {(one.text_key, one.edits) for one in await rows(town, state="sent")} >= {(CHANGE, None), (OUTDATED, 77)}
    await back(town)
    await by_button(town)
    assert await sender(town) == []


async def test_several_changes_are_told_as_one(town: Town) -> None:
    await reminded(town)
    for to in (LATER, LATEST):
        await change(town, meetings.move, local(to), 90)
        assert await sender(town) == []
    await by_button(town)
    (planned,) = await rows(town, text_key=CHANGE, state="planned")
    assert planned.params["starts"] == at("2027-01-14T17:00").isoformat(), "from what they know"
    assert await sender(town) == ["ui.change.moved"] * 2
    reasons = [one.reason for one in await rows(town, text_key=CHANGE) if one.state != "sent"]
    assert reasons == ["overtaken"]


async def test_a_change_that_is_planned_when_they_return_is_not_told_beside(town: Town) -> None:
    await reminded(town)
    await change(town, meetings.move, local(LATER), 90)
    assert await sender(town) == []
    await change(town, meetings.move, local(LATEST), 90)
    await by_button(town)
    assert await sender(town) == ["ui.change.moved"] * 2


async def test_only_what_came_after_the_last_word_is_told(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    await change(town, meetings.move, local(LATER), 90)
    assert await sender(town) == ["ui.change.moved"]
    await town.do(welcome.block, Visitor(1), blocked=True)
    await change(town, meetings.cancel)
    assert await sender(town) == []
    await by_button(town)
    assert await sender(town) == ["ui.change.cancelled", "ui.change.cancelled"]


async def test_what_is_as_it_was_is_not_told(town: Town) -> None:
    await reminded(town)
    for to in (LATER, BEFORE):
        await change(town, meetings.move, local(to), 90)
        assert await sender(town) == []
    await by_button(town)
    assert await sender(town) == []
    (last,) = [one.reason for one in await rows(town, text_key=CHANGE) if one.reason != "overtaken"]
    assert last == "changed_back"


async def test_what_is_over_is_neither_told_nor_corrected(town: Town) -> None:
    await reminded(town)
    await change(town, meetings.move, local(LATER), 90)
    assert await sender(town) == []
    town.now = at("2027-01-15T20:00")
    await by_button(town)
    assert await rows(town, state="planned", kind="notice") == []


async def test_a_refusal_that_is_older_than_their_return_is_no_block(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    await change(town, meetings.move, local(LATER), 90)
    town.now += HOUR
    hand = await town.do(sending.step, "me", [], 10, lambda _: 0.0, lambda: 0.5)
    refused = [Tried(one.due, Result.UNREACHABLE, town.now) for one in hand.ready]
    assert len(refused) == 1
    town.now += HOUR
    await by_word(town)
    await town.do(sending.step, "me", refused, 0, lambda _: 0.0, lambda: 0.5)
    blocked = select(chat.c.blocked_at)
    assert await town.database.run(lambda tx: tx.execute(blocked).scalar_one()) is None
    assert await sender(town) == ["ui.change.moved"]


async def test_a_seat_that_was_given_meanwhile_is_told(town: Town) -> None:
    (person,) = await town.people(1)
    (key,) = await come(town, person)
    await town.do(welcome.block, Visitor(1), blocked=True)
    seat = News(person, What.REGISTERED, "info", town.evening.meeting_id, None, key)
    await town.do(joining.tell, seat, "told_registered")
    assert await sender(town) == []
    await by_button(town)
    assert await sender(town) == ["ui.offers.next"]


async def test_a_deletion_that_was_not_made_is_made_and_not_what_it_overtook(town: Town) -> None:
    await reminded(town)

    def changes(turn: Turn) -> None:
        first = {"kind": "notice", "text_key": "broadcast.1", "edits": 50, "state": "skipped", "reason": "blocked"}
        times = {"due_at": turn.now, "next_at": turn.now, "priority": 2}
        for number, params in enumerate((None, {DELETE: True})):
            row = {**first, **times, "cause": f"broadcast.1:{number}", "chat_id": 1, "params": params}
            turn.connection.execute(delivery.insert(), row)

    await town.do(changes)
    await town.do(returning.come_back, 1)
    found = await rows(town, text_key="broadcast.1")
    assert [(one.state, one.reason) for one in found] == [("skipped", "overtaken"), ("planned", None)]
