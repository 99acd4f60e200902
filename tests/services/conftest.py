"""The real content, a database, and somebody to talk to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.content.loader import Content
from tests.services.talk import Table, Talk, tables


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    """A database; every talk in it has a chat of its own."""
    yield from tables(tmp_path_factory.mktemp("talks"))


@pytest.fixture
def new_talk(table: Table, content: Content) -> Callable[[], Talk]:
    """Makes people nobody has talked to yet."""

    return lambda: Talk(table, content, next(table.chat_ids))


@pytest.fixture
def talk(new_talk: Callable[[], Talk]) -> Talk:
    """Somebody nobody has talked to yet."""
    return new_talk()
