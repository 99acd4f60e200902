"""Telegram as python-telegram-bot sees it, without a network: notes every call, answers as it was told to."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram.error import TelegramError
from telegram.ext import Application
from telegram.request import BaseRequest, RequestData

AnyApplication = Application[Any, Any, Any, Any, Any, Any]
BOT = {"id": 1, "is_bot": True, "first_name": "Lotse", "username": "lotse_bot"}
SENT_AT = 1_795_600_000


class FakeTelegram(BaseRequest):
    """`calls`: method and parameters of each. `refuse` makes the next call of a method fail."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._refusals: dict[str, deque[TelegramError | tuple[int, str]]] = defaultdict(deque)
        self._message = 100

    @property
    def read_timeout(self) -> float:
        """Not used."""
        return 1.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def refuse(self, method: str, why: TelegramError | tuple[int, str]) -> None:
        """Makes the next call of the method fail: with an error of the transport, or Telegram's code and text."""
        self._refusals[method].append(why)

    def methods(self) -> list[str]:
        """The methods called, in alphabetical order, because the order of two simultaneous calls means nothing."""
        return sorted(method for method, _ in self.calls)

    def of(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of that method."""
        return [given for name, given in self.calls if name == method]

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_: object,
        **__: object,
    ) -> tuple[int, bytes]:
        """Handles one call."""
        del method
        name = url.rpartition("/")[2]
        given = dict(request_data.parameters) if request_data is not None else {}
        if name != "getMe":
            self.calls.append((name, given))
        if self._refusals[name]:
            why = self._refusals[name].popleft()
            if isinstance(why, TelegramError):
                raise why
            body = {"ok": False, "error_code": why[0], "description": why[1]}
            return why[0], json.dumps(body).encode()
        return 200, json.dumps({"ok": True, "result": self._result(name, given)}).encode()

    def _result(self, method: str, given: dict[str, Any]) -> Any:
        if method == "getMe":
            return BOT
        if method in {"createForumTopic", "copyMessage"}:
            self._message += 1
            return {"message_thread_id" if method == "createForumTopic" else "message_id": self._message}
        if method not in {"sendMessage", "editMessageText"}:
            return True
        self._message += method == "sendMessage"
        chat = {"id": given["chat_id"], "type": "private"}
        number = given.get("message_id", self._message)
        return {"message_id": number, "date": SENT_AT, "chat": chat, "text": given["text"]}


@asynccontextmanager
async def application(telegram: FakeTelegram) -> AsyncIterator[AnyApplication]:
    """python-telegram-bot's application, talking to that Telegram."""
    builder = Application.builder().token("123456789:test-token-of-nobody-0123456789")
    made = builder.request(telegram).get_updates_request(telegram).updater(None).build()
    async with made:
        yield made
