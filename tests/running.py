"""The whole bot in a test: real HTTP to the simulator, a real database, phones that act like people."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot import app, clock, reload
from bot.content.loader import Content
from bot.settings import Settings, read
from tests import databases
from tests.phones import Phones

if TYPE_CHECKING:
    from bot.simulator.server import Simulator

TOKEN = "1234567890:test-token-of-the-simulator-and-no-other"
CONTENT = Path(__file__).parent.parent / "content"
SEVERAL = 6
"""How many contents are kept."""


_read = reload.read
_known: OrderedDict[tuple[object, ...], tuple[Content, int]] = OrderedDict()


def read_once(folder: Path, town: str, service: str | None = None) -> tuple[Content, int]:
    """The result of `reload.read` for these files as they are now, shared between a test's bots.

    The same files in another folder are the same content.
    """
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    known = town, service, *((str(one.relative_to(folder)), sha256(one.read_bytes()).digest()) for one in files)
    if known not in _known:
        _known[known] = _read(folder, town, service)
        if len(_known) > SEVERAL:
            _known.popitem(last=False)
    _known.move_to_end(known)
    return _known[known]


@functools.cache
def minden() -> Content:
    """The town as it is shipped."""
    return read_once(CONTENT, "minden")[0]


@dataclass(frozen=True)
class Lotse:
    """A running bot."""

    settings: Settings
    phones: Phones
    simulator: Simulator


def settings_for(simulator: Simulator, data: Path, database_url: str = "", **more: Any) -> Settings:
    """Settings of a bot that talks to the simulator, independent of the environment. Its tables exist."""
    given: dict[str, Any] = {
        "_env_file": None,
        "bot_token": SecretStr(TOKEN),
        "telegram_api_url": simulator.url,
        "data_dir": data,
        "database_url": database_url or databases.sqlite_with_tables(data / "lotse.db"),
        "key_file": databases.KEY_FILE,
        "content_dir": CONTENT,
        "flood_limit": 0,
    }
    return read(**(given | more))


@contextlib.asynccontextmanager
async def running(
    settings: Settings, now: Callable[[], datetime] = clock.now, moved: asyncio.Event | None = None
) -> AsyncIterator[None]:
    """A bot that runs as long as the block. Its errors end the test. `moved`: its clock has jumped."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as nursery:
        nursery.create_task(app.run(settings, stop, clock=now, clock_moved=moved))
        try:
            yield
        finally:
            stop.set()
