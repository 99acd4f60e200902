"""Papers as bytes: read back by other programs than those that wrote them."""

from __future__ import annotations

import re
import struct
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

from bot.core.paper import Bar, Book, Chart, Report, Scan, Section, Table
from bot.export.printing import printed
from tests.export.reading import parts, sheets

CHART = Chart(
    "Größe & <Übung>", (Bar("B1 → B2, abends", 17, "0 freie Plätze"), Bar("A1", 5)), "Minden, heute", "Note"
)
NASTY = ("=1+1", "@SUM(A1)", "http://x.example", "<r>x</r>", "\x00tab", "ä" * 40)


def size(png: bytes) -> tuple[int, int]:
    """Width and height, as the file's head says."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


def test_a_picture_is_as_wide_as_a_phone_and_as_high_as_its_bars() -> None:
    one = size(printed(Chart(CHART.title, CHART.bars[:1], CHART.source)))
    both = size(printed(CHART))
    assert one[0] == both[0] == 1080
    assert one[1] < both[1]
    assert size(printed(Chart("Nichts", (), "Minden")))[1] < one[1]


def test_what_is_scanned_is_a_square_that_grows_with_its_words() -> None:
    few, many = (size(printed(Scan("w" * length))) for length in (10, 200))
    assert few[0] == few[1] < many[0] == many[1]
    assert "www" not in repr(Scan("www"))


def test_every_letter_that_german_and_the_names_of_languages_need_is_drawn() -> None:
    from bot.export.picture import _font  # noqa: PLC0415

    font = _font(30)
    missing = bytes(font.getmask("\ufffe"))
    letters = "äöüÄÖÜßéçğışœ→–…„“€0123456789%"
    assert [one for one in letters if bytes(font.getmask(one)) == missing] == []


def test_words_in_a_workbook_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    rows = tuple((word, number) for number, word in enumerate(NASTY))
    book = Book((Table("A/B: [x]", ("Wort", "Zahl"), rows), Table("A/B: [x]", ("Leer",), ())))
    path.write_bytes(printed(book))
    found = sheets(path)
    assert list(found) == ["AB x", "AB x 2"]
    assert [row[0] for row in found["AB x"][1:]] == [
        "=1+1",
        "@SUM(A1)",
        "http://x.example",
        "<r>x</r> ",
        "tab",
        "ä" * 40,
    ]
    assert [row[1] for row in found["AB x"][1:]] == list(range(6))
    assert not [1 for _, root in parts(path) for one in root.iter() if one.tag.endswith(("}f", "}hyperlink"))]


REPORT = Report(
    "Bericht <1>",
    "Minden & Umland",
    (("17", "Personen"), ("–", "Anteil")),
    (
        Section(
            "Teil", ("Ein <b>Satz</b>.",), Table("T", ("Was", "Zahl"), (("<script>alert(1)</script>", 3),)), CHART
        ),
        Section("Leer", (), Table("T", ("Was",), ()), Chart("Leer", (), "Minden")),
    ),
    ("Fuß",),
)


class Page(HTMLParser):
    """What stands in a page."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_a_page_holds_its_words_as_words_and_needs_nothing_from_outside() -> None:
    words = printed(REPORT).decode()
    page = Page(words)
    said = "\n".join(page.said)
    for one in ("Bericht <1>", "Minden & Umland", "Ein <b>Satz</b>.", "<script>alert(1)</script>", "Fuß"):
        assert one in said
    assert {"script", "link", "iframe", "b"}.isdisjoint(tag for tag, _ in page.tags)
    sources = [value for _, attributes in page.tags for name, value in attributes.items() if name in {"src", "href"}]
    assert len(sources) == 1
    assert all(one is not None and one.startswith("data:") for one in sources)
    assert not re.search(r"url\(|@import", words)


def test_the_pictures_of_a_page_are_drawings_with_a_description() -> None:
    (picture,) = [attributes for tag, attributes in Page(printed(REPORT).decode()).tags if tag == "img"]
    assert picture["alt"] == "Größe & <Übung>. B1 → B2, abends: 17; A1: 5"
    drawing = ET.fromstring(b64decode(str(picture["src"]).partition(",")[2]))  # noqa: S314 - our own drawing
    assert CHART.title in [one.text for one in drawing.iter() if one.tag.endswith("}text")]
