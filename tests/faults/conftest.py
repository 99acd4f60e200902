"""What the fault suite shares: its light Bot API, its log scan."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator

import pytest

from bot import log
from bot.content.loader import Content
from tests.catalogue import count
from tests.faults import canary, machine, sums
from tests.faults.telegram import Telegram
from tests.running import minden

pytest.register_assert_rewrite("tests.faults.killing")


@pytest.fixture(scope="session")
def town() -> Content:
    """The content the bot runs with."""
    return minden()


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """The light Bot API. Every batch of updates comes twice."""
    async with Telegram() as server:
        yield server


@pytest.fixture(autouse=True)
def own_log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The log of a bot in this process. Whatever the test does, nothing forbidden may be in it.

    Adds what the test has counted to its report, because another process may print the closing table.
    """
    sums.lines.clear()
    before = dict(canary.scanned)
    stream = io.StringIO()
    log.set_up("DEBUG", stream)
    yield stream
    machine.end_all()
    canary.scan(stream.getvalue())
    node: pytest.Item = request.node
    node.user_properties += [("sum", list(line)) for line in sums.lines]
    node.user_properties += [("scanned", [what, n - before[what]]) for what, n in canary.scanned.items()]
    for what, n in canary.scanned.items():
        count(what, n - before[what], 40)
