"""One gate for all that is said to people: after a 429 the bot is silent until Telegram's time is over.

Replies pass by `send`; the sender of deliveries asks `closed_for` and leaves the way to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import RetryAfter

from bot import log, metrics
from bot.telegram.pace import Pace
from bot.telegram.transport import NotSent

T = TypeVar("T")
PAUSES = (0.5, 1.0, 2.0)
"""Seconds before a call that provably never left is tried again."""


SPACING = 0.04
"""Seconds between two calls that waited: 25 a second, below Telegram's 30."""


class Gate:
    """Sends calls, obeys `retry_after`, and repeats only what cannot happen twice."""

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self.told: Callable[[float], None] = lambda _: None
        """Tells other processes for how long we were told to wait."""
        self._open_at = 0.0
        self._held = 0

    @property
    def closed_for(self) -> float:
        """Seconds for which no delivery should leave: Telegram's time, and until the replies it held up are out."""
        wait = self._open_at - asyncio.get_running_loop().time()
        return max(wait, SPACING) if self._held else max(wait, 0.0)

    def shut(self, seconds: float) -> None:
        """Telegram has told us to wait: nothing leaves for so long, here or elsewhere."""
        self.close(seconds)
        self.told(seconds)
        metrics.TOLD_TO_WAIT.add()
        metrics.WAIT_TIME.add(by=seconds)
        log.get().warning("told_to_wait", seconds=seconds)

    def close(self, seconds: float) -> None:
        """Nothing leaves for so long."""
        self._open_at = max(self._open_at, asyncio.get_running_loop().time() + seconds)

    async def send(self, call: Callable[[], Awaitable[T]], chat_id: int | None = None) -> T:
        """The call's answer; with `chat_id` it is a message in that chat, and counts against Telegram's limits.

        Raises:
            NotSent: after some tries.
            TelegramError: everything else, at once.
        """
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            while (wait := self._open_at - loop.time()) > 0:  # another 429 may move it
                # Who waited goes one after the other: all at once would be told to wait again.
                behind = self._held
                self._held += 1
                try:
                    await asyncio.sleep(wait + behind * SPACING)
                finally:
                    self._held -= 1
            try:
                if chat_id is None:
                    return await call()
                with await self.pace.reply(chat_id):
                    return await call()
            except RetryAfter as error:
                self.shut(waiting_time(error))
            except NotSent:
                if failures == len(PAUSES):
                    raise
                await asyncio.sleep(PAUSES[failures])
                failures += 1


def waiting_time(error: RetryAfter) -> float:
    """The seconds Telegram asks for."""
    return error.retry_after.total_seconds()  # type: ignore[union-attr]
