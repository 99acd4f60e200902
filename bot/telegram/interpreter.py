"""Lets a machine translate talks, behind the commit: nobody waits for it. Rows say what is still to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot import log
from bot.clock import Clock
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.shelf import Shelf
from bot.db.engine import Database, DatabaseAway
from bot.services.threads import interpreting
from bot.services.threads.interpreting import Wanted
from bot.services.translating import Translator
from bot.services.turn import Turn

T = TypeVar("T")
GLANCE = 1.0
"""Seconds between two looks for words that wait."""


class Interpreter:
    """One look after the other; `hosted` says that the words stay on a server of the town's own."""

    def __init__(
        self, translator: Translator, database: Database, shelf: Shelf, clock: Clock, *, hosted: bool
    ) -> None:
        self._translator = translator
        self._database = database
        self._shelf = shelf
        self._clock = clock
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
        found = await self._run(lambda turn: interpreting.wanted(turn, hosted=self._hosted))
        await asyncio.gather(*map(self._interpret, found))

    async def _interpret(self, asked: Wanted) -> None:
        glossary = self._shelf.content.glossary if asked.source == SOURCE_LANGUAGE else ()
        outcome = await self._translator.translate([asked.text], asked.target, glossary, asked.source, kept=False)
        await self._run(lambda turn: interpreting.keep(turn, asked, outcome))

    async def _run(self, use_case: Callable[[Turn], T]) -> T:
        def transaction(connection: Connection) -> T:
            return use_case(Turn(connection, self._shelf.content, self._clock()))

        return await self._database.run(transaction)
