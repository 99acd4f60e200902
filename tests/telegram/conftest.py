"""What the edge to Telegram needs in a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.db.engine import Database, open_database
from bot.telegram import desk as desk_module
from bot.telegram.common import Common
from bot.telegram.desk import Desk, note_error
from bot.telegram.presenter import Presenter
from tests import databases
from tests.telegram import post_office
from tests.telegram.fake_telegram import FakeTelegram, application
from tests.telegram.office import NOW, Office


@pytest.fixture(autouse=True)
def _time_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot gives waiting times as timedelta, as `bot.app` configures it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An open one, with no rows."""
    opened = await open_database(databases.sqlite_with_tables(tmp_path / "lotse.db"))
    yield opened
    await opened.close()


@pytest.fixture
def play(content: Content) -> Callable[..., None]:
    """Plays a scene in a post office, in jumping time."""
    return partial(post_office.play, content)


@pytest.fixture
async def office(database: Database, content: Content, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """A desk that tries again at once."""
    monkeypatch.setattr(desk_module, "PAUSE", 0)
    telegram = FakeTelegram()
    async with application(telegram) as made:
        shelf = Shelf(content)
        presenter = Presenter(made.bot, database, lambda: NOW)
        desk = Desk(Common(database, shelf, lambda: NOW), presenter)
        made.add_error_handler(note_error)
        yield Office(desk, shelf, presenter, database, telegram, made)
