"""A town on the fast database, for tests that are not about databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.services.talk import Table

Town = Connection
"""A transaction on an empty town. Nothing of it stays."""


@pytest.fixture
def town(table: Table) -> Iterator[Town]:
    """A transaction that is rolled back in the end."""
    table.driver.execute("BEGIN IMMEDIATE")
    yield table.connection
    table.driver.execute("ROLLBACK")
