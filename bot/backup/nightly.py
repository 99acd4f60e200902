"""A backup each night while the bot runs: in a thread, from three in the morning on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from bot import log
from bot.backup import folder, key
from bot.backup.folder import Kept, Last
from bot.backup.making import Order
from bot.backup.refused import BackupRefused, BackupStopped
from bot.clock import Clock
from bot.settings import Settings

AGAIN = timedelta(hours=1)
"""The pause after a failed backup."""
JUMP = timedelta(hours=2)
"""How far a clock may be set back without another backup."""
Night = Callable[[datetime], date]
"""A night begins at this hour, on the town's clocks."""


class Nightly:
    """Makes the backup that is due, if one is."""

    def __init__(self, settings: Settings, clock: Clock, night: Night) -> None:
        self._settings = settings
        self._clock = clock
        self._night = night
        self._not_before: datetime | None = None
        self._stop = threading.Event()

    async def back_up(self) -> None:
        """Makes one if this night has none. A failure is logged and tried again in an hour."""
        now = self._clock()
        if not self._is_due(now):
            return
        try:
            path, last = await asyncio.to_thread(self._make)
        except BackupStopped:
            return
        except BackupRefused as refused:
            self._not_before = now + AGAIN
            log.get().error("backup_failed", error=refused.__cause__ or refused)
            return
        log.get().info("backup_made", name=path.name, seconds=last.seconds, size=last.size, rows=last.rows)

    def stop(self) -> None:
        """Stops the backup that is being made. The next start makes it."""
        self._stop.set()

    def _is_due(self, now: datetime) -> bool:
        if self._not_before is not None and now < self._not_before <= now + AGAIN:
            return False
        # A backup from the far future was made while the clock was wrong.
        made = [at for at, _ in folder.backups(self._settings.backups) if at <= now + JUMP]
        return not made or self._night(made[-1]) != self._night(now)

    def _make(self) -> tuple[Path, Last]:
        return order(self._settings, self._clock).make(self._stop.is_set)


def order(settings: Settings, clock: Clock) -> Order:
    """The backup that the settings ask for.

    Raises:
        BackupRefused: its key cannot be used.
    """
    kept = Kept(settings.backup_daily, settings.backup_weekly, settings.backup_monthly)
    place = settings.backups
    return Order(settings.database_url, place, key.read(settings.backup_key_file), place, clock, kept)
