"""Sheets as CSV files, one each, for a German spreadsheet: UTF-8 with a byte order mark, `;`, decimal commas."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot.export.cells import encodable, harmless
from bot.export.tables import Cell, Form, Row, Sheet

if TYPE_CHECKING:
    from _csv import Writer as _Writer

_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-"})


class CsvFiles:
    """Writes a file for each sheet into `folder`."""

    def __init__(self, folder: Path, sheets: Sequence[Sheet]) -> None:
        self._sheets = {sheet.name: sheet for sheet in sheets}
        self._folder = folder
        self._files = ExitStack()
        self._writers = {sheet.name: self._begun(sheet) for sheet in sheets}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def write(self, sheet: str, row: Row) -> None:
        """See `Book.write`."""
        columns = self._sheets[sheet].columns
        self._writers[sheet].writerow(
            [_written(cell, column.form) for column, cell in zip(columns, row, strict=True)]
        )

    def _begun(self, sheet: Sheet) -> _Writer:
        file = (self._folder / file_name(sheet)).open("x", encoding="utf-8-sig", newline="")
        writer = csv.writer(self._files.enter_context(file), delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow([_written(column.head, column.form) for column in sheet.columns])
        return writer


def file_name(sheet: Sheet) -> str:
    """The name of a sheet's file: its title in small letters that every file system takes."""
    return f"{sheet.title.lower().translate(_PLAIN)}.csv"


def _written(cell: Cell, form: Form) -> str:
    match cell:
        case None:
            return ""
        case str():
            return harmless(encodable(cell))
        case date() if form is Form.MONTH:
            return f"{cell:%Y-%m}"
        case datetime():
            return cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case float():
            return f"{cell:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    return str(cell)
