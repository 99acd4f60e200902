"""Chats of people who erased themselves are cleared: our messages go there as well, as far as Telegram allows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import log
from bot.clock import Clock
from bot.db.engine import Database
from bot.db.rights import erasure, leaving
from bot.db.rights.leaving import Going
from bot.telegram import calls
from bot.telegram.gate import Gate

AT_ONCE = 30


class Clearing:
    """Deletes what rows name, and then the rows: a kill in between deletes a message twice, which does no harm."""

    def __init__(self, bot: Bot, database: Database, gate: Gate, clock: Clock) -> None:
        self._bot = bot
        self._database = database
        self._gate = gate
        self._clock = clock

    async def step(self) -> None:
        """Delete what waits, until nothing does or Telegram is away."""
        while found := await self._database.run(lambda tx: leaving.going(tx, AT_ONCE)):
            done = [one for one in found if await self._is_gone(one)]
            await self._database.run(partial(self._settle, done=done))
            if len(done) < len(found):
                return

    def _settle(self, connection: Connection, done: Sequence[Going]) -> None:
        leaving.gone(connection, done, self._clock())
        erasure.scrub(connection, erasure.LOG)

    async def _is_gone(self, one: Going) -> bool:
        """Whether there is nothing left to do about a message: it is deleted, or Telegram will never do so."""
        try:
            await self._gate.send(lambda: calls.delete(self._bot, one.chat_id, one.message_id), one.chat_id)
        except (BadRequest, Forbidden):
            return True
        except TelegramError as error:
            log.get().warning("send_failed", what="clearing", error=type(error).__name__)
            return False
        return True
