"""Pictures and files for a broadcast: looked at only while a member is composing one."""

from __future__ import annotations

from typing import Any

from telegram import Bot, Message, Update
from telegram.error import BadRequest
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.core.message import Medium
from bot.services.staff.broadcasts import attaching
from bot.services.staff.broadcasts.attaching import Offered
from bot.telegram.desk import Desk
from bot.telegram.judging import TOO_BIG
from handlers.participant.commands import PRIVATE
from handlers.participant.other import only_words
from handlers.staff.files import CALENDAR

THINGS = filters.PHOTO | filters.Document.ALL | filters.Sticker.ALL | filters.VIDEO | filters.VOICE | filters.AUDIO


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Whatever could be meant to go with a broadcast."""

    async def received(update: Update, context: object) -> None:
        message = update.message
        if message is None or not await desk.asks(update, attaching.wanted):
            await only_words(desk)(update, context)
            return
        await desk.reply(update, attaching.receive, await _offered(message), desk.written(message))

    fits = PRIVATE & ~filters.FORWARDED & ~CALENDAR & (THINGS | filters.VIDEO_NOTE)
    return [MessageHandler(filters.UpdateType.MESSAGE & fits, received)]


async def _offered(message: Message) -> Offered:
    """What came, with the messenger's own count of its bytes, since what the sender's phone claims may be wrong."""
    bot, group = message.get_bot(), message.media_group_id
    if message.photo:
        photo = message.photo[-1]
        size = await _size(bot, photo.file_id)
        return Offered(Medium.PHOTO, photo.file_id, photo.file_unique_id, size=size, group=group)
    file = None if message.animation else message.document
    if file is None:
        return Offered(None)
    size = file.file_size or 0
    size = size if size > attaching.LARGEST else await _size(bot, file.file_id)
    name, mime = file.file_name or "", file.mime_type or ""
    return Offered(Medium.DOCUMENT, file.file_id, file.file_unique_id, name, mime, size, group)


async def _size(bot: Bot, file_id: str) -> int:
    """Bytes of a file; for one too large for Telegram to give to bots, one more than the largest we take."""
    try:
        return (await bot.get_file(file_id)).file_size or 0
    except BadRequest as error:
        return attaching.LARGEST + 1 if TOO_BIG in error.message.lower() else 0
