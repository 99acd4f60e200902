"""The content that is used now. It changes while the bot runs, as a whole or not at all."""

from __future__ import annotations

import asyncio

from bot.content.loader import Content


class Shelf:
    """Holds the current content. Whoever needs two things of it takes it once, so that both belong together."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._changed = asyncio.Event()

    @property
    def content(self) -> Content:
        """What is used now."""
        return self._content

    def put(self, content: Content) -> None:
        """Use this from now on."""
        self._content = content
        self._changed.set()
        self._changed = asyncio.Event()

    async def other_than(self, content: Content) -> Content:
        """What is used as soon as it is not this any more."""
        while self._content is content:
            await self._changed.wait()
        return self._content
