"""What cannot be an answer: pictures, voices, stickers, forwarded and edited messages. Each gets a friendly word."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.services import messages
from bot.telegram.desk import Desk

PRIVATE = filters.ChatType.PRIVATE


def notice(desk: Desk, name: str) -> Any:  # noqa: ANN401 - the library's callback type
    """The handler that answers with this friendly word."""

    async def unreadable(update: Update, _: object) -> None:
        if update.message is not None:
            await desk.reply(update, messages.unreadable, name, desk.written(update.message))

    return unreadable


def only_words(desk: Desk) -> Any:  # noqa: ANN401 - the library's callback type
    """The handler that answers that words or buttons are needed."""
    return notice(desk, "only_words")


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Edited, forwarded, and everything without words."""

    async def edited(update: Update, _: object) -> None:
        if update.edited_message is not None:
            await desk.reply(update, messages.edited, desk.written(update.edited_message))

    return [
        MessageHandler(PRIVATE & filters.UpdateType.EDITED_MESSAGE, edited),
        MessageHandler(PRIVATE & filters.UpdateType.MESSAGE & filters.FORWARDED, notice(desk, "forwarded")),
        MessageHandler(
            PRIVATE & filters.UpdateType.MESSAGE & ~filters.TEXT & ~filters.StatusUpdate.ALL, only_words(desk)
        ),
    ]
