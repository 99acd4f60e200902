"""What all towns share names none of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.content.faults import Report
from bot.content.loader import read_sources

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


@pytest.mark.parametrize("folder", ["", "minden"])
def test_no_german_text_breaks_its_line_within_a_sentence(folder: str) -> None:
    sources = read_sources(CONTENT, "minden", Report()).by_folder[folder]
    forms = [form for source in sources.values() for form in source.forms]
    assert [form for form in forms if re.search(r"[^\W\d_],?\n[a-zäöü]", form)] == []


def test_no_text_of_the_team_breaks_its_line_within_a_sentence() -> None:
    written = yaml.safe_load((CONTENT / "staff.yaml").read_text(encoding="utf-8"))["chat"]
    forms = [text for section in written.values() for text in section.values() if isinstance(text, str)]
    assert [text for text in forms if re.search(r"[^\W\d_],?\n[a-zäöü]", text)] == []
