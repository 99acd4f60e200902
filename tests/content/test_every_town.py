"""What all towns share names none of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CONTENT = Path(__file__).parents[2] / "content"
SHARED = [
    *(CONTENT / f"{name}.yaml" for name in ("ui", "staff", "privacy")),
    *sorted((CONTENT / "locales").glob("*.po")),
]
NAMES = ("Minden", "I.Qu.I.", "HSBI", "LDI NRW", "ميندن", "میندن", "Минден", "Мінден")
"""The names of the only town that comes with the program, of its project, and of whom it works with."""


@pytest.mark.parametrize("path", SHARED, ids=lambda one: one.name)
def test_what_all_towns_share_names_no_town_and_no_project(path: Path) -> None:
    words = path.read_text(encoding="utf-8")
    assert [name for name in NAMES if re.search(rf"(?<!\w){re.escape(name)}", words, re.IGNORECASE)] == []
