"""Replies drawn on Telegram: a tap costs one edit and one answer, words cost one message and one strip of buttons."""

from __future__ import annotations

import asyncio
from functools import partial

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import failpoints, log
from bot.clock import Clock
from bot.content.rich import Rich
from bot.content.texts import Texts
from bot.core.message import Screen, Text
from bot.db import chats
from bot.db.chats import Mark
from bot.db.engine import Database, DatabaseAway
from bot.services.reply import Card, Reply
from bot.telegram import calls
from bot.telegram.calls import Shown
from bot.telegram.gate import Gate
from bot.telegram.transport import NotSent, OutcomeUnknown

TOAST_LIMIT = 200
UNCHANGED = "message is not modified"


class Presenter:
    """Draws replies, and remembers in the database which card really stands in a chat."""

    def __init__(self, bot: Bot, texts: Texts, database: Database, clock: Clock) -> None:
        self._bot = bot
        self._texts = texts
        self._database = database
        self._clock = clock
        self._gate = Gate()
        self._marks: list[Mark] = []
        self._marking: asyncio.Future[None] | None = None

    async def present(self, reply: Reply, query: str | None = None) -> None:
        """Show a reply; `query` is the tap that is answered by it.

        An error of the messenger is logged, not raised: the card stays owed, and is shown again later.
        """
        failpoints.reached("before_card")
        parts = []
        if query is not None:
            parts.append(self._answer(query, reply))
        if reply.card is not None:
            parts.append(self._show(reply.card))
            parts += [self._strip(reply.card.chat_id, message) for message in reply.card.strip]
        await asyncio.gather(*parts)

    async def say(self, chat_id: int, language: str, text: Text) -> None:
        """A message that is no card."""
        rich = self._texts.render(language, Screen(((text,),)))
        try:
            await self._send(chat_id, rich)
        except TelegramError as error:
            await self._failed(chat_id, "say", error)

    async def toast(self, query: str, language: str, text: Text | None) -> None:
        """Answer a tap without showing a card."""
        await self._answer(query, Reply(language, None, text))

    async def _show(self, card: Card) -> None:
        rich = self._texts.render(card.language, card.screen)
        try:
            shown = await self._draw(card, rich)
        except TelegramError as error:
            await self._failed(card.chat_id, "card", error)
            return
        failpoints.reached("after_card")
        if card.kept:
            await self._mark(Mark(card.chat_id, card.version, shown.message, shown.at))

    async def _mark(self, mark: Mark) -> None:
        """Remember that a card stands in its chat; those of the same moment share one statement."""
        self._marks.append(mark)
        if self._marking is None:
            self._marking = asyncio.ensure_future(self._write_marks())  # noqa: TID251 - awaited by all who share it
        await asyncio.shield(self._marking)

    async def _write_marks(self) -> None:
        try:
            while self._marks:
                marks, self._marks = self._marks, []
                try:
                    await self._database.run(partial(chats.shown, marks=marks))
                except DatabaseAway:
                    self._marks = [*marks, *self._marks]
                    raise
        finally:
            self._marking = None

    async def _draw(self, card: Card, rich: Rich) -> Shown:
        """The message that is the card now."""
        if card.edit is not None:
            edit = card.edit
            try:
                return await self._gate.send(lambda: calls.edit(self._bot, card.chat_id, edit, rich, card.version))
            except BadRequest as error:
                if UNCHANGED in error.message.lower():
                    return Shown(edit, None)
                # It was deleted, or is no message of ours: a new one takes its place.
        return await self._send(card.chat_id, rich, card.version)

    async def _send(self, chat_id: int, rich: Rich, version: int = 0) -> Shown:
        try:
            return await self._gate.send(lambda: calls.send(self._bot, chat_id, rich, version))
        except BadRequest as error:
            if not rich.spans or "entit" not in error.message.lower():
                raise
            log.get().error("entities_refused")  # a mistake of ours: the words must arrive all the same
        return await self._gate.send(lambda: calls.send(self._bot, chat_id, rich, version, plain=True))

    async def _answer(self, query: str, reply: Reply) -> None:
        text = self._texts.label(reply.language, reply.toast)[:TOAST_LIMIT] if reply.toast is not None else None
        try:
            await self._gate.send(lambda: calls.answer(self._bot, query, text))
        except BadRequest:
            pass  # older than the messenger remembers: nobody waits for it
        except TelegramError as error:
            log.get().warning("send_failed", what="toast", error=type(error).__name__)

    async def _strip(self, chat_id: int, message: int) -> None:
        try:
            await self._gate.send(lambda: calls.strip(self._bot, chat_id, message))
        except BadRequest:
            pass  # it is gone, or has no buttons any more
        except TelegramError as error:
            log.get().warning("send_failed", what="strip", error=type(error).__name__)

    async def _failed(self, chat_id: int, what: str, error: TelegramError) -> None:
        if isinstance(error, Forbidden | BadRequest):  # nothing reaches this chat until the person writes again
            now = self._clock()
            await self._database.run(lambda tx: chats.blocked(tx, chat_id, now))
        kind = (
            "not_sent"
            if isinstance(error, NotSent)
            else "unknown"
            if isinstance(error, OutcomeUnknown)
            else "refused"
        )
        log.get().warning("send_failed", what=what, outcome=kind, error=type(error).__name__)
