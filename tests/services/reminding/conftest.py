"""The small town of the seat tests, with Minden's reminders, on a database of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.content.loader import Content
from bot.db.engine import open_database
from tests.services.seating.town import Town, with_offers


@pytest.fixture
async def town(database_url: str, content: Content) -> AsyncIterator[Town]:
    """Everything is planned, nobody is registered."""
    database = await open_database(database_url)
    town = Town(database, with_offers(content))
    await town.begin()
    yield town
    await database.close()
