"""A town on the quick database, for what is not about databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.services.talk import Table

Town = Connection
"""A transaction on an empty town; nothing of it stays."""


@pytest.fixture
def town(table: Table) -> Iterator[Town]:
    """A transaction that is taken back in the end."""
    table.driver.execute("BEGIN IMMEDIATE")
    yield table.connection
    table.driver.execute("ROLLBACK")
