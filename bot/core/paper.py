"""Values to be drawn, written into a workbook or printed. They contain German words and are made before the commit.

After it an edge (`bot.export.printing`) turns them into bytes, in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.broadcasts import Subject

Cell = str | int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its number at the end. `beside` follows in small letters."""

    label: str
    value: int
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars below each other. `source` says where the figures come from and their date."""

    title: str
    bars: tuple[Bar, ...]
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `title` names its sheet in a workbook. Columns of numbers are aligned to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook with one sheet for each table."""

    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: its text, and a table and a chart if there is something to show."""

    title: str
    words: tuple[str, ...] = ()
    table: Table | None = None
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Pages to be printed. `figures` stand at the top, each with what it counts."""

    title: str
    about: str
    figures: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture that a camera reads words from (a QR code). The words may be secret, so no `repr` shows them."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list of participants as a workbook (`xlsx`) or CSV. The search runs when the file is written.

    `words` and `chosen` are the search (see `bot.services.profiles.people`). `named` and `sensitive` say what the
    recipient may see. `at` is when the list was requested.
    """

    form: str
    words: str
    chosen: Mapping[str, Any]
    named: bool
    sensitive: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class SeatList:
    """Who has or had a seat, and who came, as a workbook (`xlsx`) or CSV. It is read when the file is written.

    For one offer (None: for all), or for one of its meetings. `named`: the recipient may see names.
    """

    form: str
    offer_id: str | None
    meeting_id: int | None
    named: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class InterestList:
    """Who is interested in an opening or in what a message offers (None: in any). Like `SeatList`."""

    form: str
    subject: Subject | None
    named: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything stored about the people of a chat, in their language, as a page (`html`) or `json`.

    `person`: only this one of several.
    """

    chat_id: int
    language: str
    form: str
    at: datetime
    person: int | None = None


Printable = Chart | Book | Report | Scan
"""Papers that contain all their data themselves."""
List = PeopleList | SeatList | InterestList
"""Lists of people. Each is removed from the chat as soon as a person on it is erased."""
Paper = Printable | List | OwnData
