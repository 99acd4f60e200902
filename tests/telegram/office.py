"""The desk in tests, with everything around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from telegram import Update
from telegram.ext import TypeHandler

from bot.content.shelf import Shelf
from bot.content.texts import Texts
from bot.db import inbox
from bot.db.engine import Database
from bot.db.schema import inbox as inbox_table
from bot.telegram.desk import Desk
from bot.telegram.intake import Attempt, Delivered, chat_of
from bot.telegram.presenter import Presenter
from tests.telegram.fake_telegram import AnyApplication, FakeTelegram

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


PERSON = {"id": 5, "is_bot": False, "first_name": "canary", "language_code": "en"}


CHAT = {"id": 5, "type": "private"}


CALM = "Your answers are safe"


def words(number: int, text: str = "canary words") -> dict[str, Any]:
    message = {"message_id": 50, "date": 1_795_600_000, "chat": CHAT, "from": PERSON, "text": text}
    return {"update_id": number, "message": message}


def tap(number: int) -> dict[str, Any]:
    message = {"message_id": 40, "date": 0, "chat": CHAT}
    query = {"id": "77", "from": PERSON, "chat_instance": "1", "data": "v1.next", "message": message}
    return {"update_id": number, "callback_query": query}


@dataclass
class Office:
    """A desk, with everything around it."""

    desk: Desk
    shelf: Shelf
    presenter: Presenter
    database: Database
    telegram: FakeTelegram
    application: AnyApplication
    ran: list[int] = field(default_factory=list)

    @property
    def texts(self) -> Texts:
        """The texts in use."""
        return self.shelf.content.texts

    def handle(self, handler: Callable[[Update], Any]) -> None:
        """From now on every update goes to this handler."""

        async def callback(update: Update, _: object) -> None:
            await handler(update)

        self.application.add_handler(TypeHandler(Update, callback))

    async def work(self, raw: dict[str, Any], tries: int = 0) -> None:
        """An update arrives and is handled."""
        arrived = inbox.Arrived(raw["update_id"], chat_of(raw), json.dumps(raw))
        await self.database.run(lambda tx: inbox.store(tx, [arrived], NOW))
        await self.desk.work(self.application, Delivered(arrived, raw), Attempt(tries))

    async def parked(self) -> list[str]:
        """Why updates were set aside."""
        reasons = select(inbox_table.c.parked).where(inbox_table.c.parked.is_not(None))
        return [str(one) for one in await self.database.run(lambda tx: tx.execute(reasons).scalars().all())]

    async def waiting(self) -> list[int]:
        """What is still to be done."""
        return [one.update_id for one in await self.database.run(inbox.waiting)]
