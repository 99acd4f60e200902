"""Breaks of PO files of which it is certain what must be said where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.faults import Level
from tests.content.breaking import PLACEHOLDER, PO_FILES, TAG, WHOLE, broken, has, line_at, spoilt, written


@dataclass(frozen=True)
class Entry:
    """An entry of a PO file: its key, where it begins and ends, and where its words in the other language begin."""

    file: str
    key: str
    start: int
    end: int
    context: int
    source: int
    forms: int

    @property
    def line(self) -> int:
        """An entry's faults stand where the German words begin."""
        return line_at(self.file, self.source)

    @property
    def plural(self) -> bool:
        return "msgid_plural" in WHOLE[self.file][self.start : self.end]


def entries(name: str) -> Iterator[Entry]:
    start = 0
    for block in WHOLE[name].split("\n\n"):
        key = re.search(r'msgctxt "(.*)"', block)
        if key is not None:
            places = (block.index(word) for word in ("msgctxt", "msgid", "msgstr"))
            yield Entry(name, key[1], start, start + len(block), *(start + place for place in places))
        start += len(block) + 2


ENTRIES = [entry for name in PO_FILES for entry in entries(name)]


@settings(max_examples=25)
@given(st.data())
def test_broken_markup_of_a_translation_is_named_at_its_entry(data: st.DataObject) -> None:
    signs = [
        (entry, match)
        for entry in ENTRIES
        for sign in (PLACEHOLDER, TAG)
        for match in sign.finditer(WHOLE[entry.file], entry.forms, entry.end)
    ]
    entry, sign = data.draw(st.sampled_from(signs))
    faults = broken(written(entry.file, *sign.span(), data.draw(st.sampled_from(spoilt(sign[0])))))
    assert has(faults, entry.file, entry.line, entry.key), faults
    assert {one.file for one in faults} == {entry.file}


Spoiling = Callable[[str], str]


IN_ENTRIES: Mapping[str, tuple[Spoiling, str, Level]] = {
    "words": (lambda block: re.sub(r'(?m)^msgstr(\[.\])? ".*"$', r'msgstr\1 ""', block), "translat", Level.WARNING),
    "fuzzy": (lambda block: block.replace("msgctxt", "#, fuzzy\nmsgctxt"), "is fuzzy", Level.WARNING),
    "key": (lambda block: re.sub(r'(msgctxt ".*)"', r'\1x"', block), "There is no text", Level.WARNING),
    "source": (lambda block: re.sub(r'(msgid ".*)"', r'\1x"', block), "is fuzzy", Level.WARNING),
    "control": (lambda block: block.replace('msgstr "', 'msgstr "\x07'), "control character", Level.WARNING),
    "tab": (lambda block: block.replace('msgstr "', 'msgstr "\\t'), "holds a tab", Level.WARNING),
    "tag": (lambda block: block.replace('msgstr "', 'msgstr "<b>'), "opened and not closed", Level.ERROR),
    "brace": (lambda block: block.replace('msgstr "', 'msgstr "}'), "is no placeholder", Level.ERROR),
    "foreign": (lambda block: block.replace('msgstr "', 'msgstr "{some}'), "has the placeholders", Level.ERROR),
}


@pytest.mark.parametrize("way", IN_ENTRIES)
@settings(max_examples=4)
@given(data=st.data())
def test_a_spoilt_entry_is_named_where_it_stands(way: str, data: st.DataObject) -> None:
    spoil, words, level = IN_ENTRIES[way]
    some = [one for one in ENTRIES if not one.plural and 'msgstr ""' not in WHOLE[one.file][one.start : one.end]]
    entry = data.draw(st.sampled_from(some))
    block = spoil(WHOLE[entry.file][entry.start : entry.end])
    faults = broken(written(entry.file, entry.start, entry.end, block))
    assert has(faults, entry.file, entry.line + (way == "fuzzy"), words, level), faults
    assert {one.file for one in faults} == {entry.file}


@settings(max_examples=10)
@given(st.data())
def test_an_entry_that_is_gone_or_stands_twice_or_lacks_its_words(data: st.DataObject) -> None:
    entry = data.draw(st.sampled_from(ENTRIES))
    block = WHOLE[entry.file][entry.start : entry.end]
    gone = broken(written(entry.file, entry.start, entry.end, ""))
    assert {(one.file, one.line) for one in gone} == {(entry.file, 1)}
    assert has(gone, entry.file, 1, f"'{entry.key}' is missing", Level.WARNING)
    twice = broken(written(entry.file, entry.end, entry.end, "\n\n" + block))
    second = line_at(entry.file, entry.context) + block.count("\n") + 2
    first = line_at(entry.file, entry.context)
    assert has(twice, entry.file, second, f"'{entry.key}' has two entries (first in line {first})"), twice
    wordless = broken(written(entry.file, entry.forms, entry.end, ""))
    (fault,) = wordless
    assert (fault.file, fault.level) == (entry.file, Level.ERROR)
    assert abs(fault.line - entry.line) <= 1, fault


@settings(max_examples=20)
@given(st.data())
def test_a_quote_that_is_missing_in_a_translation_is_named_in_its_line(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(PO_FILES))
    quotes = [match.start() for match in re.finditer(r'(?<= )"|"(?=\n)|(?m:^)"', WHOLE[name])]
    place = data.draw(st.sampled_from(quotes))
    faults = broken(written(name, place, place + 1, ""))
    assert has(faults, name, line_at(name, place), "This line is not readable as PO"), faults
