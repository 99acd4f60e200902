"""What Telegram shows around the chat: the command menu and the bot's description, in each language."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot import log
from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.services.view import ui

COMMANDS = (
    *("start", "offers", "events", "mine", "profile", "settings"),
    *("language", "pause", "privacy", "help", "forget", "imprint"),
)
LONGEST_DESCRIPTION = 512
LONGEST_ABOUT = 120


class Menu:
    """Tells Telegram what has changed since it was told last: whoever repeats too much is told to wait, for hours."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._told: dict[str, _Around] = {}

    async def keep(self, shelf: Shelf) -> None:
        """Publish the menu of the current content, and of each that takes its place, for ever."""
        content = shelf.content
        while True:
            await self.publish(content)
            content = await shelf.other_than(content)

    async def publish(self, content: Content) -> None:
        """German stands where a phone speaks none of our languages. A failure is only logged."""
        try:
            for language in content.languages:
                await self._tell("" if language == content.languages[0] else language, _around(content, language))
        except TelegramError as error:
            log.get().warning("menu_not_published", error=type(error).__name__)

    async def _tell(self, code: str, now: _Around) -> None:
        if self._told.get(code) == now:
            return
        commands = [BotCommand(name, text) for name, text in now.commands]
        await asyncio.gather(
            self._bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=code),
            self._bot.set_my_description(now.description, language_code=code),
            self._bot.set_my_short_description(now.about, language_code=code),
        )
        self._told[code] = now


@dataclass(frozen=True, slots=True)
class _Around:
    """What is shown in one language."""

    commands: tuple[tuple[str, str], ...]
    description: str
    about: str


def _around(content: Content, language: str) -> _Around:
    def text(key: str) -> str:
        return content.texts.label(language, ui(key))

    return _Around(
        commands=tuple((name, text(f"command.{name}")) for name in COMMANDS),
        description=text("bot.description")[:LONGEST_DESCRIPTION],
        about=text("bot.about")[:LONGEST_ABOUT],
    )
