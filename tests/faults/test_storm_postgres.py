"""All faults at once while the sender is killed, on PostgreSQL; a file of its own runs beside its sister."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.amounts import seed
from tests.faults.killing import survive

pytestmark = [pytest.mark.faults, pytest.mark.postgres]


@pytest.mark.row(2, 3, 6, 9, 11)
async def test_in_a_storm_none_is_lost_and_what_may_come_twice_was_marked(postgres_url: str, tmp_path: Path) -> None:
    await survive(postgres_url, tmp_path, seed(20261126))
