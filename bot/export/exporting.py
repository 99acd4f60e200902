"""`lotse export profiles`: writes everybody's profile from the database into a file, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.content.loader import Content
from bot.db import beside
from bot.export import target
from bot.export.counts import Counts
from bot.export.csv_files import CsvFiles
from bot.export.json_file import JsonFile
from bot.export.tables import Book, Layout, about_rows
from bot.export.words import NOTES, Words
from bot.export.xlsx import Workbook
from bot.services.profiles.profiles import Profile, Profiler, profiles


class Format(StrEnum):
    """What an export can be: a workbook, a folder of CSV files, a JSON document."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Order:
    """What is exported, in which words and format, and when."""

    content: Content
    words: Words
    form: Format
    now: datetime

    @property
    def usual_path(self) -> Path:
        """The path if none is given: in the current folder, named by the day."""
        day = f"profiles-{self._local:%Y-%m-%d}"
        return Path(day if self.form is Format.CSV else f"{day}.{self.form.value}")

    @property
    def _local(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.content.town.zone)).replace(tzinfo=None)

    def from_database(self, url: str, path: Path, *, force: bool) -> int:
        """Exports everybody in a database. Returns how many people.

        Raises:
            DatabaseRefused, ExportRefused: with a text for the operator. Nothing was written.
        """
        return beside.read(url, lambda tx: self.write(profiles(tx, self.content, self.now), path, force=force))

    def write(self, people: Iterable[Profile], path: Path, *, force: bool) -> int:
        """Writes profiles, completely or not at all. Returns how many.

        Raises:
            ExportRefused: with a text for the operator. Nothing was written.
        """
        profiler = Profiler(self.content, self.now)
        layout = Layout(profiler.headings, profiler.purposes, self.words)
        if self.form is Format.CSV:
            with target.new_folder(path, force=force) as new_folder, CsvFiles(new_folder, layout.sheets) as files:
                return self._fill(files, layout, people)
        with target.new_file(path, force=force) as (new, folder):
            if self.form is Format.XLSX:
                with Workbook(new, folder, layout.sheets, self.words["cell.cut"], self._local) as book:
                    return self._fill(book, layout, people)
            return self._document(new, profiler, people)

    def _fill(self, book: Book, layout: Layout, people: Iterable[Profile]) -> int:
        counts = Counts(layout.headings)
        for profile in people:
            counts.add(profile)
            for sheet, row in layout.rows(profile):
                book.write(sheet, row)
        for row in counts.rows(layout.labels, self.words):
            book.write("counts", row)
        for row in about_rows(self.words, self.content, self._local, counts.people):
            book.write("about", row)
        return counts.people

    def _document(self, path: Path, profiler: Profiler, people: Iterable[Profile]) -> int:
        counts = Counts(profiler.headings)
        notice = " ".join(self.words[f"about.{note}.text"] for note in NOTES)
        with JsonFile(path, self.content, profiler.headings, profiler.purposes, notice, self.now) as file:
            for profile in people:
                counts.add(profile)
                file.add(profile)
            file.finish(counts)
        return counts.people
