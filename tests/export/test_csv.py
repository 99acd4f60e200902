"""The CSV files, read back: nothing a spreadsheet would calculate, and else the words as they were written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.export.cells import harmless
from bot.export.exporting import Format
from bot.export.words import Words
from tests.export.people import NASTY, nasty_people, row
from tests.export.reading import exported, table

FILES = ["antworten.csv", "profile.csv", "ueber.csv", "verlauf.csv", "zahlen.csv"]
SIGNS = frozenset("=+-@＝＋－＠﹦﹢﹣﹫−")


@pytest.fixture(scope="module")
def nasty(content: Content, words: Words, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything people might write, in every place where words of theirs can stand."""
    return exported(content, words, Format.CSV, nasty_people(), tmp_path_factory.mktemp("nasty") / "all")


def test_there_is_a_file_for_each_sheet(nasty: Path) -> None:
    assert sorted(path.name for path in nasty.iterdir()) == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_that_it_is_utf_8_and_every_cell_is_quoted(nasty: Path, name: str) -> None:
    raw = (nasty / name).read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"')
    assert raw.endswith(b'"\r\n')


def test_words_come_back_as_they_were_written(nasty: Path) -> None:
    found = [line for line in table(nasty / "antworten.csv") if line["Kennung"] == "story"]
    for text, line in zip(NASTY, found, strict=True):
        kept = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
        assert line["Original"] == harmless(kept)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("name", FILES)
def test_no_cell_begins_as_a_formula_whatever_the_reader_takes_for_the_separator(
    nasty: Path, name: str, separator: str
) -> None:
    with (nasty / name).open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file, delimiter=separator) for cell in line]
    assert len(cells) > 1
    begun = [cell for cell in cells if cell.lstrip(" \t\r\n\x00\u00a0\u200f\ufeff")[:1] in SIGNS and cell]
    assert [cell for cell in begun if cell.lstrip(" \t\r\n\x00\u00a0\u200f\ufeff")] == []


def test_days_months_numbers_and_shares_are_written_as_a_german_spreadsheet_reads_them(
    content: Content, words: Words, tmp_path: Path
) -> None:
    people = [row(1, goals=("job",), hours=7, since="2026-03"), row(2, goals=("job", "degree"), hours=1000)]
    folder = exported(content, words, Format.CSV, people, tmp_path / "all")
    first = table(folder / "profile.csv")[0]
    assert (first["Stunden"], first["Hier seit"], first["Zuletzt da am"]) == ("7", "2026-03", "2026-11-26")
    counts = {(line["Thema"], line["Antwort"]): line for line in table(folder / "zahlen.csv")}
    assert counts["Ziele", "Studium"]["Anteil"] == "0,5"
    assert counts["Stunden", "mittlere (Median)"]["Wert"] == "503,5"
    about = {line["Was"]: line["Angabe"] for line in table(folder / "ueber.csv")}
    assert about["Ausgegeben am"] == "2026-11-26 00:30"
    assert about["Personen"] == "2"
    assert about["Fassung der Inhalte"] == content.revision


def test_the_answers_stand_in_long_form_with_the_original_beside(
    content: Content, words: Words, tmp_path: Path
) -> None:
    one = row(goals=("job",), reach="بعد الظهر", zeal="x")
    found = table(exported(content, words, Format.CSV, [one], tmp_path / "all") / "antworten.csv")
    told = [(line["Kennung"], line["Antwort"], line["Original"], line["Stand"], line["Fassung"]) for line in found]
    assert told == [
        ("goals", "Arbeit", "عمل", "gegeben", "r1"),
        ("reach", "(nicht übersetzt)", "بعد الظهر", "gegeben", "r1"),
        ("zeal", "x", "", "frühere Frage", "r1"),
    ]
