"""Each test begins with an empty team."""

from __future__ import annotations

import pytest

from tests.services.staff.people import clear
from tests.services.talk import Talk


@pytest.fixture(autouse=True)
def nobody(talk: Talk) -> None:
    """Nobody is staff yet."""
    clear(talk)
