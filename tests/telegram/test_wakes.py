"""What the clock does: at night once, whatever else it is woken for; and what those see who watch a broadcast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Connection, func, insert, select, update

from bot import log
from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.db.engine import open_database
from bot.db.schema import delivery
from bot.services import places, upkeep
from bot.services.broadcasts import broadcasting
from bot.services.offers import joining
from bot.services.staff.members import team as members
from bot.services.threads import waiting
from bot.services.turn import Turn
from bot.services.what_staff_said import with_what_staff_said
from bot.telegram.common import Common
from bot.telegram.wakes import Wakes
from tests.db.rows import new_chat
from tests.running import minden
from tests.services.broadcasts import BEGIN, BOSS, crowd, loaded, released, team

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
"""21:00 in Minden."""


def fill(connection: Connection, name: str, now: datetime) -> None:
    """Seven notices of long ago."""
    long_ago = {"due_at": now - 200 * DAY, "next_at": now - 200 * DAY, "sent_at": now - 200 * DAY}
    row = {"chat_id": 1, "kind": "notice", "priority": 0, "text_key": "ui.group.text", "state": "sent", **long_ago}
    connection.execute(insert(delivery), [{"cause": f"{name} {number}", **row} for number in range(7)])


async def test_what_is_long_over_goes_once_a_night_in_pages(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = EVENING
    told: list[dict[str, Any]] = []

    class Ear:
        def info(self, event: str, **numbers: int) -> None:
            told.append({"event": event, **numbers})

    monkeypatch.setattr(upkeep, "PAGE", 3)
    monkeypatch.setattr(log, "get", Ear)
    content = minden()
    database = await open_database(database_url)
    wakes = Wakes(Common(database, Shelf(content), lambda: now), cast("Any", None), cast("Any", None))

    async def woken() -> int:
        """How many deliveries there are after a wake."""
        await wakes.upkeep()
        return await database.run(lambda tx: tx.execute(select(func.count()).select_from(delivery)).scalar_one())

    try:
        await database.run(lambda tx: new_chat(tx, 1, created_at=now))
        await database.run(lambda tx: fill(tx, "first", now))
        assert await woken() == 1, "at the start; the newest row stays"
        await database.run(lambda tx: fill(tx, "second", now))
        now = EVENING + 4 * HOUR
        assert await woken() == 8, "it is one in the morning"
        now = EVENING + 6 * HOUR
        assert await woken() == 1, "it is three"
        now = EVENING + 7 * HOUR
        assert await woken() == 1
        gone = {"event": "forgotten_long_over", "registrations": 0, "attendance": 0, "people_and_talks": 0}
        assert [one for one in told if one["event"] == gone["event"]] == [
            {**gone, "deliveries": 6},
            {**gone, "deliveries": 7},
        ]
    finally:
        await database.close()


async def test_what_one_wake_cannot_do_keeps_no_bot_from_its_start_and_no_other_wake_from_its_work(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def breaks(turn: Turn) -> None:
        del turn
        raise LookupError

    async def enough(_: object) -> Content:
        raise EOFError

    monkeypatch.setattr(joining, "look_after", breaks)
    monkeypatch.setattr(members, "menus", breaks)
    monkeypatch.setattr(waiting, "look_after", lambda _: done.append("threads"))
    shelf = Shelf(minden())
    monkeypatch.setattr(shelf, "other_than", enough)
    database = await open_database(database_url)
    wakes = Wakes(Common(database, shelf, lambda: EVENING), cast("Any", None), cast("Any", None))
    try:
        await wakes.at_start()
        await wakes.clock_moved()
        with pytest.raises(EOFError):
            await wakes.keep_staff_menus()
    finally:
        await database.close()
    assert done == ["threads", "threads"]


async def test_the_page_of_a_broadcast_is_drawn_anew_only_where_something_has_changed(database_url: str) -> None:
    content = minden()
    drawn: list[int] = []

    class Inbox:
        """Nobody else is served; who is to see their page is noted."""

        def serves(self, _: int) -> bool:
            return False

        def in_turn(self, chat_id: int, _: object) -> None:
            drawn.append(chat_id)

    def fill(connection: Connection) -> None:
        crowd(connection, 3)
        new_chat(connection, BOSS, detour=places.STAFF, focus="broadcast.1")
        released(connection, content, {"de": "Hallo"})
        now = with_what_staff_said(Turn(connection, content, BEGIN))
        assert broadcasting.send(now, loaded(connection, 1), team(connection), BEGIN)

    database = await open_database(database_url)
    wakes = Wakes(Common(database, Shelf(content), lambda: BEGIN), cast("Any", None), cast("Any", Inbox()))
    try:
        await database.run(fill)
        await wakes.look_after_broadcasts()
        await wakes.look_after_broadcasts()
        assert drawn == [BOSS]
        sent = update(delivery).where(delivery.c.chat_id == 1).values(state="sent")
        await database.run(lambda tx: tx.execute(sent))
        await wakes.look_after_broadcasts()
        await wakes.look_after_broadcasts()
        assert drawn == [BOSS, BOSS]
    finally:
        await database.close()
