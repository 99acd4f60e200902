"""The clock's look at broadcasts, triggered by the test, so that a page has the same text each time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.telegram import wakes
from bot.telegram.wakes import Wakes
from tests.phones import LIMIT, Phone

Looks = Callable[[], Awaitable[None]]
"""Plans deliveries, reports finished broadcasts, and shows followers the progress."""
NEVER = 24 * 3600.0
"""Seconds. Longer than any test."""


def by_hand(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """From now on a bot looks after broadcasts only when it is told to."""
    running: list[Wakes] = []
    start = Wakes.start

    def started(one: Wakes) -> None:
        running.append(one)
        start(one)

    monkeypatch.setattr(wakes, "BROADCAST_SECONDS", NEVER)
    monkeypatch.setattr(Wakes, "start", started)

    async def looks() -> None:
        await running[-1].look_after_broadcasts()

    return looks


def page(phone: Phone) -> str:
    """The card with buttons on a phone, whatever follows below it."""
    cards = (one for one in reversed(phone.state["messages"]) if "reply_markup" in one)
    return next((str(one.get("text", "")) for one in cards), "")


async def follows(looks: Looks, phone: Phone, hope: str) -> None:
    """Redraws the page on a phone until it says that. A look while the bot answers that phone shows nothing."""
    async with asyncio.timeout(LIMIT):
        while hope not in page(phone):
            await looks()
            await phone.look()
