"""Notices that the machine's clock has jumped: a wake that was set for a time on the wall would come hours late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot import log
from bot.clock import Clock

LOOK_SECONDS = 5.0
ENOUGH = 10.0
"""Seconds that the clock is off what has really passed; a clock that is set right step by step stays below."""


async def watch(clock: Clock, moved: Callable[[], Awaitable[None]]) -> None:
    """Compare the clock with the loop's time for ever, and tell of every jump."""
    loop = asyncio.get_running_loop()
    then, at = loop.time(), clock()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        passed, now = loop.time() - then, clock()
        jump = _seconds(at, now) - passed
        then, at = loop.time(), now
        if abs(jump) > ENOUGH:
            log.get().warning("clock_jumped", seconds=round(jump))
            await moved()


def _seconds(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds()
