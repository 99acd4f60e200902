"""What the fuzz tests share: one bot for all examples of a module, and its log."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot import log
from bot.telegram import desk, intake
from tests.fuzz.whole import Whole, whole
from tests.running import minden


@dataclass(frozen=True)
class Playing:
    """A bot, and a runner for its coroutines, because hypothesis has none."""

    bot: Whole
    runner: asyncio.Runner


@pytest.fixture(scope="module")
def playing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    """The whole bot without a network. Its log has everything that production would write."""
    content = minden()
    root = logging.getLogger()
    handlers, level, stream = root.handlers[:], root.level, io.StringIO()
    root.handlers = []
    log.set_up("DEBUG", stream)
    folder: Path = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        patch.setattr(desk, "PAUSE", 0)
        patch.setattr(intake, "RETRY_SECONDS", 0)
        stack = contextlib.AsyncExitStack()
        bot = runner.run(stack.enter_async_context(whole(folder, content, stream)))
        yield Playing(bot, runner)
        runner.run(stack.aclose())
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()
