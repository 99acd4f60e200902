"""The people a search finds as a file: read from the database while it is written, one profile after the other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.content.loader import Content
from bot.core.paper import PeopleList
from bot.core.timing import local_time
from bot.db import beside
from bot.db.people.profiles import names, profile_rows
from bot.export.csv_files import CsvFiles, file_name
from bot.export.tables import Column, Layout, Row, Sheet
from bot.export.words import Words, read_words
from bot.export.xlsx import Workbook
from bot.services.profiles import people
from bot.services.profiles.people import Search
from bot.services.profiles.profiles import Profiler
from bot.services.turn import Turn

CSV = "csv"


def written(order: PeopleList, url: str, content: Content, folder: Path) -> bytes:
    """The file. It may take a while: call it in a thread.

    Raises:
        DatabaseRefused, ExportRefused: the database is away, or the words are not there.
    """
    sheet = _PeopleSheet(order, content, read_words(folder))
    with tempfile.TemporaryDirectory(prefix="lotse-list-") as name:
        return beside.read(url, lambda tx: sheet.written(tx, Path(name))).read_bytes()


class _PeopleSheet:
    """One sheet with a row for each person, and what must be known of it."""

    def __init__(self, order: PeopleList, content: Content, words: Words) -> None:
        self._order, self._content, self._words = order, content, words
        self._profiler = Profiler(content, order.at)
        questions = content.questionnaire.questions
        self._hidden = frozenset(one.id for one in questions if one.sensitive and not order.sensitive)
        headings = tuple(one for one in self._profiler.headings if one.id not in self._hidden)
        self._layout = Layout(headings, self._profiler.purposes, words)
        profiles, self._about = self._layout.sheets[0], self._layout.sheets[-1]
        person, *more = profiles.columns
        called = (Column(words["column.name"]),) if order.named else ()
        self._sheet: Sheet = replace(profiles, columns=(person, *called, *more))

    def written(self, connection: Connection, folder: Path) -> Path:
        """Write it into a folder; where it stands."""
        if self._order.form == CSV:
            with CsvFiles(folder, [self._sheet]) as files:
                for row in self._rows(connection):
                    files.write(self._sheet.name, row)
            return folder / file_name(self._sheet)
        path, ending, local = folder / "people", self._words["cell.cut"], self._local
        number = 0
        with Workbook(path, folder, [self._sheet, self._about], ending, local) as book:
            for row in self._rows(connection):
                book.write(self._sheet.name, row)
                number += 1
            project = f"{self._content.town.project} {self._content.town.name}"
            for line in self._layout.about(project, self._content.revision, local, number):
                book.write(self._about.name, line)
        return path

    @property
    def _local(self) -> datetime:
        return local_time(self._order.at, self._content.town.clock).replace(tzinfo=None)

    def _rows(self, connection: Connection) -> Iterator[Row]:
        order = self._order
        turn = Turn(connection, self._content, order.at)
        only = people.numbers(turn, Search(order.words, order.chosen), named=order.named)
        known = names(connection, only) if order.named else {}
        for row in profile_rows(connection, only=only):
            profile = self._profiler.profile(row)
            said = tuple(one for one in profile.said if one.question not in self._hidden)
            # Of what the content has no more nobody knows whether it was sensitive.
            shown = replace(profile, said=said, archived=profile.archived if order.sensitive else ())
            first, *cells = next(iter(self._layout.rows(shown)))[1]
            yield (first, *((known.get(row.id),) if order.named else ()), *cells)
