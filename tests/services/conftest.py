"""The real content, a database, somebody to talk to, and people whom broadcasts reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.content.loader import Content
from bot.services.turn import Turn
from tests.services.broadcasts import Office, crowd, office
from tests.services.talk import Table, Talk, tables


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    """A database. Every talk in it has its own chat."""
    yield from tables(tmp_path_factory.mktemp("talks"))


@pytest.fixture
def new_talk(table: Table, content: Content) -> Callable[[], Talk]:
    """Makes people who have not talked yet."""

    return lambda: Talk(table, content, next(table.chat_ids))


@pytest.fixture
def talk(new_talk: Callable[[], Talk]) -> Talk:
    """A person who has not talked yet."""
    return new_talk()


@pytest.fixture
def speakers() -> dict[str, int]:
    """How many people of `post` speak each language. A test file may override it."""
    return {"de": 3, "ar": 1}


@pytest.fixture
def post(content: Content, speakers: dict[str, int]) -> Iterator[Office]:
    """People who agreed to openings. Speakers of the first language are in chats from 1 on, the second from 11 on."""

    def gather(turn: Turn) -> None:
        for place, (language, number) in enumerate(speakers.items()):
            crowd(turn.connection, number, language, first=1 + 10 * place)

    with office(content) as found:
        found.run(gather)
        yield found
