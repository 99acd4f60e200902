"""Waking those who wait."""

from __future__ import annotations

import asyncio
import contextlib


class Pulse:
    """Wakes everybody who waits at that moment, each time it beats."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def beat(self) -> None:
        """Wake all who wait now."""
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, seconds: float | None) -> None:
        """Return at the next beat, or after `seconds`; None waits without limit."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._next.wait()
