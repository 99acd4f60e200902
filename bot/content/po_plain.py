"""A PO file as our tools, Poedit and Weblate write it, read in one pass. What is odd in any way is left to Babel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from gettext import c2py

PluralRule = Callable[[int], int]

_STRING = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_OBSOLETE = "#~ "


def _shape(mark: str) -> re.Pattern[str]:
    """One entry whose lines begin with a mark, behind the comments and empty lines above it."""
    strings = rf"{_STRING}(?:\n{mark}{_STRING})*"
    return re.compile(
        r"(?P<comments>(?:#(?:[^~\n].*|~\|.*)?\n|\n)*)"
        rf"(?:{mark}msgctxt (?P<context>{strings})\n)?"
        rf"{mark}msgid (?P<one>{strings})\n"
        rf"(?:{mark}msgid_plural (?P<many>{strings})\n"
        rf"(?P<forms>(?:{mark}msgstr\[[0-9]\] {strings}\n)+)"
        rf"|{mark}msgstr (?P<form>{strings})\n)"
    )


_SHAPES = tuple((mark, _shape(mark)) for mark in ("", _OBSOLETE))
_FORMS = {mark: re.compile(rf"{mark}msgstr\[([0-9])\] ({_STRING}(?:\n{mark}{_STRING})*)\n") for mark, _ in _SHAPES}
_ESCAPE = re.compile(r'\\([\\trn"])')
_ESCAPED = {"t": "\t", "r": "\r", "n": "\n"}
_HEADER_LINE = re.compile(r"[A-Za-z0-9-]+:.*")
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]) (?:[01][0-9]|2[0-3]):[0-5][0-9](?:[+-][0-9]{4})?"
_USUAL = {
    "content-type": re.compile(r"text/plain; charset=(?i:utf-8)"),
    "language": re.compile(r"[a-z]{2,3}(?:[_-][A-Z]{2})?"),
    "po-revision-date": re.compile(rf"{_DATE}|YEAR-MO-DA HO:MI\+ZONE"),
    "pot-creation-date": re.compile(_DATE),
}
"""Headers that Babel reads, and how it surely can read them."""
_PLURAL_FORMS = re.compile(r"nplurals=([1-9]); ?plural=([^;\"<][^;\"]*);?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the German forms it translates, its own forms, its place, and what translators wrote about it."""

    key: str
    source: tuple[str, ...]
    forms: tuple[str, ...]
    fuzzy: bool
    line: int
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plain:
    """What a file holds: its entries by key, those whose text is gone, its headers and its plural forms."""

    entries: Mapping[str, Entry]
    obsolete: Mapping[str, Entry]
    headers: Mapping[str, str]
    plurals: int
    rule: PluralRule


def read_plain(words: str) -> Plain | None:
    """What the file holds; None where Babel must look at it."""
    if "\u2068" in words or "\u2069" in words:  # within comments they hold file names together
        return None
    words = words.rstrip("\n") + "\n"
    matches = _matches(words)
    _, header = next(matches, ("", None))
    if header is None or header["context"] is not None or header["one"] != '""' or header["form"] is None:
        return None
    try:
        headers = read_headers(header["form"])
    except ValueError:
        return None
    plurals = _plurals(headers)
    if plurals is None:
        return None
    entries: dict[str, Entry] = {}
    obsolete: dict[str, Entry] = {}
    line, at = 1, 0
    for mark, match in matches:
        if match is None:
            return None
        line, at = line + words.count("\n", at, match.start("one")), match.start("one")
        entry = _entry(match, mark, line, plurals[0])
        if entry is None or (not mark and entry.key in entries):
            return None
        (obsolete if mark else entries)[entry.key] = entry
    return Plain(entries, obsolete, headers, *plurals)


def read_headers(strings: str) -> dict[str, str]:
    """The lines of a header; ValueError for one that is none, behind which others would go unread."""
    lines = [line for line in _unquoted(strings, "").split("\n") if line]
    for line in lines:
        if not _HEADER_LINE.fullmatch(line):
            raise ValueError(f"'{line}' is no line of a header")
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _matches(words: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Every entry with its mark, in order; None as the last where something else stands."""
    at = 0
    while at < len(words):
        found = ((mark, match) for mark, shape in _SHAPES if (match := shape.match(words, at)))
        mark, match = next(found, ("", None))
        yield mark, match
        if match is None:
            return
        at = match.end()


def _plurals(headers: Mapping[str, str]) -> tuple[int, PluralRule] | None:
    named = {name.lower(): value for name, value in headers.items()}
    if any(not shape.fullmatch(named[name]) for name, shape in _USUAL.items() if name in named):
        return None
    forms = _PLURAL_FORMS.fullmatch(named.get("plural-forms", ""))
    try:
        return (int(forms[1]), _rule(forms[2].strip())) if forms else None
    except (ValueError, RecursionError):
        return None


@lru_cache(maxsize=64)
def _rule(expression: str) -> PluralRule:
    return c2py(expression)


def _entry(match: re.Match[str], mark: str, line: int, plurals: int) -> Entry | None:
    context, one, many, form = match["context"], match["one"], match["many"], match["form"]
    if context is None:
        return None
    key = _unquoted(context, mark)
    source: tuple[str, ...] = (_unquoted(one, mark),)
    forms: tuple[str, ...]
    if source == ("",):
        return None
    if many is None:
        forms = (_unquoted(form, mark),)
    else:
        numbered = _FORMS[mark].findall(match["forms"])
        if len(numbered) > plurals or any(int(number) != place for place, (number, _) in enumerate(numbered)):
            return None
        source = (*source, _unquoted(many, mark))
        forms = tuple(_unquoted(strings, mark) for _, strings in numbered) + ("",) * (plurals - len(numbered))
    comments, fuzzy = _comments(match["comments"])
    return Entry(key, source, forms, fuzzy, line, comments)


def _comments(block: str) -> tuple[tuple[str, ...], bool]:
    """What translators wrote above an entry, and whether it bears the mark fuzzy."""
    written: list[str] = []
    fuzzy = False
    for line in block.split("\n"):
        kind = line[1:2]
        if kind == ",":
            fuzzy = fuzzy or "fuzzy" in [flag.strip() for flag in line[2:].split(",")]
        elif line and kind not in {":", ".", "~"}:
            written.append(line[1:].strip())
    return tuple(dict.fromkeys(written)), fuzzy


def _unquoted(strings: str, mark: str) -> str:
    if "\n" in strings:
        strings = "".join(line.removeprefix(mark)[1:-1] for line in strings.split("\n"))
    else:
        strings = strings[1:-1]
    return _ESCAPE.sub(_meant, strings) if "\\" in strings else strings


def _meant(escape: re.Match[str]) -> str:
    return _ESCAPED.get(escape[1], escape[1])
