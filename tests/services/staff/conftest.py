"""Each test begins with an empty team."""

from __future__ import annotations

import pytest

from tests.services.staff.people import clear
from tests.services.talk import Talk


@pytest.fixture(autouse=True)
def nobody(talk: Talk) -> None:
    """Nobody is staff yet."""
    clear(talk)


@pytest.fixture
def empty(talk: Talk) -> None:
    """Nobody takes part yet."""
    talk.table.run(lambda tx: tx.exec_driver_sql("DELETE FROM chat"))
