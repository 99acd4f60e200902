"""An evening on which new openings are announced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.content.loader import Content
from tests.services.broadcasts import Office, office
from tests.services.openings.scene import TUESDAY


@pytest.fixture
def desk(content: Content) -> Iterator[Office]:
    """An empty database, a quarter of an hour before the rule's hour."""
    with office(content) as found:
        found.now = TUESDAY - timedelta(minutes=15)
        yield found
