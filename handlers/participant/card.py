"""Answers: a tap on a card's button, or words."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.services import messages
from bot.services import taps as taps_service
from bot.services.threads import group
from bot.services.view import ui
from bot.telegram.desk import Desk


def taps_of_others(update: Update) -> bool:
    """Whether a button was pressed by somebody other than the chat's person."""
    chat, person = update.effective_chat, update.effective_user
    return chat is None or person is None or chat.id != person.id


def taps(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Pressed buttons."""

    async def pressed(update: Update, _: object) -> None:
        query = update.callback_query
        if query is not None and query.message is not None and query.message.chat.id < 0:
            await desk.reply(update, group.tap, query.data or "")
            return
        if query is None or query.message is None or taps_of_others(update):
            await desk.say(update, ui("notice.foreign"))
            return
        await desk.reply(update, taps_service.tap, taps_service.Tap(query.data or "", query.message.message_id))

    return [CallbackQueryHandler(pressed)]


def words(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Typed words."""

    async def written(update: Update, _: object) -> None:
        if update.message is not None:
            await desk.reply(update, messages.write, desk.written(update.message))

    return [MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.TEXT, written)]
