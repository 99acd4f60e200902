"""Groups and channels, where the bot talks to nobody: a command gets one sentence, all else is ignored."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.services.view import ui
from bot.telegram.desk import Desk


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Commands in groups, and everything else that is not said in private."""

    async def command(update: Update, _: object) -> None:
        await desk.say_in_group(update, ui("group.text"))

    async def ignored(_: Update, __: object) -> None:
        await desk.ignore()

    return [
        MessageHandler(filters.ChatType.GROUPS & filters.UpdateType.MESSAGE & filters.COMMAND, command),
        MessageHandler(filters.ChatType.GROUPS | filters.ChatType.CHANNEL, ignored),
    ]
