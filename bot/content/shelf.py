"""The content that is used now. It changes while the bot runs, as a whole or not at all."""

from __future__ import annotations

import asyncio

from bot.content.loader import Content
from bot.content.own_offers import overlaid
from bot.core.sayings import Sayings


class Shelf:
    """Holds the current content: that of the files, with what staff said in the chat laid over it.

    Whoever needs two things of it takes it once, so that both belong together.
    """

    def __init__(self, content: Content, said: Sayings | None = None) -> None:
        self._files = content
        self._said = said or Sayings()
        self._content = overlaid(content, self._said)
        self._changed = asyncio.Event()

    @property
    def content(self) -> Content:
        """What is used now."""
        return self._content

    @property
    def files(self) -> Content:
        """That of the files alone."""
        return self._files

    def put(self, content: Content) -> None:
        """Use these files from now on."""
        self._files = content
        self._use()

    def change(self, said: Sayings) -> None:
        """Staff have said something else."""
        self._said = said
        self._use()

    def _use(self) -> None:
        self._content = overlaid(self._files, self._said)
        self._changed.set()
        self._changed = asyncio.Event()

    async def other_than(self, content: Content) -> Content:
        """What is used as soon as it is not this any more."""
        while self._content is content:
            await self._changed.wait()
        return self._content
