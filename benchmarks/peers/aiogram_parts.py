"""What the aiogram bots share: a bot at the load server's address, and the cards."""

from __future__ import annotations

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

QUESTIONS, OPTIONS = 20, 6
TOKEN = "1234567890:a-token-for-benchmarks-and-nothing-else"  # noqa: S105 - made up
ASK = "Was ist Ihr höchster Abschluss?\nAbschlüsse aus allen Ländern zählen."


def bot_at(url: str) -> Bot:
    """A bot that uses the Bot API at `url`."""
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))


def card(number: int) -> tuple[str, InlineKeyboardMarkup]:
    """Text and keyboard of the question with that number, or of the last card."""
    if number == QUESTIONS:
        row = [InlineKeyboardButton(text="Profil", callback_data=f"v{number}.profile")]
        return "Danke!", InlineKeyboardMarkup(inline_keyboard=[row])
    rows = [
        [InlineKeyboardButton(text=f"Schule, {n} oder {n + 1} Jahre", callback_data=f"v{number}.o.{n}")]
        for n in range(OPTIONS)
    ]
    return f"{number + 1} von {QUESTIONS}\n\n{ASK}", InlineKeyboardMarkup(inline_keyboard=rows)
