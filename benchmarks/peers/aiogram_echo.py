"""A bare echo made with aiogram: one sendMessage for each text."""

from __future__ import annotations

import asyncio
import sys

from aiogram import Dispatcher
from aiogram.types import Message
from aiogram_parts import bot_at

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    """Sends the same text back."""
    await message.answer(message.text or "")


if __name__ == "__main__":
    asyncio.run(dispatcher.start_polling(bot_at(sys.argv[1])))
