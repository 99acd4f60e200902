"""The workbook, read by openpyxl and as XML: typed cells, and nothing that acts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from bot.content.loader import Content
from bot.db.people.profiles import ProfileRow
from bot.export import xlsx
from bot.export.cells import LONGEST_CELL
from bot.export.exporting import Format, Order
from bot.export.words import ExportRefused, Words
from bot.services.profiles.profiles import Profile
from tests.export.people import NASTY, NOW, nasty_people, profile, row, stored
from tests.export.reading import as_cell, by_head, elements, exported, parts, sheets

TITLES = ["Profile", "Antworten", "Zahlen", "Verlauf", "Über"]


def written(content: Content, words: Words, tmp_path: Path, *people: ProfileRow) -> Path:
    return exported(content, words, Format.XLSX, people, tmp_path / "all.xlsx")


@pytest.fixture(scope="module")
def nasty(content: Content, words: Words, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything people might write, in every place where words of theirs can stand."""
    return written(content, words, tmp_path_factory.mktemp("nasty"), *nasty_people())


def test_no_words_become_a_formula_a_link_or_markup(nasty: Path) -> None:
    assert elements(nasty, "f", "hyperlink", "hyperlinks", "r") == []
    relations = [root for name, root in parts(nasty) if name.endswith(".rels")]
    assert not [one for root in relations for one in root if "hyperlink" in one.get("Type", "")]
    assert not [one for root in relations for one in root if one.get("TargetMode") == "External"]


def test_openpyxl_sees_neither_formulas_nor_links(nasty: Path) -> None:
    book = openpyxl.load_workbook(nasty)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    book.close()
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert [cell for cell in cells if cell.hyperlink is not None] == []
    assert [cell.value for cell in cells if cell.data_type == "n" and not isinstance(cell.value, int | float)] == []


@pytest.mark.parametrize("question", ["reach", "story", "occupation"])
def test_words_arrive_as_they_were_written(nasty: Path, question: str) -> None:
    found = [line for line in by_head(sheets(nasty)["Antworten"]) if line["Kennung"] == question]
    for text, line in zip(NASTY, found, strict=True):
        wanted = as_cell(text)
        original = unescape(str(line["Original"] or ""))  # "_x0041_" is written so that it stays
        assert line["Antwort"] == "(nicht übersetzt)"
        if len(wanted.encode("utf-16-le")) // 2 > LONGEST_CELL:
            assert original.endswith(" … (gekürzt)")
            assert wanted.startswith(original.removesuffix(" … (gekürzt)"))
        else:
            assert original == wanted + " " * wanted.startswith("<r>")


def test_every_sheet_is_there_in_order_with_a_filter_and_a_frozen_head(
    content: Content, words: Words, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(written(content, words, tmp_path, row(1), row(2)))
    assert book.sheetnames == TITLES
    profiles = book["Profile"]
    assert profiles.freeze_panes == "B2"
    assert profiles.auto_filter.ref == profiles.dimensions
    assert book["Über"].auto_filter.ref is None
    widths = [profiles.column_dimensions[letter].width for letter in ("A", "D")]
    assert all(width and width >= 10 for width in widths)
    assert profiles["A2"].alignment.wrap_text
    book.close()


def test_days_months_and_numbers_are_typed(content: Content, words: Words, tmp_path: Path) -> None:
    one = row(goals=("job",), hours=7, since="2026-03", consents={"companies": NOW}, finished=False)
    (line,) = by_head(sheets(written(content, words, tmp_path, one))["Profile"])
    assert line["Stunden"] == 7
    assert line["Hier seit"] == datetime(2026, 3, 1)  # noqa: DTZ001 - a cell has no zone
    assert line["Zuletzt da am"] == datetime(2026, 11, 26)  # noqa: DTZ001
    assert line["Fertig am"] is None
    assert line["Erlaubt: Betriebe"] == datetime(2026, 11, 26)  # noqa: DTZ001
    assert line["Erlaubt: Speichern"] is None


def test_dates_look_german(content: Content, words: Words, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(content, words, tmp_path, row(since="2026-03")))
    head, first = book["Profile"].iter_rows()
    formats = {
        one.value: cell.number_format
        for one, cell in zip(head, first, strict=True)
        if isinstance(cell.value, datetime)
    }
    assert {formats.pop("Hier seit"), *formats} >= {"mm.yyyy", "Begonnen am", "Zuletzt da am"}
    assert set(formats.values()) == {"dd.mm.yyyy"}
    exported_at = next(line[1] for line in book["Über"].iter_rows() if line[0].value == "Ausgegeben am")
    assert exported_at.value == datetime(2026, 11, 26, 0, 30)  # noqa: DTZ001
    book.close()


def test_the_file_is_whole_without_anybody_in_it(content: Content, words: Words, tmp_path: Path) -> None:
    found = sheets(written(content, words, tmp_path))
    assert list(found) == TITLES
    assert len(found["Profile"]) == 1
    assert by_head(found["Zahlen"])[0]["Anzahl"] == 0


def test_nobody_else_can_read_what_is_written_meanwhile(
    content: Content, words: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    seen: dict[Path, int] = {}

    def people() -> Iterator[Profile]:
        yield profile(content, row())
        seen.update({path: path.stat().st_mode & 0o077 for path in tmp_path.rglob("*") if path != elsewhere})

    Order(content, words, Format.XLSX, NOW).write(people(), tmp_path / "all.xlsx", force=False)
    assert len(seen) > len(TITLES)
    assert {path: mode for path, mode in seen.items() if mode} == {}
    assert [path for path in seen if path.is_relative_to(elsewhere)] == []
    assert [path for path in tmp_path.iterdir() if path != elsewhere] == [tmp_path / "all.xlsx"]


def test_more_rows_than_a_sheet_has_are_refused(
    content: Content, words: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "LAST_ROW", 2)
    with pytest.raises(ExportRefused, match="--format csv"):
        written(content, words, tmp_path, row(1), row(2), row(3))
    assert list(tmp_path.iterdir()) == []


def test_a_skipped_and_a_declined_answer_are_words_in_brackets(
    content: Content, words: Words, tmp_path: Path
) -> None:
    old = stored("A1", 300)
    (line,) = by_head(sheets(written(content, words, tmp_path, row(reach=None, level=old)))["Profile"])
    assert line["Sprache (reach)"] == "(ausgelassen)"
    assert line["Deutsch"] == "(veraltet)"
    assert line["Sprache"] == "Arabisch"
    assert line["Beruf"] is None


def test_the_properties_tell_no_name(nasty: Path) -> None:
    with zipfile.ZipFile(nasty) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core
    assert "2026-11-26T00:30:00Z" in core
