"""`/staff`: the staff desk, and its pages with a command of their own.

The buttons are a card's, as everybody's are (`handlers.participant.card`).
"""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler

from bot.services.staff import desk as staff_desk
from bot.telegram.desk import Desk
from handlers.participant.commands import PRIVATE


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """The staff's commands."""

    async def staff(update: Update, _: object) -> None:
        await desk.reply(update, staff_desk.open_desk)

    async def page(update: Update, _: object) -> None:
        words = update.message.text if update.message is not None else None
        await desk.reply(update, staff_desk.open_page, (words or "").removeprefix("/"))

    return [
        CommandHandler(staff_desk.COMMAND, staff, filters=PRIVATE),
        CommandHandler(list(staff_desk.PAGES), page, filters=PRIVATE),
    ]
