"""The questionnaire in a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.services.questions.play import play
from tests.content.conftest import SAMPLE
from tests.content.editing import edit, loaded
from tests.running import CONTENT

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """A short questionnaire, with every text the bot says."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path_factory.mktemp("play") / "content"))
    shutil.copy(CONTENT / "ui.yaml", folder)
    shutil.copytree(CONTENT / "locales", folder / "locales", dirs_exist_ok=True)
    statement = "kind: statement, ask: Gut zu wissen, purpose: a, basis: b, retention: 1 year"
    card = f"  - {{id: known, section: german, {statement}}}\n"
    edit(folder / "demo/questionnaire.yaml", "  - id: paper\n", f"{card}  - id: paper\n")
    return loaded(folder)


def played(content: Content, language: str, *typed: str) -> list[str]:
    """What a terminal shows: everything said, and after `> ` what was typed."""
    shown: list[str] = []
    words: Iterator[str] = iter(typed)

    def ask(_prompt: str) -> str:
        word = next(words, None)
        if word is None:
            raise EOFError
        shown.append(f"> {word}")
        return word

    assert play(content, language, ask, lambda line: shown.extend(line.split("\n")), TODAY) == 0
    return shown


GOALS = [
    "",
    "[1/{of}] Goals",
    "What do you want?",
    "You can choose several.",
    "  1. [{job}] Work",
    "  2. [ ] A degree",
    "  3. [ ] None of these",
    "  4. [ ] I do not know",
]
LEVEL = ["", "[2/{of}] German", "How good is your German?", "  1. none", "  2. A1", "  3. B1", "  4. I do not know"]
PAPER = [
    "",
    "[3/5] German",
    "Do you have a paper?",
    "So that we find courses.",
    "  1. Yes",
    "  2. No",
    "  3. I do not know",
]
HOURS = ["", "[{number}/{of}] German", "How many hours a week?"]
MORE = ["", "[5/5] German", "Anything else?"]
KNOWN = ["", "[{number}/{of}] German", "Gut zu wissen"]
SUMMARY = [
    "",
    "  1. Goals: Work",
    "  2. German: {level}",
    "  3. Paper: you would rather not say.",
    "  4. Hours: 1 hour",
    "  5. More: you left this out.",
]


def shown(card: list[str], **values: object) -> list[str]:
    return [line.format(**values) for line in card]


def test_play_walks_to_the_summary_and_back_into_a_line(content: Content) -> None:
    assert played(content, "en", "1", "", "b", "", "b1", "", "n", "61", "1", "s", "2", "2", "9", "q") == [
        *shown(GOALS, of=3, job=" "),
        "> 1",
        *shown(GOALS, of=3, job="x"),
        "> ",
        *shown(LEVEL, of=4),
        "> b",
        *shown(GOALS, of=4, job="x"),
        "> ",
        *shown(LEVEL, of=4),
        "> b1",
        *shown(KNOWN, number=3, of=5),
        "> ",
        *PAPER,
        "> n",
        *shown(HOURS, number=4, of=5),
        "> 61",
        "! Please write a number from 0 to 60.",
        *shown(HOURS, number=4, of=5),
        "> 1",
        *MORE,
        "> s",
        *shown(SUMMARY, level="B1"),
        "> 2",
        *shown(LEVEL, of=5),
        "> 2",
        *shown(SUMMARY, level="A1"),
        "> 9",
        "! choose a line by its number",
        *shown(SUMMARY, level="A1"),
        "> q",
    ]


def test_play_speaks_the_language_and_understands_it(content: Content) -> None:
    lines = played(content, "ar", "عمل، دراسة", "لا شيء", "", "٧")
    assert lines[1:3] == ["[1/3] الأهداف", "ماذا تريد؟"]
    assert lines[-2:] == ["[4/4] الألمانية", "هل هناك شيء آخر؟"]


def test_play_says_what_was_not_understood_and_asks_again(content: Content) -> None:
    assert "! Das habe ich nicht verstanden. Bitte tippen Sie unten auf eine Antwort." in played(
        content, "de", "Quark"
    )
    assert "! Bitte wählen Sie mindestens 1 Antwort." in played(content, "de", "")


def test_play_ends_where_the_terminal_does(content: Content) -> None:
    assert played(content, "de")[1] == "[1/3] Ziele"
