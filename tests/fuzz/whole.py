"""The bot from the inbox to its calls, without a network. Each call is judged as Telegram would."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from telegram.request import RequestData

from bot.content.loader import Content
from bot.content.rich import utf16
from bot.content.shelf import Shelf
from bot.core.roles import Role
from bot.db import inbox
from bot.db.engine import Database, open_database
from bot.db.schema import inbox as inbox_table
from bot.services.staff.members import inviting
from bot.services.turn import Turn
from bot.telegram.common import Common
from bot.telegram.desk import Desk, note_error
from bot.telegram.flood import Flood
from bot.telegram.intake import Intake
from bot.telegram.presenter import Presenter
from handlers import all_handlers
from tests import databases
from tests.fuzz.bot_api import NEWEST, NOW, PEOPLE
from tests.telegram.fake_telegram import AnyApplication, FakeTelegram, application

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_TOAST, LONGEST_DATA = 4096, 1024, 200, 64
CALENDAR = b"BEGIN:VCALENDAR\r\nATTACH:http://169.254.169.254/\r\nURL:http://x.example/\r\nEND:VCALENDAR\r\n"
CALENDAR = b"BEGIN:VCALENDAR\r\nATTACH:http://169.254.169.254/\r\nURL:http://x.example/\r\nEND:VCALENDAR\r\n"
WITNESS = 99
"""An ordinary person, who must be answered whatever the others do."""


class Judge(FakeTelegram):
    """Telegram that fails the test if the bot asks for something forbidden. `buttons`: those of the newest cards."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[int, list[str]] = defaultdict(list)
        self.file_size: int | None = 9
        self.fetched: list[str] = []

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *more: object, **named: object
    ) -> tuple[int, bytes]:
        """Handles one call, or one file that is fetched."""
        if "/file/bot" in url:
            self.fetched.append(url)
            return 200, CALENDAR
        given: dict[str, Any] = dict(request_data.parameters) if request_data is not None else {}
        judged(url.rpartition("/")[2], given)
        markup = given.get("reply_markup")
        if markup and given.get("chat_id"):
            rows = (markup if isinstance(markup, dict) else json.loads(markup)).get("inline_keyboard", [])
            self.buttons[int(given["chat_id"])] = [
                one["callback_data"] for row in rows for one in row if "callback_data" in one
            ]
        return await super().do_request(url, method, request_data, *more, **named)

    def _result(self, method: str, given: dict[str, Any]) -> Any:
        if method == "getFile":
            file = {"file_id": "f", "file_unique_id": "u", "file_path": "documents/a.ics"}
            return file if self.file_size is None else file | {"file_size": self.file_size}
        if method in {"sendDocument", "sendPhoto"}:
            self._message += 1
            return {"message_id": self._message, "date": NOW, "chat": {"id": 1, "type": "private"}}
        return super()._result(method, given)


def judged(method: str, given: dict[str, Any]) -> None:
    """AssertionError if a call breaks a limit, shows a preview, or turns a person's words into markup."""
    assert "parse_mode" not in given, method
    text, caption = str(given.get("text", "")), str(given.get("caption", ""))
    assert utf16(caption) <= LONGEST_CAPTION, method
    if method == "answerCallbackQuery":
        assert len(text) <= LONGEST_TOAST
        return
    if method in {"sendMessage", "editMessageText"}:
        assert 0 < utf16(text) <= LONGEST_TEXT
        assert text.strip()
        assert given["link_preview_options"] == {"is_disabled": True}, "a preview would be fetched"
    for one in given.get("entities") or given.get("caption_entities") or []:
        assert 0 <= one["offset"] < one["offset"] + one["length"] <= utf16(text or caption)
        assert str(one.get("url", "https://")).startswith("https://"), one["url"]
    (text + caption).encode()  # half a letter cannot be encoded


@dataclass
class Whole:
    """A bot, its log, and the id of the next update."""

    database: Database
    telegram: Judge
    application: AnyApplication
    desk: Desk
    log: io.StringIO
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def hears(self, updates: Sequence[dict[str, Any]]) -> None:
        """Delivers updates in one batch, and has them handled."""
        async with asyncio.timeout(60), asyncio.TaskGroup() as nursery:
            work = partial(self.desk.work, self.application)
            intake = Intake(self.database, work, nursery, clock=now, flood=Flood(0))
            await intake.recover()
            await intake.accept([{"update_id": next(self.numbers), **self._meant(one)} for one in updates])

    def _meant(self, update: dict[str, Any]) -> dict[str, Any]:
        """The update, with the data of a button in the chat if it asks for one."""
        query = update.get("callback_query")
        if isinstance(query, dict) and str(query.get("data", "")).startswith(NEWEST):
            message = query.get("message")
            place = message.get("chat") if isinstance(message, dict) else None
            chat = place.get("id") if isinstance(place, dict) else None
            known = self.telegram.buttons.get(chat, []) if type(chat) is int else []
            which = int(str(query["data"]).removeprefix(NEWEST))
            return {**update, "callback_query": {**query, "data": known[which % len(known)] if known else "v1.next"}}
        return update

    async def outcome(self) -> tuple[int, list[str]]:
        """How many updates still wait, and why others were set aside."""
        waiting = await self.database.run(inbox.waiting)
        rows = await self.database.run(lambda tx: tx.execute(inbox_table.select()).mappings().all())
        return len(waiting), [str(one["parked"]) for one in rows if one["parked"] is not None]

    async def forget_parked(self) -> None:
        """Drops what was set aside, because it has been checked."""
        await self.database.run(lambda tx: tx.execute(inbox_table.delete().where(inbox_table.c.parked.is_not(None))))

    def answers_to(self, chat: int) -> int:
        """How many calls went to a chat."""
        return sum(given.get("chat_id") == chat for _, given in self.telegram.calls)


def now() -> datetime:
    """The moment at which everything happens."""
    return datetime.fromtimestamp(NOW, UTC)


def words(chat: int, text: str, **more: Any) -> dict[str, Any]:
    """A person writes in private."""
    person = {"id": chat, "is_bot": False, "first_name": "Zeuge", "language_code": "de"}
    message = {
        "message_id": 1000 + chat,
        "date": NOW,
        "chat": {"id": chat, "type": "private"},
        "from": person,
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}]
    return {"message": message | more}


@asynccontextmanager
async def whole(folder: Path, content: Content, stream: io.StringIO) -> AsyncIterator[Whole]:
    """The bot with nobody in it but an admin, the first of PEOPLE."""
    database = await open_database(databases.sqlite_with_tables(folder / "lotse.db"))
    telegram = Judge()
    async with application(telegram) as made:
        shelf = Shelf(content)
        desk = Desk(Common(database, shelf, now), Presenter(made.bot, database, now))
        made.add_handlers(all_handlers(desk))
        made.add_error_handler(note_error)
        bot = Whole(database, telegram, made, desk, stream)
        payload = await database.run(
            lambda tx: inviting.create(Turn(tx, content, now()).connection, Role.ADMIN, now(), None)
        )
        await bot.hears([words(PEOPLE[0], f"/start {payload}")])
        yield bot
    await database.close()
