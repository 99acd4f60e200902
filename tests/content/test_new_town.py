"""A town that is made as the guide says, step by step, from the files in it, is free of faults."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.content.faults import Level
from bot.content.loader import Loaded, load

CONTENT = Path(__file__).parents[2] / "content"
SECTION = (CONTENT / "README.md").read_text(encoding="utf-8").partition("## For a new town")[2]
BLOCKS = re.findall(r"^```(yaml)?\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
LANGUAGES, QUESTIONS, OFFERS, NEEDS = (text for kind, text in BLOCKS if kind)


def without_last(form: Path, number: int) -> None:
    """Take the last questions out."""
    questions = form.read_text(encoding="utf-8").split("\n  - id: ")
    form.write_text("\n  - id: ".join(questions[:-number]) + "\n", encoding="utf-8")


def made(folder: Path, name: str) -> Path:
    shutil.copytree(CONTENT, folder, ignore=shutil.ignore_patterns("demo"))
    town = folder / name
    shutil.copytree(folder / "minden", town)
    for one in ("lists", "questionnaire.yaml", "offers.yaml", "needs.yaml", "path.yaml"):
        shutil.rmtree(town / one) if (town / one).is_dir() else (town / one).unlink()
    for language in ["ar", "fa", "fr", "ru", "tr", "uk"]:
        (town / "locales" / f"{language}.po").unlink()
    own = (town / "town.yaml").read_text(encoding="utf-8")
    own = re.sub(r"^id: .*$", f"id: {name}", own, flags=re.MULTILINE)
    own = re.sub(r"^name: .*$", "name: Beispielstadt", own, flags=re.MULTILINE)
    own = re.sub(r"^languages: .*$", "languages: [de, en]", own, flags=re.MULTILINE)
    (town / "town.yaml").write_text(own, encoding="utf-8")
    without_last(town / "forms" / "offer.yaml", 3)
    without_last(town / "forms" / "opening.yaml", 2)
    (town / "lists").mkdir()
    for file, text in (
        ("lists/languages.yaml", LANGUAGES),
        ("questionnaire.yaml", QUESTIONS),
        ("offers.yaml", OFFERS),
        ("needs.yaml", NEEDS),
    ):
        (town / file).write_text(text, encoding="utf-8")
    return folder


def errors(loaded: Loaded) -> list[str]:
    return [str(fault) for fault in loaded.faults if fault.level is Level.ERROR]


def test_the_guides_town_has_no_errors(tmp_path: Path) -> None:
    found = load(made(tmp_path / "content", "beispielstadt"), "beispielstadt")
    assert errors(found) == []
    assert found.content
    assert list(found.content.offers) == ["cafe", "course_a2"]


@pytest.mark.parametrize("name", ["Beispielstadt", "b" * 33, "2town", "bad name"])
def test_a_folder_that_no_town_can_have_is_named(tmp_path: Path, name: str) -> None:
    (fault,) = errors(load(made(tmp_path / "content", name), name))
    assert "cannot be called" in fault


def test_a_name_of_any_length_that_the_database_holds_is_taken(tmp_path: Path) -> None:
    assert errors(load(made(tmp_path / "content", "bad_oeyn-hausen" + "x" * 17), "bad_oeyn-hausen" + "x" * 17)) == []
