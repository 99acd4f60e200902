"""What all towns share names none of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.loader import Content

CONTENT = Path(__file__).parents[2] / "content"
SHARED = [CONTENT / "ui.yaml", CONTENT / "staff.yaml", *sorted((CONTENT / "locales").glob("*.po"))]


@pytest.mark.parametrize("path", SHARED, ids=lambda one: one.name)
def test_what_all_towns_share_names_no_town_and_no_project(path: Path, content: Content) -> None:
    words = path.read_text(encoding="utf-8").casefold()
    for name in (content.town.name, content.town.project, "ميندن", "میندن", "Минден", "Мінден"):
        assert name.casefold() not in words
