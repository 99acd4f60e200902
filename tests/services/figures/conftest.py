"""An open database of each kind, and one of the quick kind for what is not about databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database, open_database
from tests.services.talk import Table

Town = Connection
"""A transaction on an empty town; nothing of it stays."""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with all tables and no rows, once of each kind."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def town(table: Table) -> Iterator[Town]:
    """A transaction that is taken back in the end."""
    table.driver.execute("BEGIN IMMEDIATE")
    yield table.connection
    table.driver.execute("ROLLBACK")
