"""What one of several processes does for the others, without a database."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.db.engine import DatabaseAway
from bot.db.keys import MissingKey
from bot.telegram import together
from bot.telegram.gate import Gate
from bot.telegram.pace import Pace
from bot.telegram.together import Together
from tests.waiting import LIMIT


@pytest.mark.parametrize("error", [DatabaseAway("lost"), MissingKey("update")], ids=["database", "key"])
async def test_what_others_left_and_cannot_be_read_yet_is_tried_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "LEFT_SECONDS", 0.001)
    monkeypatch.setattr(together, "LOOK_SECONDS", 0.001)
    tries, enough = list[int](), asyncio.Event()

    async def take_over() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise error
        enough.set()
        return 0

    nothing, intake = cast("Any", None), cast("Any", SimpleNamespace(take_over=take_over))
    replica = cast("Any", SimpleNamespace(others=0))
    made = Together(nothing, replica, Gate(Pace(30)), nothing, intake, nothing)
    async with asyncio.timeout(LIMIT), asyncio.TaskGroup() as nursery:
        task = nursery.create_task(made.inherit())
        await enough.wait()
        task.cancel()
