"""All faults at once while the sender is killed, on SQLite; a file of its own runs beside its sister."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.amounts import seed
from tests.databases import sqlite_with_tables
from tests.faults.killing import survive

pytestmark = pytest.mark.faults


@pytest.mark.row(2, 3, 6, 9, 11)
async def test_in_a_storm_none_is_lost_and_what_may_come_twice_was_marked(tmp_path: Path) -> None:
    await survive(sqlite_with_tables(tmp_path / "lotse.db"), tmp_path, seed(20261125))
