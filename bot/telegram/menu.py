"""What Telegram shows around the chat: the command menu and the bot's description, in each language."""

from __future__ import annotations

import asyncio

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot import log
from bot.content.loader import Content
from bot.services.view import ui

COMMANDS = ("start", "profile", "language", "pause", "privacy", "help", "forget", "imprint")
LONGEST_DESCRIPTION = 512
LONGEST_ABOUT = 120


async def publish(bot: Bot, content: Content) -> None:
    """Tell Telegram; German stands where a phone speaks none of our languages. A failure is only logged."""
    try:
        for language in content.languages:
            await _publish(bot, content, language, "" if language == content.languages[0] else language)
    except TelegramError as error:
        log.get().warning("menu_not_published", error=type(error).__name__)


async def _publish(bot: Bot, content: Content, language: str, code: str) -> None:
    def text(key: str) -> str:
        return content.texts.label(language, ui(key))

    commands = [BotCommand(name, text(f"command.{name}")) for name in COMMANDS]
    await asyncio.gather(
        bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=code),
        bot.set_my_description(text("bot.description")[:LONGEST_DESCRIPTION], language_code=code),
        bot.set_my_short_description(text("bot.about")[:LONGEST_ABOUT], language_code=code),
    )
