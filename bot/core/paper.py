"""What is drawn, written into a workbook or printed: values with German words in them, made before the commit.

An edge (`bot.export.printing`) makes bytes of them behind it, in a thread.
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
    """A bar with the number at its end; `beside` is said behind it, in small letters."""

    label: str
    value: int
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars below each other. `source` says where the figures come from and of which day they are."""

    title: str
    bars: tuple[Bar, ...]
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `title` names its sheet in a workbook. Columns whose cells are numbers stand to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook, a sheet for each table."""

    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: what it says, and a table and a chart where there is something to show."""

    title: str
    words: tuple[str, ...] = ()
    table: Table | None = None
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Pages to be printed. `figures` stand on top, each with what it counts."""

    title: str
    about: str
    figures: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture that a camera reads words from (a QR code). They may be a secret, and stand in no `repr`."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list of participants as a workbook (`xlsx`) or CSV: whom a search finds, read when it is written.

    `words` and `chosen` are the search, as `bot.services.profiles.people` has it; `named` and `sensitive` say what
    whoever gets it may see. `at` is when it was asked for.
    """

    form: str
    words: str
    chosen: Mapping[str, Any]
    named: bool
    sensitive: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class SeatList:
    """Who has or had a seat, and who came, as a workbook (`xlsx`) or CSV, read when it is written.

    Of an offer (None: of every one), or of one of its meetings alone. `named`: whoever gets it may see names.
    """

    form: str
    offer_id: str | None
    meeting_id: int | None
    named: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class InterestList:
    """Who is interested in an opening or in what a message offers (None: in any), as `SeatList` is of seats."""

    form: str
    subject: Subject | None
    named: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything that is stored about the people of a chat, in their language, as a page (`html`) or `json`.

    `person`: about this one of several alone.
    """

    chat_id: int
    language: str
    form: str
    at: datetime
    person: int | None = None


Printable = Chart | Book | Report | Scan
"""Papers that hold everything that stands on them."""
List = PeopleList | SeatList | InterestList
"""Lists of people: each goes from a chat as soon as one of those on it is erased."""
Paper = Printable | List | OwnData
