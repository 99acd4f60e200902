"""Blocking calls in their own threads: with a hard time limit, limited in number, never delaying the exit.

Not `asyncio.to_thread`: Python waits for those threads before it exits, and a call without a time limit may never
return.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")


class Threads:
    """At most `most` calls at a time. A hanging call keeps its place until it ends, so threads never pile up."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)

    async def run(self, work: Callable[[], T], seconds: float) -> T:
        """What `work` returns or raises.

        Raises:
            TimeoutError: within that many seconds no place was free, or the call did not end. It goes on alone.
        """
        async with asyncio.timeout(seconds):
            await self._free.acquire()
            loop = asyncio.get_running_loop()
            done: asyncio.Future[T | None] = loop.create_future()

            def ended(result: T | None, error: BaseException | None) -> None:
                self._free.release()
                if done.done():
                    return
                if error is not None:
                    done.set_exception(error)
                else:
                    done.set_result(result)

            def call() -> None:
                result, error = None, None
                try:
                    result = work()
                except BaseException as problem:  # noqa: BLE001 - it is raised again where it is waited for
                    error = problem
                with contextlib.suppress(RuntimeError):  # the loop is closed, so nobody waits any more
                    loop.call_soon_threadsafe(ended, result, error)

            threading.Thread(target=call, name="translation", daemon=True).start()
            return cast("T", await done)
