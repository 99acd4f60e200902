"""The content as a whole: read, rehearsed, and taken over while the bot runs. What has a fault changes nothing."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from bot import log
from bot.clock import Clock
from bot.content.comparison.outline import outline
from bot.content.faults import Fault, Level
from bot.content.loader import Content, load
from bot.content.shelf import Shelf
from bot.db import content_runs
from bot.db.engine import Database, DatabaseAway
from bot.refusal import ForOperator
from bot.run_file import RunFile
from bot.services.offers.synchronising import synchronise
from bot.services.rehearsals import rehearsal
from bot.services.turn import Turn
from bot.settings import Settings, existing_town

FEW = 5
"""As many faults as one line of the log names."""
PAUSE = 2.0
"""Seconds between two tries while the database is away."""


class ContentRefused(ForOperator):
    """The content has faults that forbid its use; the text names them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.errors = tuple(one for one in faults if one.level is Level.ERROR)


def read(folder: Path, town: str, service: str | None = None) -> tuple[Content, int]:
    """The town's content, and how many warnings there are: gaps in a translation, mostly.

    `service`: see `load`.

    Raises:
        ContentRefused: with every fault in one line each.
        SettingsRefused: there is no such folder.
    """
    loaded = load(*existing_town(folder, town), service)
    faults = [*loaded.faults, *(rehearsal.cards(loaded.content) if loaded.content is not None else ())]
    if loaded.content is None or any(fault.level is Level.ERROR for fault in faults):
        raise ContentRefused(faults)
    return loaded.content, sum(fault.level is Level.WARNING for fault in faults)


def load_content(settings: Settings) -> Content:
    """The content of the settings; gaps in a translation are only warned about.

    Raises:
        ContentRefused, SettingsRefused: as `read` does.
    """
    content, gaps = read(settings.content_dir, settings.town, settings.translator_outside)
    if gaps:
        log.get().warning("content_gaps", count=gaps, see="lotse check")
    return content


class Reload:
    """Takes changed content over when it is asked to: off the event loop, checked first, as a whole or not at all."""

    def __init__(self, settings: Settings, shelf: Shelf, run_file: RunFile, wanted: asyncio.Event) -> None:
        self._settings = settings
        self._shelf = shelf
        self.run_file = run_file
        self._wanted = wanted

    async def work(self) -> None:
        """Do it whenever it is wanted; what is wanted while it is being done is done once more."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            began = time.monotonic_ns()
            refused = await self._take_over()
            self.run_file.say(self._shelf.content.revision, began, refused)

    async def _take_over(self) -> tuple[str, ...]:
        """Why the content was refused; nothing where it was taken over."""
        try:
            content = await asyncio.to_thread(load_content, self._settings)
        except ContentRefused as refused:
            places = [f"{fault.file}:{fault.line}" for fault in refused.errors[:FEW]]
            log.get().error("content_refused", count=len(refused.errors), first=places)
            return tuple(map(str, refused.errors[:FEW]))
        except Exception as error:  # noqa: BLE001 - whatever it is, the bot goes on with what it has
            log.get().error("content_refused", count=1, error=error)
            return (f"{type(error).__name__}: {error}",)
        self._shelf.put(content)
        log.get().info("content_taken", revision=content.revision)
        return ()


async def record(database: Database, shelf: Shelf, clock: Clock) -> None:
    """Write into the database which content runs, now and after every change, for ever."""
    content = shelf.content
    while True:
        try:
            await database.run(partial(_write_down, content, clock()))
        except DatabaseAway:
            log.get().warning("database_away", what="content_run")
            await asyncio.sleep(PAUSE)
            content = shelf.content
            continue
        except Exception as error:  # noqa: BLE001 - nobody who answers needs this row
            log.get().error("content_not_recorded", error=error)
        content = await shelf.other_than(content)


def _write_down(content: Content, now: datetime, connection: Connection) -> None:
    content_runs.record(connection, content.town.id, content.revision, outline(content), now)
    report = synchronise(Turn(connection, content, now))
    if report.added or report.moved or report.cancelled or report.restored or report.removed:
        log.get().info(
            "meetings_taken",
            added=len(report.added),
            moved=len(report.moved),
            cancelled=len(report.cancelled),
            removed=len(report.removed),
        )


async def let_go(shelf: Shelf) -> None:
    """After every change of files: free the former ones, for ever. They are full of cycles and seldom looked for.

    What staff say is laid over the files and is small. It changes with each step at the desk, and nobody waits for
    the collector there.
    """
    files = shelf.files
    while True:
        await shelf.other_than(shelf.content)
        if shelf.files is files:
            continue
        await asyncio.sleep(0)  # whoever waited for the change has hold of the new one after this
        files = shelf.files
        gc.unfreeze()
        settle_memory()


def settle_memory() -> None:
    """What is in memory now is there to stay: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
