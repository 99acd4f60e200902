"""Rows of the sheets, before any file."""

from __future__ import annotations

import pytest

from bot.content.loader import Content
from bot.db.people.profiles import ProfileRow
from bot.export.tables import Layout, Row, about_rows
from bot.export.words import Words
from bot.services.profiles.profiles import Profiler
from tests.export.people import NOW, past, profile, row, stored


@pytest.fixture(scope="module")
def layout(content: Content, words: Words) -> Layout:
    profiler = Profiler(content, NOW)
    return Layout(profiler.headings, profiler.purposes, words)


def columns(layout: Layout, sheet: str) -> list[str]:
    return [column.head for one in layout.sheets if one.name == sheet for column in one.columns]


def rows(layout: Layout, content: Content, one: ProfileRow, sheet: str) -> list[dict[str, object]]:
    heads = columns(layout, sheet)
    found: list[Row] = [cells for name, cells in layout.rows(profile(content, one)) if name == sheet]
    return [dict(zip(heads, cells, strict=True)) for cells in found]


def test_headings_are_told_apart(layout: Layout) -> None:
    heads = columns(layout, "profiles")
    assert len(set(heads)) == len(heads)
    assert {"Sprache", "Sprache (reach)", "Sprache (reach) (Original)"} <= set(heads)


def test_only_questions_with_own_words_have_the_original_beside(layout: Layout) -> None:
    heads = columns(layout, "profiles")
    assert [one for one in heads if one.endswith("(Original)")] == [
        "Beruf (Original)",
        "Sprache (reach) (Original)",
        "Mehr (Original)",
    ]
    assert heads[heads.index("Mehr") + 1] == "Mehr (Original)"


def test_the_profile_shows_what_counts_today(layout: Layout, content: Content) -> None:
    one = row(goals=("degree",), hours=10, occupation="nurse", zeal=("a", "b"), age=41)
    (line,) = rows(layout, content, one, "profiles")
    assert line["Stunden"] is None  # kept, and counts no more
    assert (line["Beruf"], line["Beruf (Original)"]) == ("Pflegefachkraft", "Pflegefachkraft")
    assert line["Frühere Fragen"] == "age: 41\nzeal: a; b"


def test_who_has_blocked_the_bot_is_named(layout: Layout, content: Content) -> None:
    (line,) = rows(layout, content, row(blocked=True), "profiles")
    assert line["Im Chat erreichbar"] == "nein, hat den Bot blockiert"


def test_former_answers_stand_before_the_present_one(layout: Layout, content: Content) -> None:
    history = [
        past("level", "A1", 200, 90),
        past("level", "A2", 90, 3),
        past("work", "part", 80, 70),
        past("zeal", "x", 9, 8),
    ]
    one = row(level=stored("B1", 3), work=stored("full", 70), goals=("job",), history=history)
    told = [
        (line["Frage"], line["Nr."], line["Antwort"], line["Gilt"], line["Ersetzt am"] is not None)
        for line in rows(layout, content, one, "history")
    ]
    assert told == [
        ("Deutsch", 1, "A1", "früher", True),
        ("Deutsch", 2, "A2", "früher", True),
        ("Deutsch", 3, "B1", "heute", False),
        ("Deutsch jetzt", 1, "B1", "heute", False),
        ("Umfang", 1, "Teilzeit", "früher", True),
        ("Umfang", 2, "Vollzeit", "heute", False),
        ("zeal", 1, "x", "früher", True),
    ]


def test_questions_that_are_neither_remembered_nor_changed_have_no_history(layout: Layout, content: Content) -> None:
    assert rows(layout, content, row(goals=("job",), since="2026-03"), "history") == []


def test_the_last_sheet_says_that_these_are_personal_data(words: Words, content: Content) -> None:
    about = {str(name): told for name, told in about_rows(words, content, NOW, 3)}
    assert about["Personen"] == 3
    assert "personenbezogene Daten" in str(about["Personenbezogene Daten"])
    assert "Nur das Team" in str(about["Wer sie haben darf"])
