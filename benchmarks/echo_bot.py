"""A bare echo: one sendMessage for each text."""

from __future__ import annotations

from telegram import Update
from telegram.ext import MessageHandler, filters

from benchmarks.bare import run


async def echo(update: Update, _: object) -> None:
    """Sends the same text back."""
    message = update.effective_message
    if message is not None:
        await message.reply_text(message.text or "")


if __name__ == "__main__":
    run(MessageHandler(filters.TEXT, echo))
