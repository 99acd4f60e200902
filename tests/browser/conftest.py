"""One Chromium for all browser tests; a simulator and a page for each test.

All tests run in one event loop, because a browser belongs to the loop in which it was started.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.simulator.server import Simulator
from tests.browser.chromium import NoChromium, started
from tests.browser.desk import Desk, Hand, desk_in, hand_of
from tests.running import TOKEN


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium. Without one the test is skipped."""
    try:
        async with started() as running:
            yield running
    except NoChromium as reason:
        pytest.skip(str(reason))


@pytest_asyncio.fixture(loop_scope="session")
async def simulator() -> AsyncIterator[Simulator]:
    """Telegram's side, fresh and empty, with the phones page."""
    async with Simulator(token=TOKEN) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def hand(simulator: Simulator) -> AsyncIterator[Hand]:
    """A bot that the test controls."""
    async with hand_of(simulator) as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, simulator: Simulator) -> AsyncIterator[Desk]:
    """The page in a desktop browser."""
    async with desk_in(browser) as opened:
        await opened.open(simulator.url)
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def narrow_desk(browser: Browser, simulator: Simulator) -> AsyncIterator[Desk]:
    """The page on a real phone, 360 pixels wide."""
    async with desk_in(browser, narrow=True) as opened:
        await opened.open(simulator.url)
        yield opened
