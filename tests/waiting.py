"""How tests wait: for a state, not for time to pass."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

LIMIT = 120.0
"""Seconds, enough for any busy machine. Never the pace of a test."""
GLANCE = 0.02


async def until(
    is_so: Callable[[], object], hope: str, limit: float = LIMIT, moves: Callable[[], object] = lambda: None
) -> None:
    """Looks again and again until `is_so` (which may be async). `hope` says what did not come.

    `moves` gives a number that changes as long as there is progress. Then it may take as long as it likes.
    """
    had = moves()
    while not await _is_so_within(limit, is_so):
        if had == (had := moves()):
            raise AssertionError(f"waited in vain for {hope}")


async def _is_so_within(limit: float, is_so: Callable[[], object]) -> bool:
    try:
        async with asyncio.timeout(limit):
            while not await _looked(is_so):  # noqa: ASYNC110 - files, tables and other processes have no event
                await asyncio.sleep(GLANCE)
    except TimeoutError:
        return False
    return True


async def _looked(is_so: Callable[[], object]) -> object:
    found = is_so()
    return await found if isinstance(found, Awaitable) else found
