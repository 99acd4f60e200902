"""Delivery of updates by webhook: in order per row, rows side by side, tried again after growing pauses."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import aiohttp

from bot.simulator.updates import Waiting
from bot.simulator.world import World

Json = dict[str, Any]

PATIENCE: Final = aiohttp.ClientTimeout(total=60)
LONGEST_PAUSE: Final = 60.0
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105, the name of a header


class Delivery:
    """Sends what waits to the webhook, as long as one is set; `second` is the length of one in pauses."""

    def __init__(self, world: World, second: float) -> None:
        self._world = world
        self._updates = world.updates
        self._second = second
        self._busy: set[str] = set()
        self._for: Json | None = None
        self._connections = asyncio.Semaphore()

    async def run(self) -> None:
        """Deliver until the world closes."""
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, asyncio.TaskGroup() as rows:
            while not self._updates.closing:
                webhook = self._updates.webhook
                if webhook is not None:
                    if webhook != self._for:
                        self._for, self._connections = webhook, asyncio.Semaphore(webhook["max_connections"])
                    for line in {update.line for update in self._updates.waiting()} - self._busy:
                        self._busy.add(line)
                        rows.create_task(self._row(session, line))
                await self._updates.arrived.wait(None)

    async def _row(self, session: aiohttp.ClientSession, line: str) -> None:
        fails = 0
        while (webhook := self._updates.webhook) is not None and not self._updates.closing:
            row = [update for update in self._updates.waiting() if update.line == line]
            if not row:
                break
            disorder = self._updates.disorder()
            update = row[1] if disorder == "shuffle" and len(row) > 1 else row[0]
            for _ in range(2 if disorder == "twice" else 1):
                async with self._connections:
                    pause = await self._post(session, webhook, update, fails)
            if pause is None:
                fails = 0
                self._updates.drop(update.number)
                self._world.commit()
            else:
                fails += 1
                await self._pause(pause * self._second, webhook)
        self._busy.discard(line)
        self._updates.arrived.beat()

    async def _post(self, session: aiohttp.ClientSession, webhook: Json, update: Waiting, fails: int) -> float | None:
        """None when the bot took it, else the seconds until the next try."""
        headers = {SECRET_HEADER: webhook["secret_token"]} if webhook["secret_token"] else {}
        asked = ""
        try:
            async with session.post(
                webhook["url"], json=update.body, headers=headers, allow_redirects=False
            ) as answer:
                if answer.ok and answer.status < 300:  # noqa: PLR2004, any 2xx is taken
                    return None
                asked = answer.headers.get("Retry-After", "")
                fault = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError):
            fault = "Webhook connection closed"
        self._updates.webhook_error = {"last_error_date": self._world.now(), "last_error_message": fault}
        if asked.isdecimal():
            return float(asked)
        return min(2.0**fails, LONGEST_PAUSE) if fails else 0.0

    async def _pause(self, seconds: float, webhook: Json) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and not self._updates.closing and self._updates.webhook == webhook:
            await self._updates.arrived.wait(left)
