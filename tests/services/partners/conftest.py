"""A partner that has a chat."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.content.loader import Content
from tests.services.broadcasts import office
from tests.services.partners.scene import Desk, begin


@pytest.fixture
def desk(content: Content) -> Iterator[Desk]:
    """An empty database and a town in the morning, with Rita, and a partner that has a chat."""
    with office(content) as plain:
        found = Desk(plain._engine, content)
        found.run(begin)
        yield found
