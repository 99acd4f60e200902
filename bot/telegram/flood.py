"""Whoever floods is slowed down, the others are not: updates per chat in a sliding window."""

from __future__ import annotations

import asyncio

from bot.telegram.recent import Recent

WINDOW = 10.0
"""Seconds the limit is counted over."""


class Flood:
    """Lets `limit` updates per chat and window pass at once and holds the rest back; 0 lets everything pass."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen = Recent(WINDOW)

    async def pass_through(self, key: int) -> None:
        """Wait until this chat may have one more update handled."""
        if self._limit == 0:
            return
        now = asyncio.get_running_loop().time()
        times = self._seen.of(key, now)
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= self._limit:
            await asyncio.sleep(times[0] + WINDOW - now)
            times.popleft()
        times.append(asyncio.get_running_loop().time())
