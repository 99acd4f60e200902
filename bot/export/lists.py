"""Lists of people as files, all made in one way: search results, seats and attendance, interested people.

The database is read while the file is written, whether or not the bot runs.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from bot.content.faults import nearest
from bot.content.loader import Content
from bot.core.broadcasts import Subject
from bot.core.paper import InterestList, List, PeopleList, SeatList
from bot.core.timing import local_time
from bot.db import beside
from bot.export import target
from bot.export.csv_files import CsvFiles, file_name
from bot.export.interest_sheet import InterestSheet
from bot.export.people_sheet import PeopleSheet
from bot.export.seat_sheet import SeatSheet
from bot.export.tables import Book, Row, Sheet, about_rows, about_sheet
from bot.export.words import ExportRefused, Words, read_words
from bot.export.xlsx import Workbook
from bot.services.turn import Turn
from bot.services.what_staff_said import with_what_staff_said

CSV, XLSX = "csv", "xlsx"


def ordered(what: str, form: str, offer: str | None, at: datetime) -> SeatList | InterestList:
    """The list that the command line asks for: `registrations` or `interests`, with pseudonyms.

    Raises:
        ExportRefused: there is none in that format.
    """
    if form not in {CSV, XLSX}:
        raise ExportRefused(f"There are no {what} as {form}. Give --format xlsx or csv.")
    if what == "registrations":
        return SeatList(form, offer, None, named=False, at=at)
    return InterestList(form, None if offer is None else Subject.named(offer), named=False, at=at)


def usual_path(what: str, order: SeatList | InterestList, content: Content) -> Path:
    """The path if none is given: in the current folder, named by the day."""
    return Path(f"{what}-{local_time(order.at, content.town.clock):%Y-%m-%d}.{order.form}")


class Lines(Protocol):
    """The source of a list. `counted` says what its rows are, `who` is the note on who may have it."""

    sheet: Sheet
    counted: str
    who: str

    def rows(self) -> Iterator[Row]:
        """The rows of the sheet, as the database has them now."""
        ...


def written(order: List, url: str, content: Content, folder: Path) -> bytes:
    """The file. It may take a while, so call it in a thread.

    Raises:
        DatabaseRefused, ExportRefused: the database is away, or words are missing.
    """
    words = read_words(folder)
    with tempfile.TemporaryDirectory(prefix="lotse-list-") as name:
        path = Path(name) / "whole"
        beside.read(url, lambda tx: _fill(order, Turn(tx, content, order.at), words, path))
        return path.read_bytes()


def write(
    order: SeatList | InterestList, url: str, content: Content, folder: Path, path: Path, *, force: bool
) -> int:
    """Writes the file of a list, completely or not at all. Returns how many rows it has.

    Raises:
        DatabaseRefused, ExportRefused: with a text for the operator. Nothing was written.
    """
    words = read_words(folder)

    def work(connection: Connection) -> int:
        turn = with_what_staff_said(Turn(connection, content, order.at))
        with target.new_file(path, force=force) as (new, _):
            return _fill(order, turn, words, new)

    return beside.read(url, work)


def look_for(order: SeatList | InterestList, url: str, content: Content) -> None:
    """Checks that the subject of the list exists.

    Raises:
        DatabaseRefused, ExportRefused: no such offer is in the files or in the database.
    """
    offers = beside.read(url, lambda tx: with_what_staff_said(Turn(tx, content, order.at)).content.offers)
    if isinstance(order, SeatList):
        wanted = order.offer_id
    else:
        wanted = None if order.subject is None else order.subject.opening
    if wanted is not None and wanted not in offers:
        raise ExportRefused(f"There is no offer '{wanted}'. {nearest(wanted, offers)}")


def _lines(order: List, turn: Turn, words: Words) -> Lines:
    match order:
        case PeopleList():
            return PeopleSheet(order, turn, words)
        case SeatList():
            return SeatSheet(order, turn, words)
    return InterestSheet(order, turn, words)


def _fill(order: List, turn: Turn, words: Words, path: Path) -> int:
    """Writes a list to a path. Temporary files go beside it. Returns how many rows it has."""
    lines, folder = _lines(order, turn, words), path.parent
    if order.form == CSV:
        with CsvFiles(folder, [lines.sheet]) as files:
            number = _write(files, lines)
        shutil.copyfile(folder / file_name(lines.sheet), path)
        return number
    about, local = about_sheet(words), local_time(order.at, turn.content.town.clock)
    with Workbook(path, folder, [lines.sheet, about], words["cell.cut"], local) as book:
        number = _write(book, lines)
        notes = ("named" if order.named else "personal", lines.who, "keep")
        for row in about_rows(words, turn.content, local, number, counted=lines.counted, notes=notes):
            book.write(about.name, row)
    return number


def _write(book: Book, lines: Lines) -> int:
    """Writes every row. Returns how many."""
    number = 0
    for row in lines.rows():
        book.write(lines.sheet.name, row)
        number += 1
    return number
