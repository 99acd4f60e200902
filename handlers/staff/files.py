"""Calendar files: fetched only from members who were asked for one."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.content.calendar_file import LARGEST, TOO_LARGE
from bot.services.staff.offers import receiving
from bot.telegram.desk import Desk
from handlers.participant.commands import PRIVATE
from handlers.participant.other import only_words

CALENDAR = filters.Document.FileExtension("ics") | filters.Document.MimeType("text/calendar")


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """A document that looks like a calendar."""

    async def received(update: Update, context: object) -> None:
        message = update.message
        document = message.document if message is not None else None
        read = await desk.asks(update, receiving.wanted) if document is not None else None
        if message is None or document is None or read is None:
            await only_words(desk)(update, context)
            return
        found = TOO_LARGE
        if (document.file_size or 0) <= LARGEST:
            file = await document.get_file()
            if (file.file_size or 0) <= LARGEST:  # the messenger's own count: what the phone claims may be wrong
                found = await asyncio.to_thread(read, bytes(await file.download_as_bytearray()))
        await desk.reply(update, receiving.receive, found, desk.written(message))

    return [MessageHandler(PRIVATE & ~filters.FORWARDED & CALENDAR, received)]
