"""What is written about the project's shape is about this project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, name, project, python_files

DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
PARTS = ("## Context", "## Options", "## Choice", "## Consequences")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)(?P<path>[^)#]+)")
MODULE = re.compile(r"`(?P<path>[a-z_0-9/]+\.py)`")
PAGES = [*DECISIONS, *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_says_what_was_weighed_and_what_follows(page: Path) -> None:
    words = page.read_text(encoding="utf-8")
    places = [words.find(part) for part in PARTS]
    assert -1 not in places, f"missing: {[part for part, at in zip(PARTS, places, strict=True) if at < 0]}"
    assert places == sorted(places)


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_dependency_has_its_reason() -> None:
    words = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    asked = project()["project"]
    every = [*asked["dependencies"], *(one for extra in asked["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[<>=!~; ]", one)[0] for one in every} - {"lotse[demo,otel]"}
    assert sorted(one for one in names if f"| `{one}` |" not in words) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    dead = [found["path"] for found in LINK.finditer(page.read_text(encoding="utf-8"))]
    assert [one for one in dead if not (page.parent / one).exists()] == []


def test_every_module_the_architecture_names_is_there() -> None:
    named = {found["path"] for found in MODULE.finditer((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))}
    known = [f"/{name(path)}" for path in python_files("bot", "handlers", "tests", "benchmarks")]
    assert len(named) > 50, "they are found"
    assert sorted(one for one in named if not any(path.endswith(f"/{one}") for path in known)) == []
