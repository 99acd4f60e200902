"""What stands in a chat and holds no more is marked, also at night: which meeting, what it was, what it is now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.content.own_offers import overlaid
from bot.core.message import Text
from bot.core.offers import Said
from bot.core.sayings import Sayings
from bot.db.schema import registration
from bot.services.deliveries.saying import Later, Skip
from bot.services.offers import joining, meetings, own_offers
from bot.services.offers import registration as seats
from bot.services.reminders import reminding
from bot.services.turn import Turn
from tests.services.reminding.helpers import (
    CHANGE,
    OUTDATED,
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
from tests.services.seating.town import DAY, EVENING, INFO, STAFF, Town, local

NIGHT, MORNING = at("2027-01-08T22:00"), at("2027-01-09T07:00")
LATER, LATEST = "2027-01-15T19:00", "2027-01-16T19:00"
ELSEWHERE = {"name": "Rathaus", "address": "", "map": ""}
CHANGES: dict[str, tuple[Any, ...]] = {
    "moved": (meetings.move, local(LATER), 90),
    "room": (meetings.set_room, "7"),
    "place": (meetings.set_place, ELSEWHERE),
    "cancelled": (meetings.cancel,),
}


async def reminded(town: Town) -> int:
    """Somebody was reminded of the evening, and sleeps."""
    (person,) = await town.people(1)
    await come(town, person)
    await agree(town, person)
    town.now = at("2027-01-07T17:00")
    await sent(town, text_key=WEEK)
    town.now = NIGHT
    return person


async def mark(town: Town, number: int = 0, **where: Any) -> Any:
    """What the mark that is planned says."""
    return await said(town, number, text_key=OUTDATED, state="planned", **where)


def told(screen: Any) -> list[str]:
    """The texts of a screen, one key after the other, without what all of them begin with."""
    return [one.key.removeprefix("ui.change.") for block in screen.blocks for one in block if isinstance(one, Text)]


@pytest.mark.parametrize("what", CHANGES)
async def test_the_mark_says_at_night_what_the_notice_says_in_the_morning(town: Town, what: str) -> None:
    await reminded(town)
    await change(town, *CHANGES[what])
    screen = await mark(town)
    (row,) = await rows(town, text_key=OUTDATED)
    assert (row.edits, row.due_at) == (77, NIGHT + reminding.TOGETHER), "silent, so it need not wait"
    town.now = row.due_at
    assert await said(town, text_key=CHANGE) == Later(MORNING)
    town.now = MORNING
    notice: Any = await said(town, text_key=CHANGE)
    assert not isinstance(notice, Later | Skip)
    assert told(screen) == ["outdated", *told(notice)]
    assert screen.blocks[1] == notice.blocks[0], "the same event, the same old, the same new"
    assert screen.rows == notice.rows
    assert told(notice) == ["room" if what == "place" else what]
    if what == "moved":
        args = notice.blocks[0][0].args
        assert (args["title"].key, args["old"], args["when"]) == ("offers.info.title", local(EVENING), local(LATER))


async def test_several_changes_are_one_mark_from_what_the_message_said(town: Town) -> None:
    await reminded(town)
    await change(town, meetings.move, local(LATER), 90)
    await change(town, meetings.move, local(LATEST), 90)
    assert len(await rows(town, text_key=OUTDATED)) == 1
    await sent(town, text_key=OUTDATED)
    town.now = MORNING + DAY
    await change(town, meetings.set_room, "7")
    args = (await mark(town)).blocks[1][0].args
    assert (args["old"], args["when"]) == (local(EVENING), local(LATEST)), "the message spoke of the first evening"


async def test_as_it_was_needs_no_mark_unless_one_stands_there(town: Town) -> None:
    await reminded(town)
    await change(town, meetings.move, local(LATER), 90)
    await change(town, meetings.move, local(EVENING), 90)
    assert await mark(town) == Skip("changed_back")
    await change(town, meetings.move, local(LATER), 90)
    await sent(town, text_key=OUTDATED)
    await change(town, meetings.move, local(EVENING), 90)
    screen = await mark(town)
    assert told(screen) == ["as_before"]
    assert screen.blocks[0][0].args["when"] == local(EVENING)


async def test_a_notice_that_holds_no_more_is_marked_like_a_reminder(town: Town) -> None:
    await reminded(town)
    await change(town, meetings.cancel)
    await sent(town, text_key=OUTDATED)
    await sent(town, message=78, text_key=CHANGE)
    await change(town, meetings.reinstate)
    assert told(await mark(town, edits=77)) == ["as_before"], "the reminder was right after all"
    assert told(await mark(town, edits=78)) == ["outdated", "back"]
    for number in (77, 78):
        await sent(town, message=number, text_key=OUTDATED, edits=number, state="planned")
    await change(town, meetings.cancel)
    assert told(await mark(town, edits=77)) == ["outdated", "cancelled"]
    assert told(await mark(town, edits=78)) == ["cancelled"], "as that notice said"


async def test_a_seat_that_is_held_is_taken_from_the_mark_too(town: Town) -> None:
    first, second, third = await town.people(3)
    keys = await come(town, first, second, third)

    def leave(turn: Turn) -> None:
        joining.settle(turn, seats.give_back(turn, town.terms, keys[0], first).news, by=first)

    await town.do(leave)
    await sent(town, text_key="ui.news.told_held")
    await change(town, meetings.move, local(LATER), 90)
    screen = await mark(town)
    assert (told(screen), actions(screen)) == (["outdated", "moved"], ["take", "cannot", "details", "talk"])
    key = await sent(town, text_key=OUTDATED)
    reply = await press(town, third, key, "take")
    assert lines(reply)[-1] == "ui.standing.registered"
    stand = registration.select().where(registration.c.id == keys[2])
    assert (await town.database.run(lambda tx: tx.execute(stand).one())).state == "registered"


async def test_who_is_seated_answers_on_the_mark(town: Town) -> None:
    person = await reminded(town)
    await change(town, meetings.move, local(LATER), 90)
    key = await sent(town, text_key=OUTDATED)
    assert lines(await press(town, person, key, "come")) == [
        *("ui.change.outdated", "ui.change.moved", "ui.coming.yes")
    ]
    reply = await press(town, person, key, "cannot")
    assert lines(reply)[-1] == "ui.coming.no"


async def test_an_offer_that_is_withdrawn_is_marked_with_its_name(town: Town) -> None:
    await reminded(town)
    await town.do(own_offers.withdraw, "info", STAFF)
    screen = await mark(town)
    assert told(screen) == ["outdated", "cancelled"]
    assert screen.blocks[1][0].args["title"].key == "offers.info.title"
    assert await rows(town, text_key=CHANGE) == [], "it is told as withdrawn"
    assert [one.due_at for one in await rows(town, text_key="ui.news.told_withdrawn")] == [MORNING]


async def test_another_place_of_the_offer_is_marked_too(town: Town) -> None:
    def at_place(name: str) -> None:
        said_ = Said("info", own=False, fields={"place": True}, texts={"de": {"place": name, "title": "Info"}})
        town.content = overlaid(
            replace(town.content, offers={"info": INFO}, files=None), Sayings((said_,), revision=1)
        )

    at_place("Rathaus")
    await reminded(town)
    was = await town.do(lambda turn: reminding.place_of(turn, turn.content.offers["info"]))
    assert was == "Rathaus"
    at_place("Bücherei")
    await town.do(reminding.place_changed, "info", was)
    screen = await mark(town)
    assert told(screen) == ["outdated", "room"]
    old, new = (screen.blocks[1][0].args[name] for name in ("old", "where"))
    assert old.text == "Rathaus, 1"
    assert new.args["place"].key == "offers.info.place"
    at_place("Rathaus")
    assert await mark(town) == Skip("changed_back")


async def test_a_meeting_nobody_knows_any_more_is_marked_without_a_name(town: Town) -> None:
    await reminded(town)
    await change(town, meetings.cancel)
    town.content = replace(town.content, offers={})
    assert told(await mark(town)) == ["outdated"]
