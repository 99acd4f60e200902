"""Time travel for the demo: the bot's clock and the phones' jump ahead together, and whatever was due is done.

A jump of a week is walked from one due moment to the next, so that every message comes, and bears its own time.
Going back would make what was sent lie in the future: a new demo begins with an empty data folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from bot import clock
from bot.content.loader import Content
from bot.core.message import Text
from bot.core.offers import Offer
from bot.core.reminders import OF_A_MEETING
from bot.core.timing import Offset, moment
from bot.db import beside
from bot.db.engine import DatabaseRefused
from bot.db.offers import registrations
from bot.db.outbox import deliveries
from bot.simulator.clock import Moment

T = TypeVar("T")
FARTHEST = timedelta(days=400)
STRIDE = timedelta(hours=6)
"""Longest stretch without a look at what is timed but is no row."""
MOST_STOPS = 2_000
MOST_MOMENTS = 3
PATIENCE = 60.0
"""Seconds a stop may take until what is due there is done; a busy disk needs a while."""
PAUSE = 0.05
FILE = "clock.json"


class Travel:
    """The demo's clock: real time and how far it is ahead, which a file in `folder` keeps."""

    def __init__(self, folder: Path, database_url: str, content: Content) -> None:
        self.moved = asyncio.Event()
        self.zone = content.town.zone
        self.going_to: float | None = None
        self._file = folder / FILE
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

    async def moments(self) -> Sequence[Moment]:
        """The day before each of the next meetings that somebody has to do with, when its reminders are there."""
        now = self()
        try:
            found = await self._ask(lambda tx: registrations.next_meetings(tx, now, MOST_MOMENTS))
        except DatabaseRefused:  # there is none yet
            return []
        coming = [(self._content.offers[name], at) for name, at in found if name in self._content.offers]
        before = [(offer, self._day_before(offer, at)) for offer, at in coming]
        return [Moment(self._title(offer), at.timestamp()) for offer, at in before if at > now]

    def _title(self, offer: Offer) -> str:
        return self._content.texts.label(self._content.languages[0], Text(f"offers.{offer.id}.title"))

    def _day_before(self, offer: Offer, starts: datetime) -> datetime:
        """When the last rule about the day before speaks; without one it is the meeting's own wall-clock time."""
        rules = [
            one.offset
            for one in self._content.reminders.values()
            if one.anchor in OF_A_MEETING and offer.kind in one.kinds and one.offset.days == -1
        ]
        zone = self._content.town.clock
        return max(moment(one, starts, zone) for one in rules or [Offset(days=-1)])

    async def go(self, to: float) -> None:
        """Jump ahead, with a stop wherever something is due."""
        async with self._on_the_way:
            if to <= self.now():
                raise ValueError(
                    "That is past, and this clock only goes forward."
                    f" To begin again, stop the demo and remove the folder {self._file.parent}."
                )
            if to - self.now() > FARTHEST.total_seconds():
                raise ValueError(f"That is more than {FARTHEST.days} days ahead.")
            self.going_to = to
            try:
                await self._walk(datetime.fromtimestamp(to, UTC))
            finally:
                self.going_to = None

    async def _walk(self, target: datetime) -> None:
        due = await self._be_at(self())
        for _ in range(MOST_STOPS):
            if self() >= target:
                return
            due = await self._be_at(min(target, self() + STRIDE, due or target))
        await self._be_at(target)

    async def _be_at(self, stop: datetime) -> datetime | None:
        """Set the clock, and wait until everything due by then is done. When the next is due; None if not known."""
        self._ahead += max(stop - self(), timedelta(0))
        self._file.write_text(json.dumps({"ahead_seconds": self._ahead.total_seconds()}), encoding="utf-8")
        self.moved.set()
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._rested()
        except TimeoutError:
            return None  # somebody cannot be reached: the rest goes on

    async def _rested(self) -> datetime | None:
        """Wait until nothing is due or on its way. When the next is due."""
        while True:
            with contextlib.suppress(DatabaseRefused):  # the bot has it for itself just now
                busy, due = await self._ask(self._outlook)
                if not (busy or self.moved.is_set()):
                    return due
            await asyncio.sleep(PAUSE)

    def _outlook(self, connection: Connection) -> tuple[bool, datetime | None]:
        """Whether something is due or on its way; when the next delivery or the end of a held seat is due."""
        coming = (deliveries.next_due(connection), registrations.next_hold(connection))
        return deliveries.is_busy(connection, self()), min((one for one in coming if one is not None), default=None)

    async def _ask(self, question: Callable[[Connection], T]) -> T:
        """What the database says. In a thread: the bot, whose loop this is, may have to let go of the file first."""
        return await asyncio.to_thread(beside.read, self._url, question)


def time_in(folder: Path) -> datetime:
    """The time in the demo of that data folder, be it running or not."""
    return clock.now() + _read(folder / FILE)


def _read(file: Path) -> timedelta:
    try:
        seconds = json.loads(file.read_text(encoding="utf-8"))["ahead_seconds"]
        return timedelta(seconds=max(float(seconds), 0.0))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return timedelta(0)
