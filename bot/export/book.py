"""Tables of figures as a workbook in memory, with the same protection as every workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlsxwriter  # type: ignore[import-untyped]

from bot.core.paper import Book, Cell, Table
from bot.export.cells import legal, within_cell
from bot.export.words import LONGEST_SHEET, NOT_IN_A_SHEET
from bot.export.xlsx import HARMLESS

_WIDEST = 60
_CUT = " …"


def written(book: Book) -> bytes:
    """The tables as XLSX, one sheet each. No text ever becomes a formula, a link or a number."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {**HARMLESS, "in_memory": True}) as workbook:
        taken: set[str] = set()
        bold = workbook.add_format({"bold": True, "valign": "top", "text_wrap": True})
        plain = workbook.add_format({"valign": "top", "text_wrap": True, "num_format": "@"})
        number = workbook.add_format({"valign": "top", "num_format": "0"})
        for table in book.tables:
            sheet = workbook.add_worksheet(_title(table.title, taken))
            sheet.freeze_panes(1, 0)
            for place, head in enumerate(table.head):
                sheet.set_column(place, place, _width(table, place))
                sheet.write_string(0, place, _words(head), bold)
            for at, place, cell in _cells(table):
                if isinstance(cell, int):
                    sheet.write_number(at, place, cell, number)
                else:
                    sheet.write_string(at, place, _words(cell), plain)
    return buffer.getvalue()


def _cells(table: Table) -> Iterator[tuple[int, int, Cell]]:
    """Every cell below the head, with its row and column in the sheet."""
    for at, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            yield at, place, cell


def _title(words: str, taken: set[str]) -> str:
    """A valid sheet name that no other sheet has."""
    clean = "".join(one for one in legal(words) if one not in NOT_IN_A_SHEET).strip() or "-"
    name, count = clean[:LONGEST_SHEET], 1
    while name.casefold() in taken:
        count += 1
        name = f"{clean[: LONGEST_SHEET - 4]} {count}"
    taken.add(name.casefold())
    return name


def _width(table: Table, place: int) -> int:
    cells = (table.head[place], *(str(row[place]) for row in table.rows))
    return min(max(map(len, cells)) + 2, _WIDEST)


def _words(text: str) -> str:
    words = within_cell(legal(text), _CUT)
    return f"{words} " if words.startswith("<r>") and words.endswith("</r>") else words
