"""The content in use. It changes while the bot runs, as a whole or not at all."""

from __future__ import annotations

import asyncio

from bot.content.loader import Content
from bot.content.own_offers import overlaid
from bot.core.sayings import Sayings


class Shelf:
    """Holds the current content: the files, with what staff said in the chat applied over them.

    Code that needs two parts of it must take the content once, so that both belong together.
    """

    def __init__(self, content: Content, said: Sayings | None = None) -> None:
        self._files = content
        self._said = said or Sayings()
        self._content = overlaid(content, self._said)
        self._changed = asyncio.Event()

    @property
    def content(self) -> Content:
        """The content in use."""
        return self._content

    @property
    def files(self) -> Content:
        """The content of the files alone."""
        return self._files

    def put(self, content: Content) -> None:
        """Uses these files from now on."""
        self._files = content
        self._use()

    def change(self, said: Sayings) -> None:
        """Applies new words of staff."""
        self._said = said
        self._use()

    def _use(self) -> None:
        self._content = overlaid(self._files, self._said)
        self._changed.set()
        self._changed = asyncio.Event()

    async def other_than(self, content: Content) -> Content:
        """Waits until the content in use is not this one, and returns it."""
        while self._content is content:
            await self._changed.wait()
        return self._content
