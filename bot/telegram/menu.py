"""What Telegram shows around the chat: the command menu and the bot's description, in each language."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot import log
from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.content.texts import Texts
from bot.services.reply import StaffMenu
from bot.services.staff.desk import COMMAND, commands_of
from bot.services.staff.texts import role_name, staff_text
from bot.services.view import ui
from bot.telegram.gate import waiting_time
from bot.telegram.transport import NO_ANSWER

COMMANDS = (
    *("start", "path", "offers", "events", "openings", "mine", "profile", "settings", "people", "code"),
    *("ask", "language", "pause", "privacy", "mydata", "help", "forget", "imprint"),
)
LONGEST_CODE = 2
"""Letters of a language's code, as Telegram takes it."""
AGAIN = 600.0
"""Seconds before what could not be published is tried again."""
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
            again = await self.publish(content)
            with suppress(TimeoutError):
                content = await asyncio.wait_for(shelf.other_than(content), again)

    async def publish(self, content: Content) -> float | None:
        """German stands where a phone speaks none of our languages, or one that has no code of two letters.

        A failure is only logged; the seconds after which it should be tried again, where that may help.
        """
        again = None
        for language in content.languages:
            code = "" if language == content.languages[0] else language
            if len(code) > LONGEST_CODE:
                continue
            try:
                await self._tell(code, _around(content, language))
            except (TelegramError, *NO_ANSWER) as error:
                log.get().warning("menu_not_published", error=type(error).__name__, language=language)
                if isinstance(error, RetryAfter):
                    return max(waiting_time(error), AGAIN)
                if not isinstance(error, BadRequest):
                    again = AGAIN
        return again

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


async def tell_staff(bot: Bot, texts: Texts, menu: StaffMenu) -> None:
    """A chat's own menu: everybody's commands in its language, and the staff's; without a role it goes.

    A failure is only logged: the next start tells all of them again.
    """
    scope = BotCommandScopeChat(menu.chat_id)
    try:
        if menu.role is None:
            await bot.delete_my_commands(scope=scope)
            return
        own = texts.label(menu.language, staff_text("command.staff", role=role_name(menu.role)))
        pages = [(name, texts.label(menu.language, staff_text(f"command.{name}"))) for name in commands_of(menu.role)]
        await bot.set_my_commands([(COMMAND, own), *pages, *_commands(texts, menu.language)], scope=scope)
    except TelegramError as error:
        log.get().warning("staff_menu_not_published", error=type(error).__name__)


def _commands(texts: Texts, language: str) -> tuple[tuple[str, str], ...]:
    """Those of the menu; a town without paths has none to show."""
    there = [name for name in COMMANDS if name != "path" or any(texts.keys("path."))]
    return tuple((name, texts.label(language, ui(f"command.{name}"))) for name in there)


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
        commands=_commands(content.texts, language),
        description=text("bot.description")[:LONGEST_DESCRIPTION],
        about=text("bot.about")[:LONGEST_ABOUT],
    )
