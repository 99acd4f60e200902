"""How tests wait: for what comes to be, not for time to pass."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

LIMIT = 120.0
"""Seconds, on a machine however busy; never the pace of a test."""
GLANCE = 0.02


async def until(is_so: Callable[[], object], hope: str, limit: float = LIMIT) -> None:
    """Look again and again, until it is so; `hope` says what did not come. `is_so` may have to be awaited."""
    try:
        async with asyncio.timeout(limit):
            while not await _looked(is_so):  # noqa: ASYNC110 - files, tables and other processes have no event
                await asyncio.sleep(GLANCE)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {hope}") from None


async def _looked(is_so: Callable[[], object]) -> object:
    found = is_so()
    return await found if isinstance(found, Awaitable) else found
