"""Translations: one PO file for each language and folder. An entry is found by its context, the text's key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import c2py
from itertools import takewhile
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, denormalize, read_po

from bot.content.faults import Report
from bot.content.locales import locale_of
from bot.content.nodes import read_utf8

PluralRule = Callable[[int], int]

# Babel ignores a missing quote and drops a character, so every line is checked first.
_LINE = re.compile(r'(#~ *)?(msgctxt|msgid|msgid_plural|msgstr(\[[0-9]\])?)? *"[^"\\]*(?:\\.[^"\\]*)*"')
_UNREAD = ("#~|", "#:", "#.", '"PO-Revision-Date:', '"POT-Creation-Date:')
"""Lines that Babel does not get to see: the previous source of an obsolete entry, which it does not know; places of
texts, which it reads letter by letter, and notes for translators, both written anew from the German files; and dates,
which tools leave empty."""
_CONTEXT = re.compile(r'msgctxt *(".*")')
_MORE = re.compile('".*"')
"""A string that continues. Tools break long lines, also those of contexts."""
_PREAMBLE = re.compile(r"(?:#(?![.:,|~]).*\n)*")
_HEADER_LINE = re.compile(r"[A-Za-z0-9-]+:.*")
_HEADER = re.compile(r'(?m)^msgid ""[ \t]*\nmsgstr (".*"(?:\n".*")*)')


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the German forms, their translation, its place, and the comments of translators."""

    key: str
    source: tuple[str, ...]
    forms: tuple[str, ...]
    fuzzy: bool
    line: int
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The entries of one PO file by key.

    `obsolete`: entries whose text no longer exists. `headers`, and the comment above them (`preamble`), are kept as
    written. `rule` comes from `plural_line`: it gives the plural form of a number, out of `plurals` forms.
    """

    file: str
    entries: Mapping[str, Entry]
    obsolete: Mapping[str, Entry]
    headers: Mapping[str, str]
    preamble: str
    plurals: int
    rule: PluralRule
    plural_line: int = 1


def read_catalogue(path: Path, file: str, language: str, report: Report) -> Catalogue | None:
    """Reads a PO file. None, with a fault, if it cannot be read."""
    words = read_utf8(path, file, report)
    if words is None or not _sound(words, file, report):
        return None
    # An empty line keeps the line numbers right.
    lines = ["" if line.startswith(_UNREAD) else line for line in words.split("\n")]
    try:
        headers = _headers(words)
        catalog = read_po(lines, locale=locale_of(language), abort_invalid=True)
        rule = c2py(catalog.plural_expr)
    except PoFileError as problem:
        report.add(file, problem.lineno + 1, f"This is not readable as PO ({problem})", "Repair it in Poedit")
        return None
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        what = f"This is not readable as PO ({type(problem).__name__}: {problem})"
        report.add(file, 1, what, "Check the header, above all Plural-Forms, and repair it in Poedit")
        return None
    entries = {entry.key: entry for entry in map(_entry, catalog) if entry.source != ("",)}
    obsolete = {entry.key: entry for entry in map(_entry, catalog.obsolete.values())}
    return Catalogue(
        file=file,
        entries=entries,
        obsolete=obsolete,
        headers=headers,
        preamble=_preamble(words),
        plurals=catalog.num_plurals,
        rule=rule,
        plural_line=_plural_line(words),
    )


def _sound(words: str, file: str, report: Report) -> bool:
    """Whether every line is a comment or a well-formed string, and every entry has its own context."""
    lines = [line.strip() for line in words.split("\n")]
    for number, text in enumerate(lines, start=1):
        if not text or (text[0] == "#" and not text.startswith("#~ ")):
            continue
        if not _LINE.fullmatch(text):
            report.add(
                file, number, "This line is not readable as PO", "Look for a missing quote or a merge conflict"
            )
            return False
    return _known_apart(lines, file, report)


def _known_apart(lines: Sequence[str], file: str, report: Report) -> bool:
    """Whether every entry has a context and no two have the same: it says which text an entry translates."""
    first: dict[str, int] = {}
    context, sound = "", True
    for number, text in enumerate(lines, start=1):
        if found := _CONTEXT.fullmatch(text):
            context = denormalize("\n".join([found[1], *takewhile(_MORE.fullmatch, lines[number:])]))
            if context in first:
                what = f"'{context}' has two entries (first in line {first[context]})"
                report.add(file, number, what, "Keep one of them")
                sound = False
            first.setdefault(context, number)
        elif text.startswith(("msgid ", 'msgid"')) and not context and not _is_header(lines[number - 1 :]):
            mend = "Take the file of before: a tool that drops 'msgctxt' lets nobody know which text is translated"
            report.add(file, number, "This entry has no context", mend)
            return False
        elif text.startswith("msgstr"):
            context = ""
    return sound


def _is_header(lines: Sequence[str]) -> bool:
    """Whether the entry that begins here is the header, which translates nothing."""
    source = [lines[0].removeprefix("msgid").lstrip(), *takewhile(_MORE.fullmatch, lines[1:])]
    return not denormalize("\n".join(source))


def _entry(message: Message) -> Entry:
    source = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    string = message.string or ""
    forms = (string,) if isinstance(string, str) else tuple(string)
    comments = tuple(message.user_comments)
    return Entry(message.context or "", source, forms, message.fuzzy, message.lineno or 1, comments)


def _plural_line(words: str) -> int:
    return words.count("\n", 0, max(words.find("Plural-Forms"), 0)) + 1


def _preamble(words: str) -> str:
    comment = _PREAMBLE.match(words)
    return comment[0] if comment else ""


def _headers(words: str) -> dict[str, str]:
    """The header's lines. ValueError for a malformed line, because the lines after it would be ignored."""
    header = _HEADER.search(words)
    lines = [line for line in denormalize(header[1]).splitlines() if line] if header else []
    for line in lines:
        if not _HEADER_LINE.fullmatch(line):
            raise ValueError(f"'{line}' is no line of a header")
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
