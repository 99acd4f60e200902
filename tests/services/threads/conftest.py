"""Each test begins without a team, a group and talks."""

from __future__ import annotations

import pytest

from tests.services.staff import people
from tests.services.talk import Talk
from tests.services.threads import scene


@pytest.fixture(autouse=True)
def nobody(talk: Talk) -> None:
    """Nobody is staff yet, and nobody has asked anything."""
    scene.clear(talk)
    people.clear(talk)
