"""Who waits in a test says for what, and hears of it when it does not come."""

from __future__ import annotations

import asyncio
from collections import deque
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.faults import people
from tests.telegram import fake_time
from tests.waiting import until


async def test_what_comes_is_waited_for_and_what_does_not_is_named() -> None:
    looks = deque([0, 0, 1])

    async def is_so() -> int:
        return looks.popleft()

    await until(is_so, "the third look")
    assert not looks
    with pytest.raises(AssertionError, match="waited in vain for snow"):
        await until(list, "snow", limit=0.05)


def test_as_long_as_answers_come_more_of_them_are_waited_for() -> None:
    crowd: Any = SimpleNamespace(confirmed=0)

    async def answers(number: int) -> None:
        for _ in range(number):
            await asyncio.sleep(people.LIMIT - 1)
            crowd.confirmed += 1

    async def scene() -> None:
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(answers(9))
            await people.more_answers(cast("people.Crowd", crowd), 8)
            with pytest.raises(AssertionError, match="waited in vain for 3 more answers"):
                await people.more_answers(cast("people.Crowd", crowd), 3)

    fake_time.run(scene())
