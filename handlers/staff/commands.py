"""`/staff`: the staff desk. Its buttons are a card's, as everybody's are (`handlers.participant.card`)."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler

from bot.services.staff import desk as staff_desk
from bot.telegram.desk import Desk
from handlers.participant.commands import PRIVATE


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """The staff's one command."""

    async def staff(update: Update, _: object) -> None:
        await desk.reply(update, staff_desk.open_desk)

    return [CommandHandler(staff_desk.COMMAND, staff, filters=PRIVATE)]
