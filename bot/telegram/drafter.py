"""Lets a machine draft translations of what staff wrote, behind the commit: nobody waits for an outside service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy import Connection

from bot import log
from bot.clock import Clock
from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.db.engine import Database, DatabaseAway
from bot.services.reply import Drafting, Reply
from bot.services.staff.broadcasts import drafting
from bot.services.translating import Translator, into
from bot.services.turn import Turn, Visitor
from bot.telegram.intake import Attempt, Intake
from bot.telegram.presenter import Presenter


class Drafter:
    """One translation after the other begins where it is asked for; what a stop interrupts is asked for again."""

    def __init__(
        self,
        translator: Translator,
        database: Database,
        shelf: Shelf,
        presenter: Presenter,
        intake: Intake,
        clock: Clock,
        content_changed: Callable[[], Awaitable[Content]],
        nursery: asyncio.TaskGroup,
    ) -> None:
        self._translator = translator
        self._database = database
        self._shelf = shelf
        self._presenter = presenter
        self._intake = intake
        self._clock = clock
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
            glossary = (*wanted.names, *self._shelf.content.glossary)  # what the town says of a word counts
            outcomes = await into(self._translator, [wanted.text], wanted.languages, glossary)
            await self._run(drafting.keep, wanted, outcomes)
            await self._content_changed()
            self._intake.in_turn(wanted.chat_id, partial(self._show, wanted))
        except DatabaseAway:
            log.get().warning("database_away", what="drafts")
        except Exception as error:  # noqa: BLE001 - a draft is missing; everything else goes on
            log.get().error("drafts_failed", error=error)

    async def _show(self, wanted: Drafting, _: Attempt) -> None:
        reply = await self._run(drafting.show, Visitor(wanted.chat_id, person=wanted.chat_id), wanted)
        if reply is not None:
            await self._presenter.present(self._shelf.content.texts, reply)

    async def _run(self, use_case: Callable[..., Reply | None], *args: object) -> Reply | None:
        def transaction(connection: Connection) -> Reply | None:
            return use_case(Turn(connection, self._shelf.content, self._clock()), *args)

        return await self._database.run(transaction)
