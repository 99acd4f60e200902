"""One gate for everything that leaves: after a 429 the whole bot is silent until Telegram's time is over."""

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


class Gate:
    """Sends calls, obeys `retry_after`, and repeats only what cannot happen twice."""

    def __init__(self) -> None:
        self._open_at = 0.0

    async def send(self, call: Callable[[], Awaitable[T]]) -> T:
        """The call's answer.

        Raises:
            NotSent: after some tries.
            TelegramError: everything else, at once.
        """
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            while (wait := self._open_at - loop.time()) > 0:  # noqa: ASYNC110 - another 429 may move it
                await asyncio.sleep(wait)
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
