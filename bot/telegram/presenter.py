"""Replies drawn on Telegram: a tap costs one edit and one answer, words cost one message and one strip of buttons."""

from __future__ import annotations

import asyncio
from datetime import datetime

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import failpoints, log
from bot.clock import Clock
from bot.content.rich import Rich
from bot.content.texts import Texts
from bot.core.message import Screen, Text
from bot.db import chats
from bot.db.engine import Database
from bot.services.reply import Card, Reply
from bot.services.taps import data
from bot.telegram.gate import Gate
from bot.telegram.transport import NotSent, OutcomeUnknown

ENTITY = {"bold": MessageEntity.BOLD, "italic": MessageEntity.ITALIC, "link": MessageEntity.TEXT_LINK}
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
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

    async def present(self, reply: Reply, query: str | None = None) -> None:
        """Show a reply; `query` is the tap that is answered by it.

        An error of the messenger is logged, not raised: the card stays owed, and is shown again later.
        """
        failpoints.reached("before_card")
        calls = []
        if query is not None:
            calls.append(self._answer(query, reply))
        if reply.card is not None:
            calls.append(self._show(reply.card))
            calls += [self._strip(reply.card.chat_id, message) for message in reply.card.strip]
        await asyncio.gather(*calls)

    async def say(self, chat_id: int, language: str, text: Text) -> None:
        """A message that is no card."""
        rich = self._texts.render(language, Screen(((text,),)))
        try:
            await self._gate.send(lambda: self._send(chat_id, rich, None))
        except TelegramError as error:
            await self._failed(chat_id, "say", error)

    async def toast(self, query: str, language: str, text: Text | None) -> None:
        """Answer a tap without showing a card."""
        await self._answer(query, Reply(language, None, text))

    async def _show(self, card: Card) -> None:
        rich = self._texts.render(card.language, card.screen)
        keyboard = _keyboard(rich, card.version)
        try:
            message, at = await self._draw(card, rich, keyboard)
        except TelegramError as error:
            await self._failed(card.chat_id, "card", error)
            return
        failpoints.reached("after_card")
        if card.kept:
            await self._database.run(lambda tx: chats.shown(tx, card.chat_id, card.version, message, at))

    async def _draw(self, card: Card, rich: Rich, keyboard: InlineKeyboardMarkup | None) -> tuple[int, datetime]:
        """The message that is the card now, and Telegram's time of it."""
        if card.edit is not None:
            edit = card.edit
            try:
                edited = await self._gate.send(lambda: self._edit(card.chat_id, edit, rich, keyboard))
            except BadRequest as error:
                if UNCHANGED in error.message.lower():
                    return edit, self._clock().replace(microsecond=0)
                # It was deleted, or is no message of ours: a new one takes its place.
            else:
                return edit, edited.edit_date or edited.date
        sent = await self._gate.send(lambda: self._send(card.chat_id, rich, keyboard))
        return sent.message_id, sent.date

    async def _send(self, chat_id: int, rich: Rich, keyboard: InlineKeyboardMarkup | None) -> Message:
        entities: list[MessageEntity] | None = _entities(rich)
        while True:
            try:
                return await self._bot.send_message(
                    chat_id, rich.text, entities=entities, reply_markup=keyboard, link_preview_options=NO_PREVIEW
                )
            except BadRequest as error:
                if not entities or "entit" not in error.message.lower():
                    raise
                log.get().error("entities_refused")  # a mistake of ours: the words must arrive all the same
                entities = None

    async def _edit(self, chat_id: int, message: int, rich: Rich, keyboard: InlineKeyboardMarkup | None) -> Message:
        edited = await self._bot.edit_message_text(
            rich.text,
            chat_id,
            message,
            entities=_entities(rich),
            reply_markup=keyboard,
            link_preview_options=NO_PREVIEW,
        )
        if not isinstance(edited, Message):
            raise TypeError("an edited message of a chat comes back as a message")
        return edited

    async def _answer(self, query: str, reply: Reply) -> None:
        text = self._texts.label(reply.language, reply.toast)[:TOAST_LIMIT] if reply.toast is not None else None
        try:
            await self._gate.send(lambda: self._bot.answer_callback_query(query, text))
        except BadRequest:
            pass  # older than the messenger remembers: nobody waits for it
        except TelegramError as error:
            log.get().warning("send_failed", what="toast", error=type(error).__name__)

    async def _strip(self, chat_id: int, message: int) -> None:
        try:
            await self._gate.send(lambda: self._bot.edit_message_reply_markup(chat_id, message))
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


def _entities(rich: Rich) -> list[MessageEntity]:
    return [MessageEntity(ENTITY[span.kind], span.offset, span.length, url=span.url) for span in rich.spans]


def _keyboard(rich: Rich, version: int) -> InlineKeyboardMarkup | None:
    if not rich.rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(one.label, url=one.url)
                if one.action is None
                else InlineKeyboardButton(one.label, callback_data=data(version, one.action))
                for one in row
            ]
            for row in rich.rows
        ]
    )
