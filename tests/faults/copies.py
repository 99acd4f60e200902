"""The copies of a broadcast that people really have: a Bot API that goes wrong and remembers every copy."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

from aiohttp import web

from tests.faults.machine import LIMIT
from tests.faults.storm import PAGE, Answered, reset
from tests.faults.telegram import ME, Json, Telegram

BOSS = 4_000_000_001
FIRST = 5_000_000_001
FATES = {"500": 0.05, "502": 0.01, "reset": 0.02}
"""How often a call goes wrong in which way."""
CHANGES = frozenset(
    ["sendMessage", "sendPhoto", "editMessageText", "editMessageCaption", "editMessageMedia", "deleteMessage"]
)
IMPATIENCE = 4.0
"""Seconds after which a person taps again."""


def has_blocked(chat_id: int) -> bool:
    """One chat in twenty."""
    return chat_id % 20 == 3


def keeps_messages(chat_id: int) -> bool:
    """One chat in seven, where a message is too old to be deleted."""
    return chat_id % 7 == 5


@dataclass
class Phone:
    """What one person has got: every message that arrived, as it is now. None: deleted."""

    messages: dict[int, str | None] = field(default_factory=dict)
    buttons: dict[int, Any] = field(default_factory=dict)


class Copies(Telegram):
    """Recipients' chats in a storm, the boss's chat without faults."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self.phones: defaultdict[int, Phone] = defaultdict(Phone)
        self.fates: Counter[str] = Counter()
        self.changes = 0
        self.pictures: set[int] = set()
        """Messages with a picture. Their words change by another call."""
        self._chance = chance
        self._changed = asyncio.Event()

    async def changed(self, times: int) -> None:
        """Waits until this many more calls have come that change a recipient's chat."""
        end = self.changes + times
        while self.changes < end:
            self._changed.clear()
            await self._changed.wait()

    async def _called(self, request: web.Request, method: str, raw: Json) -> Answered:
        if method not in CHANGES or raw["chat_id"] < FIRST:
            return await super()._called(request, method, raw)
        self.changes += 1
        self._changed.set()
        fate = self._fate()
        self.fates[fate] += 1
        phone = self.phones[raw["chat_id"]]
        if fate == "500":
            return _refusal(500, "Internal Server Error")
        if fate == "well":
            return self._carry_out(phone, method, raw)
        if self._chance.random() < 0.5:
            self._carry_out(phone, method, raw)
        return web.Response(text=PAGE, status=502, content_type="text/html") if fate == "502" else reset(request)

    def _fate(self) -> str:
        drawn = self._chance.random()
        for fate, share in FATES.items():
            if drawn < share:
                return fate
            drawn -= share
        return "well"

    def _carry_out(self, phone: Phone, method: str, raw: Json) -> Answered:
        chat_id, number = raw["chat_id"], raw.get("message_id", 0)
        if has_blocked(chat_id):
            return _refusal(403, "Forbidden: bot was blocked by the user")
        if method in {"sendMessage", "sendPhoto"}:
            number = next(self._messages)
            return self._shows(phone, number, raw)
        if phone.messages.get(number) is None:
            return _refusal(400, f"Bad Request: message to {method[:6].removesuffix('Me')} not found")
        if method == "deleteMessage":
            if keeps_messages(chat_id):
                return _refusal(400, "Bad Request: message can't be deleted for everyone")
            phone.messages[number] = None
            return _well(True)
        if ("text" not in raw) is not (number in self.pictures):
            return _refusal(400, "Bad Request: there is no text in the message to edit")
        if (phone.messages[number], phone.buttons[number]) == (_words(raw), raw.get("reply_markup")):
            return _refusal(400, "Bad Request: message is not modified")
        return self._shows(phone, number, raw)

    def _shows(self, phone: Phone, number: int, raw: Json) -> Answered:
        phone.messages[number], phone.buttons[number] = _words(raw), raw.get("reply_markup")
        if "photo" in raw:
            self.pictures.add(number)
        chat = {"id": raw["chat_id"], "type": "private"}
        return _well({"message_id": number, "from": ME, "chat": chat, "date": 1})


def _words(raw: Json) -> str:
    """The text of a message, or the text below its picture."""
    return str(raw["text"] if "text" in raw else raw.get("media", raw)["caption"])


def _well(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refusal(code: int, description: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)


class Boss:
    """A coordinator at the desk, who taps again what was not answered."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._person = {"id": BOSS, "is_bot": False, "first_name": "Rita"}
        self._card: Json = {}
        self._news = asyncio.Event()
        telegram.listeners[BOSS] = self._see

    def _see(self, _: str, message: Json) -> None:
        if "reply_markup" in message:
            self._card = message
            self._news.set()

    async def writes(self, text: str, hope: str) -> None:
        """Writes, and waits for a card that says this.

        After a kill a card may be shown anew. Words from before it are no answer to it: the bot says so, and the
        person writes again.
        """
        async with asyncio.timeout(LIMIT):
            while True:
                self._telegram.write(self._person, text)
                with suppress(TimeoutError):
                    return await self._until(lambda: hope in self._card.get("text", ""), 5 * IMPATIENCE)

    async def taps(self, label: str, hope: str) -> None:
        """Taps, and waits for a card that says this, or has such a button."""

        def is_there() -> bool:
            return hope in self._card["text"] or self._button(hope) is not None

        await self._until(lambda: self._button(label), LIMIT)
        async with asyncio.timeout(LIMIT):
            while (data := self._button(label)) or not is_there():
                if data:
                    self._telegram.tap(self._person, self._card, data)
                with suppress(TimeoutError):
                    return await self._until(is_there, IMPATIENCE)
        return None

    def _button(self, label: str) -> str | None:
        for row in self._card.get("reply_markup", {}).get("inline_keyboard", ()):
            for button in row:
                if label in button["text"]:
                    return str(button["callback_data"])
        return None

    async def _until(self, holds: Any, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                self._news.clear()
                await self._news.wait()
