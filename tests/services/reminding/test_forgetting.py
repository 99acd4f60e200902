"""What was said is forgotten in the end, and not said once more for that."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, update

from bot.db.schema import chat, delivery
from bot.services import upkeep
from bot.services.offers.synchronising import synchronise
from bot.services.reminders import reminding, sweeping
from bot.services.turn import Turn
from tests.services.reminding.helpers import agree, at, come, rows
from tests.services.seating.town import DAY, Town

UNFINISHED = {f"reminders.unfinished_{name}" for name in ("day", "days", "last")}


async def forget(town: Town) -> int:
    """Every page of the outbox; how many deliveries went."""
    gone, last = 0, 0
    while True:
        number, found = await town.do(upkeep.forget_deliveries, last)
        gone += number
        if found is None:
            return gone
        last = found


async def everything_is_planned_anew(town: Town, person: int) -> None:
    """All that plans by itself runs once more: other quiet hours, a reload, the look around."""

    def use_case(turn: Turn) -> None:
        reminding.settings_changed(turn, person)
        synchronise(turn)
        sweeping.look_around(turn)

    await town.do(use_case)


async def test_what_was_forgotten_is_not_said_again(town: Town) -> None:
    (person,) = await town.people(1)
    await come(town, person)
    await agree(town, person)
    await everything_is_planned_anew(town, person)
    said = {one.text_key for one in await rows(town)}
    assert said > UNFINISHED
    assert len(said) > len(UNFINISHED) + 2

    def go_out(connection: Connection) -> None:
        connection.execute(update(delivery).values(state="sent", sent_at=delivery.c.due_at, message_id=7))

    await town.database.run(go_out)
    town.now = at("2027-01-20T09:00")
    assert await forget(town) == 0, "it was said lately"
    town.now = at("2027-01-14T19:00") + 92 * DAY
    await town.database.run(lambda tx: tx.execute(update(chat).values(seen_at=town.now - 2 * timedelta(hours=1))))
    assert await forget(town) > 0
    assert {one.text_key for one in await rows(town)} >= UNFINISHED, "whoever was reminded of that never is again"
    await everything_is_planned_anew(town, person)
    assert await rows(town, state="planned") == []
    assert (await town.states())[0][0] == person, "their seat is no secret"
