"""Retries: a few tries, with pauses that grow and vary, and never longer than the total time."""

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
    """How many seconds one message may take in one language (`total`), and the pauses between tries.

    A pause varies between half and one and a half of its value, and is at least what the service asks for.
    """

    total: float = 90.0
    pauses: tuple[float, ...] = (1.0, 3.0, 9.0)
    longest: float = 60.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """The result of `work`, after retries.

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
        """The result of `work`.

        Raises:
            EngineFault: the time is over.
        """
        try:
            async with asyncio.timeout(self.total):
                return await work
        except TimeoutError:
            raise EngineFault(Failure.TIMEOUT) from None
