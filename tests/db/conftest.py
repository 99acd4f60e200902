"""An open database of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.db.engine import Database, open_database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with all tables and no rows, once of each kind."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()
