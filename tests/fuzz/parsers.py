"""Everything that reads what people or files contain, each as a function of bytes that must not raise."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from bot.content.audience_file import Unread, read_condition
from bot.content.bidi import cleaned
from bot.content.calendar_file import FAULTS, MOST, read
from bot.content.catalogue import read_catalogue
from bot.content.faults import Report
from bot.content.loader import Content, load
from bot.content.markup import MarkupError, escaped, parse, plain, shape
from bot.content.month_names import month_names
from bot.content.nodes import parse_table
from bot.content.understanding import typed
from bot.core.days import read_day, read_time
from bot.core.questionnaire import Kind
from bot.services import buttons

CONTENT = Path(__file__).parents[2] / "content"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@cache
def town() -> Content:
    """The content of the town."""
    content = load(CONTENT, "minden").content
    assert content is not None
    return content


def words_of(data: bytes) -> str:
    """Bytes as words, whatever they are."""
    return data.decode("utf-8", "surrogateescape")


def yaml(data: bytes) -> None:
    """A content file: it is read, or has at least one fault."""
    report = Report()
    assert (parse_table(words_of(data), "x.yaml", report) is not None) or report.found


def condition(data: bytes) -> None:
    """A condition that staff paste: a condition, or the reason why not."""
    found = read_condition(words_of(data), town())
    assert not isinstance(found, Unread) or found.line >= 1


def calendar(data: bytes) -> None:
    """A calendar file: meetings, or a known fault."""
    found = read(data, "Europe/Berlin", NOW)
    assert set(found.faults) <= set(FAULTS)
    assert found.meetings or found.faults
    assert len(found.meetings) <= MOST


def markup(data: bytes) -> None:
    """A text with markup: its parts, or the reason why not. Escaped words are the same words again."""
    words = words_of(data)
    with suppress(MarkupError):
        shape(parse(words))
    assert plain(parse(escaped(words))) == words


def catalogue(data: bytes) -> None:
    """A file of translations: it is read, or has at least one fault."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ar.po"
        path.write_bytes(data)
        assert (read_catalogue(path, "ar.po", "ar", report) is not None) or report.found


def button(data: bytes) -> None:
    """Data of a button: read back as it was written, or not one of ours."""
    words = words_of(data)
    found = buttons.read(words)
    if found is not None and found.version is not None:
        assert buttons.read(buttons.of_card(found.version) + found.action) == found


def answers(data: bytes) -> None:
    """Words as the answer to each question, in two languages; a day and a time."""
    content, words = town(), words_of(data)
    cleaned(words)
    for question in content.questionnaire.questions:
        if question.kind not in {Kind.STATEMENT, Kind.COMPUTED}:
            typed(content, question, "de", words, date(2026, 11, 25))
            typed(content, question, "ar", words, date(2026, 11, 25))
    read_day(words, month_names("de"), date(2026, 11, 25))
    read_time(words)


PARSERS: Mapping[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (yaml, condition, calendar, markup, catalogue, button, answers)
}
REPEATED = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
DTSTART:20270111T170000Z
DTEND:20270111T173000Z
RRULE:FREQ=WEEKLY;COUNT=9
EXDATE:20270118T170000Z
SUMMARY:Kurs
END:VEVENT
END:VCALENDAR
"""
ODD_ZONE = """BEGIN:VCALENDAR
BEGIN:VTIMEZONE
TZID:X
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0100
TZOFFSETTO:+9900
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=X:20270111T170000
DURATION:PT1H
RECURRENCE-ID:20270111T170000
END:VEVENT
END:VCALENDAR
"""
ARABIC = r"""msgid ""
msgstr ""
"Language: ar\n"
"Plural-Forms: nplurals=6; plural=n==0 ? 0 : 1;\n"
"Content-Type: text/plain; charset=UTF-8\n"

#, fuzzy
#| msgid "b"
msgctxt "x"
msgid "a"
msgstr "c"
"""
SEEDS: Mapping[str, tuple[str, ...]] = {
    "yaml": ("a: &x [*x]", "a: {b: [c, d]}\n", "? [a]: b", "a: |\n  b\n", "<<: {a: b}", "a: !!python/object:x y"),
    "condition": (
        "all: [{goals: {includes: german}}, {not: {german_level: {at_least: B1}}}]",
        "any: [{certificate: {is: yes}}, {german_level: {one_of: [A1, B1]}}]",
        "hours: {at_least: 10}",
    ),
    "calendar": (REPEATED, ODD_ZONE),
    "markup": ('<b>{name}</b> <a href="https://x.example">x</a> {{ {<}', "<b><i>a</b></i>", '<a href="{slot}">x</a>'),
    "catalogue": (ARABIC,),
    "button": ("v12.o.B1", "d7.yes.1.2", "v1.go.team.0"),
    "answers": ("Minden", "10", "März 2024", "1.2.2025", "18:30", "مارس ٢٠٢٤", "+49 571 1", "Ja!"),
}
