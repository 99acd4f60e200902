"""Time travel for the demo: the bot's clock and the phones' jump ahead together, and whatever was due is done.

A jump of a week is walked from one due moment to the next, so that every message comes, and bears its own time.
Going back would make what was sent lie in the future: a new demo begins with an empty data folder.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from bot import clock
from bot.content.loader import Content
from bot.core.message import Text
from bot.db import deliveries, registrations
from bot.db.engine import DatabaseRefused
from bot.export import source
from bot.simulator.clock import Moment

T = TypeVar("T")
DAY = timedelta(days=1)
FARTHEST = timedelta(days=400)
STRIDE = timedelta(hours=6)
"""Longest stretch without a look at what is timed but is no row."""
MOST_STOPS = 2_000
MOST_MOMENTS = 3
PATIENCE = 60.0
"""Seconds a stop may take until what is due there is done; a busy disk needs a while."""
PAUSE = 0.05


class Travel:
    """The demo's clock: real time and how far it is ahead, which a file in `folder` keeps."""

    def __init__(self, folder: Path, database_url: str, content: Content) -> None:
        self.moved = asyncio.Event()
        self.zone = content.town.zone
        self._file = folder / "clock.json"
        self._url = database_url
        self._content = content
        self._ahead = _read(self._file)
        self._on_the_way = asyncio.Lock()

    def __call__(self) -> datetime:
        """The time in the demo."""
        return clock.now() + self._ahead

    def now(self) -> float:
        """The time in seconds."""
        return self().timestamp()

    def moments(self) -> Sequence[Moment]:
        """The day before each of the next meetings that somebody has to do with."""
        now = self()
        nothing: list[tuple[str, datetime]] = []
        found = self._ask(lambda tx: registrations.next_meetings(tx, now, MOST_MOMENTS), nothing)
        label = self._content.texts.label
        return [
            Moment(label(self._content.languages[0], Text(f"offers.{name}.title")), (at - DAY).timestamp())
            for name, at in found
            if name in self._content.offers and at - DAY > now
        ]

    async def go(self, to: float) -> None:
        """Jump ahead, with a stop wherever something is due."""
        target = datetime.fromtimestamp(to, UTC)
        async with self._on_the_way:
            if target <= self():
                raise ValueError("That is past. The clock goes forward only: a new demo begins in an empty folder.")
            if target - self() > FARTHEST:
                raise ValueError(f"That is more than {FARTHEST.days} days ahead.")
            for _ in range(MOST_STOPS):
                stop = min(target, self() + STRIDE)
                due = self._next_due()
                if due is not None and self() < due < stop:
                    stop = due
                if stop >= target:
                    break
                await self._be_at(stop)
            await self._be_at(target)

    async def _be_at(self, stop: datetime) -> None:
        """Set the clock, and wait until everything that is due by then is done."""
        self._ahead += max(stop - self(), timedelta(0))
        self._file.write_text(json.dumps({"ahead_seconds": self._ahead.total_seconds()}), encoding="utf-8")
        self.moved.set()
        try:
            async with asyncio.timeout(PATIENCE):
                while self.moved.is_set() or self._ask(self._is_busy, otherwise=False):  # noqa: ASYNC110 - rows have no event
                    await asyncio.sleep(PAUSE)
        except TimeoutError:
            pass  # somebody cannot be reached: the rest goes on

    def _next_due(self) -> datetime | None:
        """When the next delivery or the end of a held seat is due."""
        nothing: list[datetime | None] = []
        found = self._ask(lambda tx: [deliveries.next_due(tx), registrations.next_hold(tx)], nothing)
        return min((one for one in found if one is not None), default=None)

    def _is_busy(self, connection: Connection) -> bool:
        return deliveries.is_busy(connection, self())

    def _ask(self, question: Callable[[Connection], T], otherwise: T) -> T:
        try:
            return source.read(self._url, question)
        except DatabaseRefused:  # there is none yet
            return otherwise


def _read(file: Path) -> timedelta:
    try:
        seconds = json.loads(file.read_text(encoding="utf-8"))["ahead_seconds"]
        return timedelta(seconds=max(float(seconds), 0.0))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return timedelta(0)
