"""What is no answer: pictures, voices, stickers, forwarded and edited messages. Each has its friendly word."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.services import messages
from bot.telegram.desk import Desk

PRIVATE = filters.ChatType.PRIVATE


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Edited, forwarded, and everything without words."""

    def notice(name: str) -> Any:  # noqa: ANN401 - the library's callback type
        async def unreadable(update: Update, _: object) -> None:
            if update.message is not None:
                await desk.reply(update, messages.unreadable, name, desk.written(update.message))

        return unreadable

    async def edited(update: Update, _: object) -> None:
        await desk.reply(update, messages.edited)

    return [
        MessageHandler(PRIVATE & filters.UpdateType.EDITED_MESSAGE, edited),
        MessageHandler(PRIVATE & filters.UpdateType.MESSAGE & filters.FORWARDED, notice("forwarded")),
        MessageHandler(
            PRIVATE & filters.UpdateType.MESSAGE & ~filters.TEXT & ~filters.StatusUpdate.ALL, notice("only_words")
        ),
    ]
