"""The tables of content/README.md are those of the code: another town is written from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.faults import Report
from bot.content.forms_file import FORMS
from bot.content.loader import read_sources
from bot.content.town import TRANSLATION
from bot.content.town_file import CONSENT_NEEDED, CONSENT_OPTIONAL, NEEDED, OPTIONAL
from bot.core.reminders import PURPOSES

GUIDE_FILE = Path(__file__).parents[2] / "content" / "README.md"
GUIDE = GUIDE_FILE.read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    _, _, below = GUIDE.partition(f"{heading}\n")
    table = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert table
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.group().splitlines()[2:]]


def test_every_key_of_a_town_stands_in_the_guide_and_none_else() -> None:
    found = {cells[0].strip("`"): cells[1] == "needed" for cells in rows("### `town.yaml`, key by key")}
    assert found == {**dict.fromkeys(NEEDED, True), **dict.fromkeys(OPTIONAL, False)}


def test_every_key_of_a_consent_stands_in_the_guide_and_none_else() -> None:
    found = [
        (cells[0].replace("`", "").split(", "), cells[1])
        for cells in rows("### Consents, and the words of the export")
    ]
    keys = {key: needed == "needed" for names, needed in found for key in names}
    assert keys == {**dict.fromkeys(CONSENT_NEEDED, True), **dict.fromkeys(CONSENT_OPTIONAL, False)}


@pytest.mark.parametrize("purpose", sorted(set(PURPOSES.values()) | {TRANSLATION}))
def test_every_consent_that_means_something_to_the_program_stands_in_the_guide(purpose: str) -> None:
    _, _, below = GUIDE.partition("### Consents, and the words of the export\n")
    assert f"`{purpose}`" in below.partition("\n### ")[0]


def test_every_form_stands_in_the_guide_with_what_it_must_ask() -> None:
    found = {cells[0].strip("`"): cells[2] for cells in rows("### Forms of the team")}
    assert found == {f"{name}.yaml": ", ".join(fields.needed) for name, fields in FORMS.items()}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(#([^)]+)\)", GUIDE))))
def test_links_within_the_guide_lead_somewhere(link: str) -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    assert link in {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def test_the_amounts_of_texts_a_new_language_needs_are_about_right() -> None:
    _, _, below = GUIDE.partition("### A new language\n")
    section = below.partition("\n## ")[0]
    parts = read_sources(GUIDE_FILE.parent, "minden", Report()).by_folder
    counted = [sum(map(len, parts.values())), *(len(parts[one]) for one in ("", "minden", "minden/lists"))]
    told = [int(one) for one in re.findall(r"\d+(?= missing)|(?<=about )\d+", section)]
    assert [abs(number - known) < known / 5 for number, known in zip(told, counted, strict=True)] == [True] * 4
