"""PO files as other tools write them: broken lines, other orders, headers of their own."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from bot.content.commands import check, extract_and_update
from bot.content.faults import Fault
from bot.content.loader import load

from .editing import line_of

FILE = "demo/locales/en.po"
HEADERS = {
    "poedit": '"Language: en_GB\\n"\n"X-Generator: Poedit 3.5\\n"\n"X-Poedit-Bookmarks: -1,1,-1\\n"\n',
    "weblate": '"Language: en\\n"\n"X-Generator: Weblate 5.14\\n"\n',
    "lokalise": '"Language: en_US\\n"\n"X-Generator: lokalise.com\\n"\n"Project-Id-Version: Demo: 2\\n"\n',
}


def changed(folder: Path, pattern: str, new: str, count: int = 0) -> list[Fault]:
    """What is said of the file once every such place reads anew."""
    path = folder / FILE
    before = path.read_text(encoding="utf-8")
    after = re.sub(pattern, new, before, count=count)
    assert after != before
    path.write_text(after, encoding="utf-8", newline="")
    return list(load(folder, "demo").faults)


@pytest.mark.parametrize("day", ["", "soon", "2026-11-27"])
def test_a_day_in_the_header_may_be_missing(folder: Path, day: str) -> None:
    assert changed(folder, "PO-Revision-Date: .*ZONE", f"PO-Revision-Date: {day}") == []


@pytest.mark.parametrize("tool", HEADERS)
def test_the_headers_of_other_tools_are_taken_and_kept(folder: Path, tool: str) -> None:
    assert changed(folder, '"Language: en\\\\n"\n', HEADERS[tool].replace("\\", "\\\\")) == []
    extract_and_update(folder, "demo", io.StringIO())
    assert "X-Generator" in (folder / FILE).read_text(encoding="utf-8")
    assert load(folder, "demo").faults == ()


def test_the_order_of_entries_and_the_ends_of_lines_mean_nothing(folder: Path) -> None:
    path = folder / FILE
    header, *entries = path.read_text(encoding="utf-8").strip().split("\n\n")
    before = path.read_bytes()
    turned = "\n\n".join([header, *reversed(entries)]).replace("\n", "\r\n")
    path.write_bytes(f"\ufeff{turned}\r\n".encode())
    assert load(folder, "demo").faults == ()
    extract_and_update(folder, "demo", io.StringIO())
    assert path.read_bytes() == before


def test_a_context_may_go_on_in_the_next_line(folder: Path) -> None:
    assert changed(folder, r'msgctxt "town\.(.*)"', r'msgctxt ""\n"town."\n"\1"') == []


def test_two_entries_of_one_text_are_known_however_their_contexts_are_broken(folder: Path) -> None:
    entry = '\nmsgctxt "town.next.who"\nmsgid "Das Team"\nmsgstr "We"\n'
    faults = changed(folder, r"\Z", entry.replace('"town.', '""\n"town."\n"'))
    place = (FILE, len((folder / FILE).read_text(encoding="utf-8").splitlines()) - 4)
    first = line_of(folder / FILE, '"town.next.who"')
    assert [(one.file, one.line) for one in faults] == [place]
    assert faults[0].what == f"'town.next.who' has two entries (first in line {first})"


def test_where_a_tool_has_dropped_the_contexts_no_translation_is_lost(folder: Path) -> None:
    faults = changed(folder, 'msgctxt ".*"\n', "")
    assert [(one.line, one.what) for one in faults] == [
        (line_of(folder / FILE, 'msgid "Das Team"'), "This entry has no context")
    ]
    before = (folder / FILE).read_bytes()
    assert extract_and_update(folder, "demo", io.StringIO()) == 1
    assert (folder / FILE).read_bytes() == before


def test_a_header_that_names_another_language_is_worth_a_warning(folder: Path) -> None:
    (fault,) = changed(folder, "Language: en", "Language: es_ES")
    assert "The header says Language: es_ES" in fault.what
    assert check(folder, "demo", io.StringIO()) == 0
