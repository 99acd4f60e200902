"""The JSON document, against the schema that docs/export.md promises."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.content.loader import Content
from bot.core.engine import Status
from bot.export.exporting import Format
from bot.export.words import Words
from tests.architecture.sources import ROOT
from tests.export.people import NASTY, NOW, nasty_people, past, row, stored
from tests.export.reading import exported
from tests.export.schemas import faults

SCHEMA = json.loads(
    re.findall(r"```json\n(.*?)```", (ROOT / "docs/export.md").read_text(encoding="utf-8"), re.DOTALL)[0]
)


def document(content: Content, words: Words, tmp_path: Path, *people: Any) -> dict[str, Any]:
    path = exported(content, words, Format.JSON, people, tmp_path / "all.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def some(content: Content, words: Words, tmp_path: Path) -> dict[str, Any]:
    """People with answers of every standing."""
    first = row(
        1,
        consents={"companies": NOW},
        history=[past("level", "A1", 200, 90), past("zeal", ("a", "b"), 9, 8)],
        goals=("degree", "job"),
        level="B1",
        hours=7,
        since="2026-03",
        occupation="~مبرمج",
        reach=None,
        paper=stored(None, status=Status.DECLINED),
        zeal=("a",),
    )
    second = row(
        2,
        language="de",
        source="x",
        finished=False,
        blocked=True,
        goals=("degree",),
        level=stored("A1", 250),
        hours=3,
    )
    return document(content, words, tmp_path, first, second)


def test_the_document_is_as_documented(some: dict[str, Any]) -> None:
    assert faults(some, SCHEMA) == []


def test_every_standing_of_the_schema_was_looked_at(some: dict[str, Any]) -> None:
    documented = SCHEMA["properties"]["profiles"]["items"]["properties"]["answers"]["items"]["properties"]["standing"]
    assert {one["standing"] for each in some["profiles"] for one in each["answers"]} == set(documented["enum"])


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"version": 2}, "$.version"),
        ({"notice": None}, "$.notice"),
        ({"extra": 1}, "extra is not named"),
        ({"questions": [{}]}, "id is missing"),
    ],
)
def test_a_document_that_breaks_the_schema_would_be_noticed(
    some: dict[str, Any], broken: dict[str, Any], said: str
) -> None:
    assert any(said in fault for fault in faults({**some, **broken}, SCHEMA))


def test_an_answer_has_value_german_and_original(some: dict[str, Any]) -> None:
    answers = {one["question"]: one for one in some["profiles"][0]["answers"]}
    assert answers["goals"] | {"revision": ""} == {
        "question": "goals",
        "standing": "given",
        "value": ["job", "degree"],  # in the order of the question
        "german": "Arbeit; Studium",
        "original": "عمل; دراسة",
        "given_on": "2026-11-26",
        "revision": "",
    }
    assert (answers["hours"]["value"], answers["since"]["value"]) == (7, "2026-03")
    assert (answers["occupation"]["german"], answers["occupation"]["original"]) == (None, "مبرمج")
    assert some["profiles"][0]["consents"] == {"companies": "2026-11-26"}


def test_words_stand_exactly_as_they_are(content: Content, words: Words, tmp_path: Path) -> None:
    found = document(content, words, tmp_path, *nasty_people())
    assert faults(found, SCHEMA) == []
    told = [one["original"] for each in found["profiles"] for one in each["answers"] if one["question"] == "story"]
    assert told == [
        "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text) for text in NASTY
    ]


def test_the_document_is_whole_without_anybody_in_it(content: Content, words: Words, tmp_path: Path) -> None:
    found = document(content, words, tmp_path)
    assert faults(found, SCHEMA) == []
    assert (found["profiles"], found["counts"]["people"]) == ([], 0)
    assert "personenbezogene Daten" in found["notice"]
