"""Whatever comes while something is being written is written together with the next, and waits for no others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Gathering(Generic[T]):
    """One write after the other, each with all that has come meanwhile."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        self._write = write
        self._next: list[T] = []
        self._written: asyncio.Future[None] | None = None
        """Done when what is in `_next` is written."""
        self._writing: asyncio.Future[None] | None = None

    async def add(self, *things: T) -> None:
        """Wait until these are written, and no longer than that.

        Raises:
            Exception: what writing them has raised, to everybody whose things were among them.
        """
        if self._written is None:
            self._written = asyncio.get_running_loop().create_future()
        self._next += things
        written = self._written
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write_all())  # noqa: TID251 - awaited by all who add
        await asyncio.shield(written)

    async def settled(self, longest: float) -> None:
        """Wait until nothing is being written any more, for so many seconds at most."""
        if self._writing is not None:
            await asyncio.wait({self._writing}, timeout=longest)

    async def _write_all(self) -> None:
        try:
            while (written := self._written) is not None:
                things, self._next, self._written = self._next, [], None
                try:
                    await self._write(things)
                except Exception as error:  # noqa: BLE001 - it is for those who wait
                    written.set_exception(error)
                    written.exception()  # whoever waited may be gone
                except BaseException:
                    written.cancel()
                    raise
                else:
                    written.set_result(None)
        finally:
            self._writing = None
            if self._written is not None:
                self._written.cancel()
                self._written = None
