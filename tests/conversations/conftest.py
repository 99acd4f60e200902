"""One bot for each module, the flag that refreshes golden conversations, and the log."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog

from bot import log
from bot.simulator.server import Simulator
from tests.conversations.by_hand import Looks, by_hand
from tests.phones import Phones
from tests.running import TOKEN, Lotse, running, settings_for

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write the golden conversations anew")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lotse(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lotse]:
    """The whole bot on SQLite, one for all tests of a module. Each test brings its own people."""
    async with Simulator(token=TOKEN) as simulator, Phones(simulator.url, simulator.app) as phones:
        settings = settings_for(simulator, tmp_path_factory.mktemp("lotse"))
        async with running(settings):
            yield Lotse(settings, phones, simulator)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a conversation with the stored one. `--refresh-golden` stores the new one instead."""

    def compare(persona: str, transcript: str) -> None:
        path = GOLDEN / f"{persona}.txt"
        # pytest does not know the flag if it was started on the whole tree. Then nothing is refreshed.
        if request.config.getoption("--refresh-golden", default=False):
            path.parent.mkdir(exist_ok=True)
            path.write_text(transcript, encoding="utf-8")
        assert transcript == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Everything that the bot logs, at the most verbose level."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.set_up("DEBUG", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """The clock's look at broadcasts, triggered by the test."""
    return by_hand(monkeypatch)
