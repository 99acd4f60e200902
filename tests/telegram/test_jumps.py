"""A machine's clock that jumps is noticed, and what is timed is woken at once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot import clock as system_clock
from bot.telegram import jumps
from bot.telegram.common import Common
from bot.telegram.wakes import Wakes
from tests.catalogue import count
from tests.telegram import fake_time
from tests.telegram.fake_time import now
from tests.telegram.post_office import BEGIN

HOUR = timedelta(hours=1)


@pytest.mark.row(27)
@pytest.mark.parametrize("jump", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR])
def test_a_jump_is_told_once_and_a_clock_that_creeps_is_not(jump: timedelta) -> None:
    told: list[float] = []

    def clock() -> datetime:
        return BEGIN + timedelta(seconds=now() * 1.01) + (jump if now() > 600 else timedelta(0))

    async def moved() -> None:
        told.append(now())

    async def scene() -> None:
        watching = asyncio.get_running_loop().create_task(jumps.watch(clock, moved))
        await asyncio.sleep(1200)
        watching.cancel()

    fake_time.run(scene())
    assert len(told) == 1
    assert 600 < told[0] <= 600 + 2 * jumps.LOOK_SECONDS
    count("jumps of a machine's clock", 1)


@pytest.mark.row(27)
async def test_after_a_jump_back_nothing_waits_for_the_clock_to_be_there_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing: Any = None
    wakes = Wakes(Common(nothing, nothing, system_clock.now), nothing, nothing)
    looked: list[str] = []

    async def look(name: str) -> None:
        looked.append(name)

    for name in ("look_after_seats", "look_for_people", "look_after_outbox", "look_after_threads", "upkeep"):
        monkeypatch.setattr(wakes, name, lambda name=name: look(name))
    begin = partial(wakes._scheduler.start, paused=True)  # nobody is to do what is woken here
    monkeypatch.setattr(wakes._scheduler, "start", begin)
    wakes.start()
    jobs = wakes._scheduler.get_jobs()
    for job in jobs:
        job.modify(next_run_time=system_clock.now() + HOUR)  # as it is an hour ahead of a clock that went back
    await wakes.machine_clock_jumped()
    late = [job.id for job in wakes._scheduler.get_jobs() if job.next_run_time > system_clock.now()]
    wakes.stop()
    assert jobs
    assert late == []
    assert len(looked) == 5
