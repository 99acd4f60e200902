"""The clock's look at what goes out to many, at the word of a test: so that a page says the same each time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.telegram import wakes
from bot.telegram.wakes import Wakes
from tests.phones import LIMIT, Phone

Looks = Callable[[], Awaitable[None]]
"""Plans what goes out, says what is out, and shows those who look on how far it is."""
NEVER = 24 * 3600.0
"""Seconds: longer than any test."""


def by_hand(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """From now on a bot looks after broadcasts when it is told to, and never by itself."""
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
    """The card with buttons on a phone, whatever stands below it."""
    cards = (one for one in reversed(phone.state["messages"]) if "reply_markup" in one)
    return next((str(one.get("text", "")) for one in cards), "")


async def follows(looks: Looks, phone: Phone, hope: str) -> None:
    """The page on a phone is drawn anew until it says that; a look while the bot answers that phone shows nothing."""
    async with asyncio.timeout(LIMIT):
        while hope not in page(phone):
            await looks()
            await phone.look()
