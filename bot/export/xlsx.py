"""Sheets as a workbook. People's words stay words: never a formula, a link, a number or markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Self

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.exceptions import XlsxFileError  # type: ignore[import-untyped]

from bot.export.cells import legal, within_cell
from bot.export.tables import Form, Row, Sheet
from bot.export.words import ExportRefused

LAST_ROW = 1_048_575
"""Counted from 0: a sheet has 2 to the power of 20 rows. XlsxWriter silently drops what is below."""
HARMLESS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd.mm.yyyy",
}
"""No text ever becomes a formula, a link or a number."""
_OPTIONS = {**HARMLESS, "constant_memory": True}  # each row goes to the disk at once
_LOOK = {"valign": "top", "text_wrap": True}
_NUMBERS = {Form.NUMBER: "General", Form.DAY: "dd.mm.yyyy", Form.MONTH: "mm.yyyy", Form.SHARE: "0.0%"}
_MOMENT = "dd.mm.yyyy hh:mm"
_WIDTHS = {Form.TEXT: 20, Form.LONG: 45, Form.NUMBER: 10, Form.DAY: 12, Form.MONTH: 12, Form.SHARE: 10}


class Workbook:
    """Writes the file at `path`. `folder` is for temporary files, which nobody else may read either."""

    def __init__(self, path: Path, folder: Path, sheets: Sequence[Sheet], ending: str, now: datetime) -> None:
        """`ending`: what follows a text that was too long for a cell."""
        self._ending = ending
        self._book = xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": str(folder)})
        self._book.set_properties({"created": now.replace(tzinfo=None)})
        self._formats = {
            form: self._book.add_format(_LOOK | {"num_format": _NUMBERS.get(form, "@")}) for form in Form
        }
        self._moment = self._book.add_format(_LOOK | {"num_format": _MOMENT, "align": "left"})
        self._count = self._book.add_format(_LOOK | {"num_format": "0", "align": "left"})
        self._sheets = {sheet.name: sheet for sheet in sheets}
        self._pages = {sheet.name: self._book.add_worksheet(sheet.title) for sheet in sheets}
        self._next = dict.fromkeys(self._sheets, 1)
        for sheet in sheets:
            self._head(sheet)

    def write(self, sheet: str, row: Row) -> None:
        """See `Book.write`."""
        page, at = self._pages[sheet], self._next[sheet]
        if at > LAST_ROW:
            raise ExportRefused(f"A workbook has room for {LAST_ROW} rows in a sheet. Use --format csv.")
        self._next[sheet] = at + 1
        for place, (column, cell) in enumerate(zip(self._sheets[sheet].columns, row, strict=True)):
            form = self._formats[column.form]
            match cell:
                case None:
                    pass
                case str():
                    page.write_string(at, place, self._words(cell), form)
                case datetime():
                    page.write_datetime(at, place, cell, self._moment)
                case date():
                    page.write_datetime(at, place, cell, form)
                case int() | float():
                    page.write_number(at, place, cell, form if column.form in _NUMBERS else self._count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Finishes the file. After an error it only releases it."""
        try:
            self._finish()
        except XlsxFileError as error:
            if kind is None:
                raise OSError(str(error)) from error

    def _finish(self) -> None:
        for name, sheet in self._sheets.items():
            if not sheet.plain:
                self._pages[name].autofilter(0, 0, self._next[name] - 1, len(sheet.columns) - 1)
        self._book.close()

    def _head(self, sheet: Sheet) -> None:
        page = self._pages[sheet.name]
        bold = self._book.add_format(_LOOK | {"bold": True})
        page.freeze_panes(1, 0 if sheet.plain else 1)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, _WIDTHS[column.form])
            page.write_string(0, place, self._words(column.head), bold)

    def _words(self, text: str) -> str:
        words = within_cell(legal(text), self._ending)
        # XlsxWriter takes such words for the XML of a formatted text, and copies them unescaped.
        return f"{words} " if words.startswith("<r>") and words.endswith("</r>") else words
