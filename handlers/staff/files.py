"""Calendar files: fetched only from those of the team who are asked for one."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.content.calendar_file import LARGEST
from bot.services.staff import receiving
from bot.telegram.desk import Desk
from handlers.participant.commands import PRIVATE
from handlers.participant.other import only_words

CALENDAR = filters.Document.FileExtension("ics") | filters.Document.MimeType("text/calendar")


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """A document that looks like a calendar."""

    async def received(update: Update, context: object) -> None:
        message = update.message
        if message is None or message.document is None or not await desk.asks(update, receiving.wanted):
            await only_words(desk)(update, context)
            return
        data = None
        if (message.document.file_size or 0) <= LARGEST:
            file = await message.document.get_file()
            if (file.file_size or 0) <= LARGEST:  # the messenger's own count: what the phone says may be wrong
                data = bytes(await file.download_as_bytearray())
        await desk.reply(update, receiving.receive, data, desk.written(message))

    return [MessageHandler(PRIVATE & ~filters.FORWARDED & CALENDAR, received)]
