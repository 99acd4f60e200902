"""Lets a machine translate talks, behind the commit: nobody waits for it. Rows say what is still to be done."""

from __future__ import annotations

import asyncio

from bot import log
from bot.content.locales import SOURCE_LANGUAGE
from bot.db.engine import DatabaseAway
from bot.services.threads import interpreting
from bot.services.threads.interpreting import Wanted
from bot.services.translating import Translator
from bot.telegram.common import Common

GLANCE = 1.0
"""Seconds between two looks for words that wait."""


class Interpreter:
    """One look after the other; `hosted` says that the words stay on a server of the town's own."""

    def __init__(self, common: Common, translator: Translator, *, hosted: bool) -> None:
        self._common = common
        self._translator = translator
        self._hosted = hosted

    async def run(self) -> None:
        """Translate what waits, for ever. What fails leaves the original as it is."""
        while True:
            try:
                await self.step()
            except DatabaseAway:
                log.get().warning("database_away", what="interpreting")
            except Exception as error:  # noqa: BLE001 - a translation is missing; everything else goes on
                log.get().error("interpreting_failed", error=error)
            await asyncio.sleep(GLANCE)

    async def step(self) -> None:
        """Translate what waits now, all of it at the same time."""
        found = await self._common.run(lambda turn: interpreting.wanted(turn, hosted=self._hosted))
        await asyncio.gather(*map(self._interpret, found))

    async def _interpret(self, asked: Wanted) -> None:
        glossary = self._common.content.glossary if asked.source == SOURCE_LANGUAGE else ()
        words, source = [asked.text], asked.source
        outcome = await self._translator.translate(words, asked.target, glossary, source, remember=False)
        await self._common.run(lambda turn: interpreting.keep(turn, asked, outcome))
