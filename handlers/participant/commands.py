"""The commands of the menu."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, MessageHandler, filters

from bot.services import messages
from bot.services.phones import carrying
from bot.services.rights import own_data, rights
from bot.services.staff.members import inviting
from bot.telegram.desk import Desk

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """`/start` with its payload, `/forget`, `/mydata`, `/code`, and the commands that show a screen."""

    async def start(update: Update, context: Any) -> None:  # noqa: ANN401 - the library's context
        payload = context.args[0] if context.args else None
        await desk.reply(update, inviting.start, payload)

    async def forget(update: Update, _: object) -> None:
        await desk.reply(update, rights.ask_to_forget)

    async def mydata(update: Update, _: object) -> None:
        await desk.reply(update, own_data.ask)

    async def code(update: Update, _: object) -> None:
        if update.message is not None:
            await desk.reply(update, carrying.command, desk.written(update.message))

    async def command(update: Update, _: object) -> None:
        text = update.effective_message.text or "" if update.effective_message is not None else ""
        name = text.split()[0].lstrip("/").split("@")[0].lower()
        await desk.reply(update, messages.command, name)

    return [
        CommandHandler("start", start, filters=PRIVATE),
        CommandHandler("forget", forget, filters=PRIVATE),
        CommandHandler("mydata", mydata, filters=PRIVATE),
        CommandHandler("code", code, filters=PRIVATE),
        MessageHandler(PRIVATE & filters.COMMAND, command),
    ]
