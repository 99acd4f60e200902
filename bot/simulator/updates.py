"""The updates that wait for the bot: numbered, kept for a day, taken by polling or by webhook."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.simulator.pulse import Pulse
from bot.simulator.refusal import Refusal
from bot.simulator.store import Store

Json = dict[str, Any]
Alive = Callable[[], Awaitable[bool]]

FIRST_ID: Final = 731_000_001
DAY: Final = 86_400.0
QUERY_LIFE: Final = 150.0
"""A button press waits two and a half minutes only."""
ON_REQUEST: Final = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds of update that a bot gets only when it names them."""
WEBHOOK_ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLLER: Final = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_SET: Final = "Conflict: terminated by setWebhook request"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that waits: `line` is the row it stands in by webhook, `until` the time it is kept."""

    number: int
    line: str
    until: float
    body: Any


class Updates:
    """The queue of updates, in the order of their numbers."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self.arrived = Pulse()
        self.disorder: Callable[[], str | None] = lambda: None
        """Says of each batch whether it comes "twice" or is a "shuffle"; set by the faults."""
        self.closing = False
        self.webhook_error: Json = {}
        """`last_error_date` and `last_error_message` of the last delivery that failed."""
        self._store = store
        self._clock = clock
        self._waiting = {a: Waiting(a, doc["line"], doc["until"], doc["body"]) for a, _, doc in store.read("update")}
        self._settings: Json = {"next": FIRST_ID, "allowed": [], "webhook": None}
        self._settings |= next((doc for _, _, doc in store.read("updates")), {})
        self._poller = 0
        self._again: list[Waiting] = []

    def put(self, kind: str, body: Json, *, line: int, life: float = DAY) -> None:
        """Queue an update of `kind`, if the bot takes this kind; `line` is the chat or person whose order counts."""
        allowed = self._settings["allowed"]
        if kind not in allowed if allowed else kind in ON_REQUEST:
            return
        group = kind if kind in {"callback_query", "my_chat_member"} else "message"
        number = self._next_number()
        self._add(Waiting(number, f"{group}:{line}", self._clock() + life, {"update_id": number, kind: body}))

    def inject(self, body: object) -> int:
        """Queue any JSON as an update, also one nobody can read; an object without update_id gets one."""
        number = body.get("update_id") if isinstance(body, dict) else None
        if not isinstance(number, int):
            number = self._next_number()
            if isinstance(body, dict):
                body = {"update_id": number, **body}
        self._add(Waiting(number, f"raw:{number}", self._clock() + DAY, body))
        return number

    def renumber(self, next_number: int) -> None:
        """Let the numbers go on from here, as Telegram does after a quiet week; nothing may be waiting."""
        self._settings["next"] = next_number
        self._save()

    def allow(self, kinds: list[str] | None) -> None:
        """From now on take these kinds only; an empty list is the default, None changes nothing."""
        if kinds is not None and kinds != self._settings["allowed"]:
            self._settings["allowed"] = kinds
            self._save()

    @property
    def allowed(self) -> list[str]:
        """The kinds the bot named, empty for the default."""
        return list(self._settings["allowed"])

    @property
    def webhook(self) -> Json | None:
        """Where updates are sent (`url`, `secret_token`, `max_connections`), None when the bot polls."""
        webhook: Json | None = self._settings["webhook"]
        return webhook

    def set_webhook(self, webhook: Json | None) -> None:
        """Send updates there from now on, or stop doing so."""
        self._settings["webhook"] = webhook
        self.webhook_error = {}
        self._save()
        self.arrived.beat()

    def clear(self) -> None:
        """Forget all that waits."""
        for number in list(self._waiting):
            self.drop(number)

    def drop(self, number: int) -> None:
        """Forget one update: it was delivered, or nobody wants it."""
        if self._waiting.pop(number, None) is not None:
            self._store.drop("update", number)

    def waiting(self) -> list[Waiting]:
        """All that still waits, in order; what was kept too long is gone."""
        now = self._clock()
        for number in [number for number, update in self._waiting.items() if update.until <= now]:
            self.drop(number)
        return [self._waiting[number] for number in sorted(self._waiting)]

    async def poll(self, offset: int, limit: int, seconds: float, alive: Alive) -> list[Any]:
        """One getUpdates: confirm what is before `offset`, then the next updates, waited for up to `seconds`.

        A bot that hung up, which `alive` knows, takes nothing: what waits is for its next life. Refused with 409
        while a webhook is set, and when a newer call waits instead of this one.
        """
        if self.webhook is not None:
            raise Refusal(409, WEBHOOK_ACTIVE)
        self._confirm(offset)
        if (batch := self._batch(limit)) or seconds <= 0:
            return batch
        self._poller += 1
        mine = self._poller
        self.arrived.beat()
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not batch and not self.closing and (left := end - loop.time()) > 0:
            self._store.commit()
            await self.arrived.wait(left)
            if self.webhook is not None:
                raise Refusal(409, WEBHOOK_SET)
            if self._poller != mine:
                raise Refusal(409, OTHER_POLLER)
            if not await alive():
                return []
            batch = self._batch(limit)
        return batch

    def _confirm(self, offset: int) -> None:
        """Forget what is before `offset`; a negative one leaves that many, one of the future does nothing."""
        numbers = [update.number for update in self.waiting()]
        if offset < 0:
            gone = numbers[:offset]
        else:
            last = max([self._settings["next"] - 1, *numbers])
            gone = [number for number in numbers if number < offset <= last + 1]
        for number in gone:
            self.drop(number)

    def _batch(self, limit: int) -> list[Any]:
        if self._again:
            batch, self._again = self._again, []
            return [update.body for update in batch]
        batch = self.waiting()[:limit]
        disorder = self.disorder() if batch else None
        if disorder == "twice":
            self._again = batch
        if disorder == "shuffle":
            batch = sorted(batch, key=lambda update: zlib.crc32(str(update.number).encode()))
        return [update.body for update in batch]

    def _add(self, update: Waiting) -> None:
        self._waiting[update.number] = update
        self._store.put("update", update.number, 0, {"line": update.line, "until": update.until, "body": update.body})
        self.arrived.beat()

    def _next_number(self) -> int:
        number: int = self._settings["next"]
        self._settings["next"] = number + 1
        self._save()
        return number

    def _save(self) -> None:
        self._store.put("updates", 0, 0, self._settings)
