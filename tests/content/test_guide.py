"""The tables of content/README.md are those of the code: another town is written from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.forms_file import FORMS
from bot.content.town_file import NEEDED, OPTIONAL

GUIDE = (Path(__file__).parents[2] / "content" / "README.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    _, _, below = GUIDE.partition(f"{heading}\n")
    table = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert table
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.group().splitlines()[2:]]


def test_every_key_of_a_town_stands_in_the_guide_and_none_else() -> None:
    found = {cells[0].strip("`"): cells[1] == "needed" for cells in rows("### `town.yaml`, key by key")}
    assert found == {**dict.fromkeys(NEEDED, True), **dict.fromkeys(OPTIONAL, False)}


def test_every_form_stands_in_the_guide_with_what_it_must_ask() -> None:
    found = {cells[0].strip("`"): cells[2] for cells in rows("### Forms of the team")}
    assert found == {f"{name}.yaml": ", ".join(fields.needed) for name, fields in FORMS.items()}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(#([^)]+)\)", GUIDE))))
def test_links_within_the_guide_lead_somewhere(link: str) -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    assert link in {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
