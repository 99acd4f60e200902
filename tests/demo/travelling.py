"""The demo in tests: the bot and the phones share one clock, which jumps ahead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot import clock
from bot.simulator.server import Simulator
from bot.travel import Travel
from tests.phones import Phones
from tests.running import TOKEN, Lotse, minden, running, settings_for


class Since(Travel):
    """The clock of a demo that began at that time, whenever the test runs."""

    def __init__(self, began: datetime, folder: Path) -> None:
        super().__init__(folder, f"sqlite:///{folder / 'lotse.db'}", minden())
        self._before_now = clock.now() - began

    def __call__(self) -> datetime:
        """The time in the demo."""
        return super().__call__() - self._before_now


def travel(folder: Path) -> Travel:
    """The clock of the demo in that folder."""
    return Travel(folder, f"sqlite:///{folder / 'lotse.db'}", minden())


@asynccontextmanager
async def demo(folder: Path, began: datetime | None = None) -> AsyncIterator[tuple[Lotse, Travel]]:
    """The bot and the phones with one clock. It starts at the real time, or at `began`."""
    time = travel(folder) if began is None else Since(began, folder)
    async with (
        Simulator(token=TOKEN, clock=time.now, journey=time) as simulator,
        Phones(simulator.url, simulator.app) as phones,
    ):
        lotse = Lotse(settings_for(simulator, folder), phones, simulator)
        async with running(lotse.settings, now=time, moved=time.moved):
            yield lotse, time
