"""Reads what was exported, with programs that did not write it."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl

from bot.content.loader import Content
from bot.db.people.profiles import ProfileRow
from bot.export.exporting import Format, Order
from bot.export.words import Words
from tests.export.people import NOW, profile

Rows = list[list[Any]]


def exported(content: Content, words: Words, form: Format, people: Iterable[ProfileRow], path: Path) -> Path:
    """Exports these people to that path."""
    Order(content, words, form, NOW).write((profile(content, one) for one in people), path, force=False)
    return path


def sheets(path: Path) -> dict[str, Rows]:
    """Every sheet of a workbook as rows of values, as openpyxl reads it."""
    book = openpyxl.load_workbook(path)
    found = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    book.close()
    return found


def parts(path: Path) -> Iterator[tuple[str, ET.Element]]:
    """Every XML file in a workbook, by name. All of them must be well-formed."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, ET.fromstring(archive.read(name))  # noqa: S314 - our own file


def elements(path: Path, *names: str) -> list[str]:
    """Where elements with these names are in a workbook."""
    return [
        f"{name}: {element.tag}"
        for name, root in parts(path)
        for element in root.iter()
        if element.tag.rpartition("}")[2] in names
    ]


def table(path: Path) -> list[dict[str, str]]:
    """A CSV file as rows by their headings."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def by_head(rows: Rows) -> list[dict[str, Any]]:
    """Rows of a sheet by the headings of its first row."""
    head, *rest = rows
    assert len(set(head)) == len(head), "two columns have the same heading"
    return [dict(zip(head, row, strict=True)) for row in rest]


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def as_cell(words: str) -> str:
    """What a workbook must keep of a person's words: everything that XML can hold and that fits into a cell."""
    kept = CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in kept)
