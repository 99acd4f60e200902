"""A Bot API in which everything goes wrong at once, and the final check of what it has received.

If a call is cut (reset, hang, a page of a proxy), chance decides whether it was carried out before.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

from aiohttp import web

FATES = {"500": 0.18, "502": 0.02, "reset": 0.02, "hang": 0.01}
"""How often a call goes wrong in which way. A fifth is a 5xx; every tenth of those is the page of a proxy."""
STORM = 400
"""One call in this many begins a storm: for a second every call is answered with 429. This is not left to chance, or
one run in some hundreds would see no storm at all."""
STORM_SECONDS = 1
HANG_SECONDS = 30.0
GONE = 40
"""Of this many people two have blocked the bot, one for each kind of delivery."""
PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"
ENDS = {"sent", "unknown", "blocked"}
Answered = web.StreamResponse


class Storm:
    """What becomes of each sendMessage, and who has received what.

    `marked` says whether the table marks a chat's delivery as doubtful now. Without `rough` all goes well.
    """

    def __init__(self, chance: Random, marked: Callable[[int], Awaitable[bool]], *, rough: bool = True) -> None:
        self.heard: defaultdict[int, list[int]] = defaultdict(list)
        """The ids of the messages that a chat was really sent."""
        self.unmarked: list[int] = []
        """Chats that got something again that was not marked before."""
        self.cuts: Counter[int] = Counter()
        """How often the bot could not know, by chat."""
        self.refused: set[int] = set()
        """Chats whose calls were answered with 403."""
        self.faults: Counter[str] = Counter()
        self.calls = 0
        self._chance = chance
        self._marked = marked
        self._rough = rough
        self._until = 0.0
        self._next_storm = STORM // 2
        self._moved = asyncio.Event()

    async def called(self, times: int) -> None:
        """Waits until this many more calls have come."""
        end = self.calls + times
        while self.calls < end:
            self._moved.clear()
            await self._moved.wait()

    async def answer(self, request: web.Request, chat_id: int, send: Callable[[], dict[str, Any]]) -> Answered:
        """Handles one call, read to its end."""
        self.calls += 1
        self._moved.set()
        fate = self._fate()
        self.faults[fate] += 1
        match fate:
            case "429":
                left = {"retry_after": STORM_SECONDS}
                return _refusal(429, "Too Many Requests: retry after 1", parameters=left)
            case "500":
                return _refusal(500, "Internal Server Error")
            case "well" if self._has_blocked(chat_id):
                self.refused.add(chat_id)
                return _refusal(403, "Forbidden: bot was blocked by the user")
            case "well":
                return web.json_response({"ok": True, "result": await self._send(chat_id, send)})
        self.cuts[chat_id] += 1
        if self._chance.random() < 0.5 and not self._has_blocked(chat_id):
            await self._send(chat_id, send)
        if fate == "502":
            return web.Response(text=PAGE, status=502, content_type="text/html")
        if fate == "hang":
            await asyncio.sleep(HANG_SECONDS)
        return reset(request)

    def _has_blocked(self, chat_id: int) -> bool:
        """This many of either kind of delivery."""
        return self._rough and chat_id % GONE in {6, 13}

    def _fate(self) -> str:
        if not self._rough:
            return "well"
        now = asyncio.get_running_loop().time()
        if now >= self._until and self.calls >= self._next_storm:
            self._next_storm = self.calls + STORM
            self._until = now + STORM_SECONDS
            self.faults["storms"] += 1
        if now < self._until:
            return "429"
        drawn = self._chance.random()
        for fate, share in FATES.items():
            if drawn < share:
                return fate
            drawn -= share
        return "well"

    async def _send(self, chat_id: int, send: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        if self.heard[chat_id] and not await self._marked(chat_id):
            self.unmarked.append(chat_id)
        message = send()
        self.heard[chat_id].append(message["message_id"])
        return message


@dataclass(frozen=True)
class Row:
    """A delivery in its final state."""

    chat_id: int
    kind: str
    state: str
    marked: bool
    message_id: int | None


def wrong(rows: Iterable[Row], storm: Storm) -> dict[str, list[int]]:
    """Chats for which the table does not match what the server saw, by what is wrong. Empty if all is well."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    found["repeated, not marked before"] += storm.unmarked
    for row in rows:
        heard = storm.heard.get(row.chat_id, [])
        faults = {
            "without an end": row.state not in ENDS,
            "lost": not heard and row.state not in {"unknown", "blocked"},
            "recorded as a message that nobody heard": row.state == "sent" and row.message_id not in heard,
            "a broadcast twice": row.kind == "broadcast" and len(heard) > 1,
            "more than once again": len(heard) > 2,
            "taken for blocked": row.state == "blocked" and row.chat_id not in storm.refused,
            "unknown without a mark": row.state == "unknown" and not row.marked,
        }
        for fault, is_so in faults.items():
            if is_so:
                found[fault].append(row.chat_id)
    return {fault: chats for fault, chats in found.items() if chats}


def reset(request: web.Request) -> web.Response:
    """Breaks the connection without a word. The response is never sent."""
    if request.transport is not None:
        wire: socket.socket = request.transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


def _refusal(code: int, description: str, **more: Any) -> web.Response:
    body = {"ok": False, "error_code": code, "description": description, **more}
    return web.json_response(body, status=code)
