"""All faults at once while the sender is killed, on SQLite; a file of its own runs beside its sister."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.conftest import amount
from tests.faults.killing import survive

pytestmark = pytest.mark.faults


async def test_in_a_storm_none_is_lost_and_what_may_come_twice_was_marked(tmp_path: Path) -> None:
    await survive(f"sqlite:///{tmp_path / 'lotse.db'}", tmp_path, amount("SEED", 20261125))
