"""`answers.yaml`: what is read, and every fault at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.faults import Fault, Level
from bot.content.loader import load

from .editing import loaded

FILE = "demo/answers.yaml"
WHOLE = """\
answers:
  - id: office
    title: Where we are
    text: Come to the office.
"""


def faults(folder: Path, words: str) -> list[Fault]:
    (folder / FILE).write_text(words, encoding="utf-8")
    return [one for one in load(folder, "demo").faults if one.level is Level.ERROR]


def test_titles_by_id_and_texts_among_the_others(folder: Path) -> None:
    assert loaded(folder).answers == {}
    assert faults(folder, WHOLE) == []
    content = loaded(folder)
    assert content.answers == {"office": "Where we are"}
    assert content.texts.source("answers.office.text") == "Come to the office."


@pytest.mark.parametrize(
    ("words", "line", "what"),
    [
        (WHOLE.replace("title: Where we are", f"title: {'a' * 41}"), 2, "too long"),
        (WHOLE + WHOLE.removeprefix("answers:\n"), 5, "taken"),
        (WHOLE.replace("    text: Come to the office.\n", ""), 2, "lacks 'text'"),
        (WHOLE.replace("Come to", "Come {now} to"), 4, "Nobody fills in {now}"),
        (WHOLE.replace("id: office", "id: Office"), 2, "no id"),
        (WHOLE + "    name: x\n", 5, "no key 'name'"),
    ],
)
def test_faults_stand_at_their_line(folder: Path, words: str, line: int, what: str) -> None:
    found = faults(folder, words)
    assert [(one.line, what in one.what) for one in found] == [(line, True)]
