"""Trying again: a few times, after pauses that grow and differ, and never beyond the time there is."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.services.translating import Failure
from bot.translation.engine import EngineFault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one message may take in one language (`total`, seconds), and the pauses between tries.

    A pause is at least half and at most one and a half of what stands there, or what the service asks for.
    """

    total: float = 90.0
    pauses: tuple[float, ...] = (1.0, 3.0, 9.0)
    longest: float = 60.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives in the end.

        Raises:
            EngineFault: no try helped, or none can.
        """
        for pause in self.pauses:
            try:
                return await work()
            except EngineFault as fault:
                if not fault.again or fault.after > self.longest:
                    raise
                asked = fault.after
            await self.sleep(max(asked, pause * (0.5 + secrets.randbelow(1001) / 1000)))
        return await work()

    async def within(self, work: Awaitable[T]) -> T:
        """What `work` gives.

        Raises:
            EngineFault: the time was over.
        """
        try:
            async with asyncio.timeout(self.total):
                return await work
        except TimeoutError:
            raise EngineFault(Failure.TIMEOUT) from None
