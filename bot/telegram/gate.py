"""One gate for all that is said to people: after a 429 the bot is silent until Telegram's time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import RetryAfter

from bot import log
from bot.telegram.transport import NotSent

T = TypeVar("T")
PAUSES = (0.5, 1.0, 2.0)
"""Seconds before a call that provably never left is tried again."""


SPACING = 0.04
"""Seconds between two calls that waited: 25 a second, below Telegram's 30."""


class Gate:
    """Sends calls, obeys `retry_after`, and repeats only what cannot happen twice."""

    def __init__(self) -> None:
        self._open_at = 0.0
        self._held = 0

    async def send(self, call: Callable[[], Awaitable[T]]) -> T:
        """The call's answer.

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
                return await call()
            except RetryAfter as error:
                seconds = error.retry_after.total_seconds()  # type: ignore[union-attr]
                self._open_at = max(self._open_at, loop.time() + seconds)
                log.get().warning("told_to_wait", seconds=seconds)
            except NotSent:
                if failures == len(PAUSES):
                    raise
                await asyncio.sleep(PAUSES[failures])
                failures += 1
