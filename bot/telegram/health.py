"""Whether the bot is ready, and the numbers that have to be looked up when somebody asks for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from math import inf
from time import monotonic

from telegram.error import TelegramError

from bot import metrics
from bot.clock import Clock
from bot.db.engine import Database, DatabaseAway
from bot.db.migrate import revision
from bot.db.schema import HEAD
from bot.services.health import vitals
from bot.services.health.seen import Seen
from bot.services.health.vitals import Vitals
from bot.telegram.intake import Intake
from bot.telegram.transport import NO_ANSWER, Transport

LATELY = 120.0
"""Seconds for which Telegram counts as reachable after its last answer, though calls fail since."""
AGAIN = 15.0
"""Seconds after the last try when Telegram is asked because somebody wants to know: nothing else may ask it."""
SECONDS = 15.0
"""Between two looks into the database, however often the numbers are asked for."""
PATIENCE = 5.0
"""Seconds the database may take to say that it is there."""
BEAT = 1.0
NEVER = -inf


class Health:
    """Looks at the parts; `sending` says whether the sender goes on, `ask` asks Telegram anything."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        clock: Clock,
        seen: Callable[[], Seen],
        lines: Sequence[Transport],
        sending: Callable[[], bool],
        ask: Callable[[], Awaitable[object]],
    ) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock
        self._seen = seen
        self._lines = lines
        self._sending = sending
        self._ask = ask
        self._looked_at = -SECONDS

    async def missing(self) -> list[str]:
        """What keeps the bot from working; empty where it is ready."""
        found = []
        try:
            async with asyncio.timeout(PATIENCE):
                # A newer one was made by a newer Lotse that starts beside this one: it only adds.
                if (await self._database.run(revision) or "") < HEAD:
                    found.append("schema")
        except (DatabaseAway, TimeoutError):
            found.append("database")
        if not await self._reachable():
            found.append("telegram")
        if not self._sending():
            found.append("sender")
        if self._intake.full:
            found.append("intake")
        return found

    async def _reachable(self) -> bool:
        """Whether Telegram answers; asked once more where the last try failed some time ago.

        With a webhook nothing calls by itself: who is not ready gets no updates, and would never call again.
        """
        answers, tried_at = self._answers()
        if not answers and NEVER < tried_at < monotonic() - AGAIN:
            with suppress(TelegramError, TimeoutError, *NO_ANSWER):
                async with asyncio.timeout(PATIENCE):
                    await self._ask()
            answers, _ = self._answers()
        return answers

    def _answers(self) -> tuple[bool, float]:
        """Whether the last call found an answer, or one did a moment ago; and when that call was."""
        answered, failed = (
            max(NEVER if at is None else at for at in times)
            for times in zip(*((one.answered_at, one.failed_at) for one in self._lines), strict=True)
        )
        return answered > failed or monotonic() - answered < LATELY, max(answered, failed)

    async def look(self) -> None:
        """Bring the gauges up to date; what cannot be looked up now keeps its last value."""
        metrics.WAITING.set(self._intake.waiting)
        now = monotonic()
        if now - self._looked_at < SECONDS:
            return
        self._looked_at = now
        at, seen = self._clock(), self._seen()
        try:
            _show(await self._database.run(lambda tx: vitals.look(tx, at, seen)), seen)
        except DatabaseAway:
            self._looked_at = -SECONDS


async def feel() -> None:
    """Notice how late the event loop wakes up, for ever."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + BEAT
        await asyncio.sleep(BEAT)
        metrics.LAG.observe(max(loop.time() - due, 0.0))


def _show(found: Vitals, seen: Seen) -> None:
    figures, now = found.figures, found.now
    metrics.PARKED.set(figures.parked)
    for state, number in (("planned", figures.planned), ("due", figures.due), ("claimed", figures.claimed)):
        metrics.OUTBOX.set(number, state)
    metrics.OLDEST_DUE.set(0 if figures.oldest_due is None else (now - figures.oldest_due).total_seconds())
    metrics.DATABASE_SIZE.set(figures.size)
    metrics.SERVING.set(len(figures.serving) or None)
    metrics.DISK_FREE.set(seen.disk_free)
    since = seen.no_backup_since
    metrics.BACKUP_AGE.set(None if since is None else (now - since).total_seconds())
    metrics.STARTED.set(None if seen.started_at is None else seen.started_at.timestamp())
    metrics.BUILD.set(1, seen.version, figures.schema, "webhook" if seen.webhook else "polling")
