"""The intake in tests, with work of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from bot.db.engine import Database
from bot.telegram.flood import Flood
from bot.telegram.intake import Attempt, Delivered, Intake

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def update(number: int, chat_id: int = 1, **more: Any) -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat_id}, **more}}


Work = Callable[[Delivered, Attempt], Awaitable[None]]


@asynccontextmanager
async def working(database: Database, work: Work) -> AsyncIterator[Intake]:
    """An intake with this work. At the end the block waits for what is queued."""
    async with asyncio.TaskGroup() as nursery:
        intake = Intake(database, work, nursery, clock=lambda: NOW, flood=Flood(0))
        await intake.recover()
        yield intake
