"""What this process, and the machine it runs on, have to say about themselves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from bot import run_file
from bot.backup import folder
from bot.clock import Clock
from bot.db.engine import address
from bot.services.health.seen import Seen
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.translation.translator import MachineTranslator

Tries = Callable[[datetime], tuple[int, int]]
"""How many deliveries were tried lately, and how many of them failed."""


def version() -> str:
    """Which Lotse this is."""
    try:
        return metadata.version("lotse")
    except metadata.PackageNotFoundError:  # run from its folder
        return "unknown"


def last_backup(settings: Settings) -> datetime | None:
    """When the last backup was made; None where none is known."""
    found = folder.last_backup(settings.backups)
    return None if found is None else found.made_at


class Watch:
    """The running process, seen from inside."""

    def __init__(self, settings: Settings, clock: Clock, translator: MachineTranslator | None) -> None:
        self._settings = settings
        self._clock = clock
        self._translator = translator
        self.version = version()
        self.started_at = clock()
        self.tries: Tries = lambda _: (0, 0)

    def seen(self) -> Seen:
        """What there is to be seen now."""
        tried, failed = self.tries(self._clock())
        return Seen(
            self.version,
            self.started_at,
            bool(self._settings.webhook_url),
            self._settings.translator,
            None if self._translator is None else self._translator.failing,
            disk_free(places(self._settings)),
            last_backup(self._settings),
            tried,
            failed,
            self._settings.backup_daily > 0,
        )


def from_outside(settings: Settings) -> Seen:
    """The Lotse that runs on DATA_DIR as another process sees it; `started_at` None where none does."""
    found = run_file.running(settings.data_dir)
    return Seen(
        (found.version if found is not None else "") or version(),
        datetime.fromisoformat(found.started_at) if found is not None and found.started_at else None,
        found.webhook if found is not None else bool(settings.webhook_url),
        settings.translator,
        disk_free=disk_free(places(settings)),
        last_backup=last_backup(settings),
        backs_up=settings.backup_daily > 0,
    )


def places(settings: Settings) -> list[Path]:
    """Where the bot needs room: its backups, and the database where that is a file."""
    at = address(settings.database_url)
    file = at.database if at.get_backend_name() == "sqlite" else None
    return [settings.backups, *([Path(file).parent] if file else [])]


def disk_free(places: Iterable[Path]) -> int | None:
    """Bytes that are free where there are fewest, for an account without special rights; None where nobody knows.

    What is not there yet will be made on the disk of what is above it.
    """
    free = []
    for place in places:
        with suppress(OSError):
            there = next(one for one in (place.absolute(), *place.absolute().parents) if one.exists())
            free.append(shutil.disk_usage(there).free)
    return min(free, default=None)
