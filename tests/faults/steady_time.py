"""A loop whose clock stands still while a busy machine has no time for us.

What is counted in any sliding second can only be judged by a clock that bot and server share, moment by moment. Both
run in one loop here, and a pause of half a second between sending a message and its arrival is the machine's.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
LONGEST = 0.02
"""Seconds that the work of one round may take, or a wake may be late, before the clock stands still."""


class _Steady(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._since = monotonic()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        begin = monotonic()
        events = super().select(timeout)
        end = monotonic()
        waited = end - begin if timeout is None else min(end - begin, max(timeout, 0.0) + LONGEST)
        self.now += min(begin - self._since, LONGEST) + waited
        self._since = end
        return events


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._steady = _Steady()
        super().__init__(self._steady)

    def time(self) -> float:
        """Seconds since it began, without those in which nothing could be done."""
        return self._steady.now


def run(main: Coroutine[Any, Any, T]) -> T:
    """Like `asyncio.run`, with that clock."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)


def now() -> float:
    """The running loop's time."""
    return asyncio.get_running_loop().time()
