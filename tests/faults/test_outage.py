"""After an outage everything comes at once: people's updates go first, what is overdue is judged anew."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import Connection

from bot import clock
from bot.core.message import Screen, Text
from bot.db.engine import open_database
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind
from bot.services.deliveries.sending import Message
from tests.amounts import amount
from tests.catalogue import count
from tests.databases import sqlite_with_tables
from tests.db.rows import new_chat
from tests.faults import books
from tests.faults.canary import NAME, scan_file
from tests.faults.killing import FIRST
from tests.faults.machine import LIMIT, PARKED, ask, quiet
from tests.faults.nest import Nest
from tests.faults.telegram import Json, Telegram
from tests.waiting import until

pytestmark = pytest.mark.faults
ENDED = "SELECT state, coalesce(reason, '') FROM delivery GROUP BY 1, 2 ORDER BY 1, 2"
STILL_USEFUL, TOO_LATE = ("sent", ""), ("skipped", "too_late")
FIRST_PERSON = 6_500_000_001
EACH = 4
"""Updates of each person."""


class Noting(Telegram):
    """Remembers in which order chats heard something."""

    def __init__(self) -> None:
        super().__init__(repeats=1)
        self.heard: list[int] = []

    async def _called(self, request: web.Request, method: str, raw: Json) -> web.StreamResponse:
        if method in {"sendMessage", "editMessageText"}:
            self.heard.append(raw["chat_id"])
        return await super()._called(request, method, raw)


def fill(connection: Connection, number: int) -> None:
    """Reminders that were due during the outage; every second one helps no more."""
    now = clock.now()
    screen = Screen(((Text("ui.language.ask"),),))
    for place in range(number):
        new_chat(connection, FIRST + place, language="de", shown_version=1, created_at=now)
        useful = now + timedelta(hours=1 if place % 2 else -1)
        due = now - timedelta(hours=23 * (place + 1) / number)
        message = Message(f"meeting:{place}", Kind.REMINDER, due, screen, last_useful_at=useful)
        deliveries.plan(connection, [(FIRST + place, message.planned())])


@pytest.mark.row(26)
async def test_after_an_outage_updates_go_first_and_what_no_longer_helps_is_skipped(tmp_path: Path) -> None:
    updates, reminders = amount("OUTAGE_UPDATES"), amount("OUTAGE_DELIVERIES")
    url = sqlite_with_tables(tmp_path / "lotse.db")
    database = await open_database(url)
    await database.run(lambda tx: fill(tx, reminders))
    await database.close()
    people = [person(number) for number in range(updates // EACH)]
    async with books.opened(url) as read, Noting() as telegram, Nest() as nest:
        for number in range(EACH):
            for one in people:
                telegram.write(one, "/start" if not number else f"Hallo {number}")
        bot = await nest.hatch(tmp_path, telegram.url, url)
        await quiet(telegram, tmp_path / "lotse.db", updates)
        said_meanwhile = sum(one < FIRST_PERSON for one in telegram.heard)
        await until(read.is_over, "an end of all deliveries", LIMIT, lambda: len(telegram.heard))
        await bot.stop()
        ended = [tuple(row) for row in await read.ask(ENDED)]
    scan_file(tmp_path / "log.txt")
    assert ended == sorted([STILL_USEFUL, TOO_LATE])
    heard = Counter(one for one in telegram.heard if one < FIRST_PERSON)
    assert heard == dict.fromkeys((FIRST + place for place in range(1, reminders, 2)), 1)
    assert {one for one in telegram.heard if one >= FIRST_PERSON} == {one["id"] for one in people}
    assert ask(tmp_path / "lotse.db", PARKED) == [(0,)]
    replies = sum(one >= FIRST_PERSON for one in telegram.heard)
    assert said_meanwhile < reminders // 2, "reminders went out before people were answered"
    count("updates at once", updates)
    count("reminders due at once", reminders)
    count("reminders said before the last update was answered", said_meanwhile)
    count("replies", replies)


def person(number: int) -> dict[str, Any]:
    return {"id": FIRST_PERSON + number, "is_bot": False, "first_name": NAME, "language_code": "de"}
