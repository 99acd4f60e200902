"""Clears the chats of people who erased themselves, and what the team's show of them, as far as Telegram allows.

A page of the desk that is too old to be deleted is emptied instead; whoever had it before them is shown it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import log
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Screen
from bot.db.rights import erasure, leaving
from bot.db.rights.leaving import Going
from bot.services.staff.texts import staff_text
from bot.telegram import calls
from bot.telegram.common import Common
from bot.telegram.gate import Gate

AT_ONCE = 30


class Clearing:
    """Deletes the messages that rows name, then the rows: after a kill a message is deleted twice, without harm."""

    def __init__(self, common: Common, bot: Bot, gate: Gate) -> None:
        self._common = common
        self._bot = bot
        self._gate = gate
        self.owed: Callable[[int], None] = lambda _: None
        """Told of a chat whose card has gone."""

    async def step(self) -> None:
        """Delete what waits, until nothing does or Telegram is away."""
        while found := await self._common.database.run(lambda tx: leaving.going(tx, AT_ONCE)):
            done = [one for one in found if await self._is_gone(one)]
            for chat_id in await self._common.database.run(partial(self._settle, done=done)):
                self.owed(chat_id)
            if len(done) < len(found):
                return

    def _settle(self, connection: Connection, done: Sequence[Going]) -> list[int]:
        owed = leaving.gone(connection, done, self._common.clock())
        erasure.scrub(connection, erasure.LOG)
        return owed

    async def _is_gone(self, one: Going) -> bool:
        """Whether there is nothing left to do about a message: it is deleted, or Telegram will never do so."""
        try:
            where = one.chat_id, one.message_id
            deleted = await self._gate.send(lambda: calls.delete(self._bot, *where), one.chat_id)
            if one.page and not deleted:
                nothing = Screen(((staff_text("page.emptied"),),))
                rich = self._common.content.texts.render(SOURCE_LANGUAGE, nothing)
                await self._gate.send(lambda: calls.edit(self._bot, *where, rich, ""), one.chat_id)
        except (BadRequest, Forbidden):
            return True
        except TelegramError as error:
            log.get().warning("send_failed", what="clearing", error=type(error).__name__)
            return False
        return True
