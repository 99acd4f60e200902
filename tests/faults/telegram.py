"""A light Bot API for the fault suite: fast enough that forty people keep the bot busy, and wrong on request.

It checks little (the strict one is `bot.simulator`). People live in this process: what the bot sends goes to the
listener of its chat at once, and what people do is queued as updates. `repeats`: how often every batch comes. `mix`
changes the order in a batch.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from bot import clock
from tests.faults.storm import Storm

Json = dict[str, Any]
TOKEN = "1234567890:canary-token-that-no-log-may-ever-show"
ME = {"id": 1234567890, "is_bot": True, "first_name": "Lotse", "username": "lotse_bot"}
BATCH = 100
LONG_POLL = 20.0
REMEMBERED = 50_000
"""How many messages are kept. Older ones cannot be edited, and a soak of days need not keep them."""


class Telegram:
    """A running server: `async with Telegram() as telegram`."""

    def __init__(self, repeats: int = 2, mix: Callable[[list[str]], None] = lambda _: None) -> None:
        self.url = ""
        self.listeners: dict[int, Callable[[str, Json], None]] = {}
        self.delivered = 0
        """Updates handed out, repetitions included."""
        self.put_in = 0
        self.odd_answers: list[str] = []
        """What the next calls of getUpdates are answered with instead of updates."""
        self.polls = 0
        self.calls = 0
        self.storm: Storm | None = None
        """Decides what becomes of messages. None: all goes well."""
        self.stormy_from = 0
        """The first chat to which it applies."""
        self._repeats = repeats
        self._mix = mix
        self._waiting: dict[int, str] = {}
        self._again: list[list[str]] = []
        self._ids = itertools.count(731_000_001)
        self._messages = itertools.count(101)
        self._queries = itertools.count(1)
        self._shown: dict[tuple[int, int], Json] = {}
        self._news = asyncio.Event()
        self._moved = asyncio.Event()
        self._runner: web.AppRunner

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._news.set()
        await self._runner.cleanup()

    # -- what people do

    def write(self, person: Json, text: str) -> int:
        """A person writes. Returns the id of their message."""
        number = next(self._messages)
        message = {"message_id": number, "from": person, "chat": _chat(person["id"]), "date": _now(), "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self.put("message", message)
        return number

    def tap(self, person: Json, message: Json, data: str) -> None:
        """A person taps a button."""
        query = {"id": str(next(self._queries)), "from": person, "chat_instance": "1", "data": data}
        self.put("callback_query", query | {"message": message})

    @property
    def quiet(self) -> bool:
        """Whether everything was handed out and confirmed."""
        return not self._waiting and not self._again

    async def polled(self, polls: int) -> None:
        """Waits until the bot has fetched updates more often than that."""
        while self.polls <= polls:
            self._moved.clear()
            await self._moved.wait()

    def put(self, kind: str, body: Any) -> int:
        """Queues an update of a kind. Returns its id."""
        return self.put_raw(f",{json.dumps(kind)}:{json.dumps(body)}")

    def put_raw(self, rest: str, number: int | None = None) -> int:
        """Queues an update from the given JSON text after its id, valid or not."""
        number = next(self._ids) if number is None else number
        self._waiting[number] = f'{{"update_id":{number}{rest}}}'
        self.put_in += 1
        self._news.set()
        return number

    # -- what the bot calls

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        raw = await request.json() if request.can_read_body else {}
        self.calls += 1
        return await self._called(request, method, raw)

    async def _called(self, request: web.Request, method: str, raw: Json) -> web.StreamResponse:
        result: Any
        match method:
            case "getMe":
                result = ME
            case "getUpdates" if self.odd_answers:
                return web.Response(text=self.odd_answers.pop(), content_type="application/json")
            case "getUpdates":
                return _ok(f"[{','.join(await self._updates(raw['offset'], raw['limit']))}]")
            case "sendMessage" if self.storm is not None and raw["chat_id"] >= self.stormy_from:
                chat_id = raw["chat_id"]
                return await self.storm.answer(
                    request, chat_id, lambda: self._keep(chat_id, next(self._messages), raw)
                )
            case "sendMessage":
                result = self._keep(raw["chat_id"], next(self._messages), raw)
            case "editMessageText" | "editMessageReplyMarkup":
                result = self._edit(raw)
            case _:
                result = True
        if result is None:
            return web.json_response({"ok": False, "error_code": 400, "description": "Bad Request"}, status=400)
        return _ok(json.dumps(result))

    async def _updates(self, offset: int, limit: int) -> list[str]:
        self.polls += 1
        mine = self.polls
        self._moved.set()
        for number in [number for number in self._waiting if number < offset]:
            del self._waiting[number]
        end = asyncio.get_running_loop().time() + LONG_POLL
        while not self._again and not self._waiting and (left := end - asyncio.get_running_loop().time()) > 0:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                break
        if mine != self.polls:
            return []  # a newer call fetches
        if not self._again or limit < BATCH:
            batch = list(itertools.islice(self._waiting.values(), limit))
            self._mix(batch)
            self._again = [batch] * (self._repeats if batch else 0)
        batch = self._again.pop() if self._again else []
        self.delivered += len(batch)
        return batch

    def _keep(self, chat_id: int, number: int, raw: Json, **more: Any) -> Json:
        fields: Json = {key: _plain(raw[key]) for key in ("text", "entities", "reply_markup") if key in raw}
        message: Json = {"message_id": number, "from": ME, "chat": _chat(chat_id), "date": _now(), **fields, **more}
        before = self._shown.pop((chat_id, number), None)
        self._shown[chat_id, number] = message
        if len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]
        if chat_id in self.listeners:
            self.listeners[chat_id]("new" if before is None else "edit", message)
        return message

    def _edit(self, raw: Json) -> Json | None:
        before = self._shown.get((raw["chat_id"], raw["message_id"]))
        if before is None:
            return None
        changed: Json = {"text": before["text"]}
        if "text" in raw:
            changed = before | raw
        return self._keep(raw["chat_id"], raw["message_id"], changed, edit_date=_now())


def _ok(result: str) -> web.Response:
    return web.Response(body=f'{{"ok":true,"result":{result}}}'.encode(), content_type="application/json")


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value


def _chat(number: int) -> Json:
    return {"id": number, "type": "private", "first_name": "Somebody"}


def _now() -> int:
    return int(clock.now().timestamp())
