"""Lets a machine draft translations of what staff wrote, behind the commit: nobody waits for an outside service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from bot import log
from bot.content.loader import Content
from bot.db.engine import DatabaseAway
from bot.services.reply import Drafting
from bot.services.staff.broadcasts import drafting
from bot.services.translating import Translator, into
from bot.services.turn import Visitor
from bot.telegram.common import Common
from bot.telegram.intake import Attempt, Intake
from bot.telegram.presenter import Presenter


class Drafter:
    """One translation after the other begins where it is asked for; what a stop interrupts is asked for again."""

    def __init__(
        self,
        common: Common,
        translator: Translator,
        presenter: Presenter,
        intake: Intake,
        content_changed: Callable[[], Awaitable[Content]],
        nursery: asyncio.TaskGroup,
    ) -> None:
        self._common = common
        self._translator = translator
        self._presenter = presenter
        self._intake = intake
        self._content_changed = content_changed
        self._nursery = nursery
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, wanted: Drafting) -> None:
        """Translate, and put the drafts where whoever asked finds them."""
        task = self._nursery.create_task(self._draft(wanted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        """The process ends."""
        for task in self._tasks:
            task.cancel()

    async def _draft(self, wanted: Drafting) -> None:
        try:
            glossary = (*wanted.names, *self._common.content.glossary)  # what the town says of a word counts
            outcomes = await into(self._translator, [wanted.text], wanted.languages, glossary)
            await self._common.run(lambda turn: drafting.keep(turn, wanted, outcomes))
            await self._content_changed()
            self._intake.in_turn(wanted.chat_id, partial(self._show, wanted))
        except DatabaseAway:
            log.get().warning("database_away", what="drafts")
        except Exception as error:  # noqa: BLE001 - a draft is missing; everything else goes on
            log.get().error("drafts_failed", error=error)

    async def _show(self, wanted: Drafting, _: Attempt) -> None:
        visitor = Visitor(wanted.chat_id, person=wanted.chat_id)
        reply = await self._common.run(lambda turn: drafting.show(turn, visitor, wanted))
        if reply is not None:
            await self._presenter.present(self._common.content.texts, reply)
