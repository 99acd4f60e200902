"""What is checked over all texts together: markup, translations, and the messenger's limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from bot.content import markup
from bot.content.catalogue import Catalogue, Entry
from bot.content.faults import Level, Report, nearest
from bot.content.locales import is_right_to_left, own_name
from bot.content.markup import MarkupError, Shape
from bot.content.plurals import default_plural_forms, differs, is_sound, is_usual
from bot.content.reader import Source
from bot.content.rich import utf16
from bot.content.town import TRANSLATION
from bot.core.questionnaire import Questionnaire

LONGEST_MESSAGE = 4096
"""UTF-16 units of a message's text (Telegram Bot API, sendMessage)."""
LONGEST_CAPTION = 1024
"""UTF-16 units of a text below a picture or file."""
SPARE = 200
"""Units that a question's card needs for its progress bar and blank lines."""
LONGEST_BUTTON = 64
EASY_BUTTON = 30
"""Characters of a button's label that a narrow phone shows in full."""


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"\{[^{}]*\}|<[^<>]*>")
_TITLES = re.compile(r"offers\.[^.]+\.title")
"""Titles are also buttons, but each in a row of its own: a name may fill that row."""
_BUTTONS = re.compile(
    r"(?:questionnaire|forms\.\w+)\.\w+\.(?:short|option\.\w+|link\.\w+)|list\.\w+\.\w+|(?:ui|staff)\.(?:answer|button)\.\w+"
)
"""Keys of texts that are labels of buttons."""
_BARE_COMMAND = re.compile(r"(?<![\u200e\w/<])/[a-z][a-z0-9_]{1,31}(?!\w)")
"""A command without the invisible mark that keeps its slash on its left among right-to-left words."""


def check_sources(sources: Mapping[str, Source], report: Report) -> None:
    """Reports German texts with broken markup, with arguments that nobody fills in, or longer than a message."""
    for source in sources.values():
        for form in dict.fromkeys(source.forms):
            _check_source(source, form, report)
        filled = _filled_in(source.key)
        if source.plural and filled is not None and "n" not in filled:
            what = f"{source.key} has a form for one and a form for more, and is said without a number"
            report.add(source.file, source.line, what, "Write one text")


def _check_source(source: Source, form: str, report: Report) -> None:
    try:
        parts = markup.parse(form)
    except MarkupError as fault:
        report.add(source.file, source.line, f"{source.key}: {fault.what}", fault.mend)
        return
    if utf16(markup.plain(parts)) > LONGEST_MESSAGE:
        report.add(
            source.file, source.line, f"{source.key} is longer than a message ({LONGEST_MESSAGE})", "Shorten it"
        )
    _check_controls(form, source.key, source.file, source.line, report)
    filled, slots = _filled_in(source.key), markup.shape(parts).slots
    for name in sorted(slots - filled) if filled is not None else ():
        known = " and ".join(f"{{{one}}}" for one in sorted(filled or ()))
        mend = f"Only {known} can stand here" if known else "Take the braces away; {{ and }} are read as braces"
        report.add(source.file, source.line, f"Nobody fills in {{{name}}} in {source.key}", mend)


def _filled_in(key: str) -> frozenset[str] | None:
    """The placeholders that a text of the town may have. None if another check handles that text."""
    match key.split("."):
        case ["ui" | "reminders" | "staff", *_]:
            return None
        case ["questionnaire", question, "unit"] | ["forms", _, question, "unit"] if question != "section":
            return frozenset({"n"})
        case ["town", "consents", consent, "text"] if consent == TRANSLATION:
            return frozenset({"service"})
        case ["questionnaire", question, "say"] | ["forms", _, question, "say"] if question != "section":
            return frozenset({"value"})
    return frozenset()


def _check_controls(form: str, key: str, file: str, line: int, report: Report) -> None:
    control = _CONTROL.search(form)
    if control:
        name = "a tab" if control[0] == "\t" else f"the control character {ord(control[0]):#04x}"
        report.add(file, line, f"'{key}' holds {name}", "Write spaces instead", Level.WARNING)


def _check_commands(form: str, key: str, line: int, file: str, report: Report) -> None:
    bare = _BARE_COMMAND.search(form)
    if bare:
        what = f"'{key}' lets the slash of {bare[0]} jump to the other side of its word"
        mend = "Copy the invisible left-to-right mark (U+200E) from before another command"
        report.add(file, line, what, mend, Level.WARNING)


def check_catalogue(sources: Mapping[str, Source], catalogue: Catalogue, language: str, report: Report) -> None:
    """Reports faults of one PO file against the German texts of its folder."""
    named = catalogue.headers.get("Language", language)
    if named.partition("_")[0] != language.partition("_")[0]:  # Lokalise and other tools add a country: pl_PL
        what = f"The header says Language: {named}, the file's name {language}"
        report.add(catalogue.file, 1, what, "Make them agree", Level.WARNING)
    _check_plurals(catalogue, language, report)
    for entry in catalogue.entries.values():
        if entry.key not in sources:
            what = f"There is no text '{entry.key}'"
            mend = f"Run 'lotse texts update', which puts it aside. {nearest(entry.key, sources)}"
            report.add(catalogue.file, entry.line, what, mend, Level.WARNING)
    missing = [source for source in sources.values() if source.key not in catalogue.entries]
    for source in missing:
        what = f"The text '{source.key}' is missing"
        report.add(catalogue.file, 1, what, "Run 'lotse texts update' and translate it", Level.WARNING)
    for key in sources.keys() & catalogue.entries.keys():
        _check_entry(sources[key], catalogue.entries[key], catalogue, language, report)


def _check_plurals(catalogue: Catalogue, language: str, report: Report) -> None:
    count = catalogue.plurals
    if not is_sound(catalogue.rule, count):
        what, level = f"'Plural-Forms' gives some numbers a form that is none of the {count}", Level.ERROR
    elif not is_usual(count, language):
        what, level = f"'Plural-Forms' names {count} plural forms, which '{language}' does not have", Level.WARNING
    elif (pair := differs(catalogue.rule, language)) is not None:
        one, other = pair
        same = catalogue.rule(one) == catalogue.rule(other)
        says, has = ("the same form", "two") if same else ("two forms", "the same")
        what, level = f"'Plural-Forms' gives {one} and {other} {says}; in '{language}' they have {has}", Level.WARNING
    else:
        return
    mend = f"Write it as Poedit does: {default_plural_forms(language)}"
    report.add(catalogue.file, catalogue.plural_line, what, mend, level)


def state_of(source: Source, entry: Entry | None) -> str:
    """The state of an entry.

    "translated", "fuzzy" (also if the German has changed since) or "missing" (also if one plural form is).
    """
    if entry is None or not all(map(str.strip, entry.forms)):
        return "missing"
    return "fuzzy" if entry.fuzzy or entry.source != source.forms else "translated"


def _check_entry(source: Source, entry: Entry, catalogue: Catalogue, language: str, report: Report) -> None:
    state = state_of(source, entry)
    if state == "missing":
        some = any(entry.forms)
        what = f"'{source.key}' lacks a plural form" if some else f"'{source.key}' is not translated"
        mend = f"Fill in all {len(entry.forms)} forms" if some else "Translate it"
        report.add(catalogue.file, entry.line, what, mend, Level.WARNING)
        return
    if state == "fuzzy":
        what = f"'{source.key}' is fuzzy, so German is shown in its place"
        mend = "Check the translation against the German text and take the mark 'fuzzy' away"
        report.add(catalogue.file, entry.line, what, mend, Level.WARNING)
        return
    for form in dict.fromkeys(entry.forms):
        _check_form(source, form, entry.line, catalogue.file, report)
        _check_controls(form, source.key, catalogue.file, entry.line, report)
        if is_right_to_left(language):
            _check_commands(form, source.key, entry.line, catalogue.file, report)
    if not entry.comments and any(form in source.forms and _reads_as_german(form, language) for form in entry.forms):
        mend = "Translate it; if it is a name, say so in a comment (# ...) above it"
        report.add(catalogue.file, entry.line, f"'{source.key}' still is the German text", mend, Level.HINT)


def _reads_as_german(form: str, language: str) -> bool:
    """Whether a translation that equals the German looks forgotten, and not like a name or a sign.

    Names of several words have capitals in German and in other languages of the Latin alphabet. Languages of other
    alphabets write most names in their own letters.
    """
    words = [word for word in _MARKUP.sub(" ", form).split() if any(map(str.isalpha, word))]
    if any(letter.isascii() and letter.isalpha() for letter in own_name(language)):
        return len(words) > 1 and any(word.isalpha() and word.islower() for word in words)
    return len(words) > 1 or any(word.isalpha() and word.istitle() for word in words)


def _check_form(source: Source, form: str, line: int, file: str, report: Report) -> None:
    try:
        shape = markup.shape(markup.parse(form))
        wanted = markup.shape(markup.parse(source.forms[-1]))
    except MarkupError as fault:
        report.add(file, line, f"{source.key}: {fault.what}", fault.mend)
        return
    free = {"n"} if source.plural else set()  # "ein Tag" needs no number
    if shape.slots - free != wanted.slots - free or not shape.slots <= wanted.slots | free:
        what = f"'{source.key}' has the placeholders {_slots(shape)}, the German text {_slots(wanted)}"
        report.add(file, line, what, "Use exactly those of the German text; their names are not translated")
    if shape.tags != wanted.tags:
        what = f"'{source.key}' has other bold, italic or link parts than the German text"
        report.add(file, line, what, "Use the same tags as the German text")


def _slots(shape: Shape) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(shape.slots)) or "none"


def check_limits(
    questionnaire: Questionnaire,
    sources: Mapping[str, Source],
    catalogues: Mapping[str, Mapping[str, Entry]],
    report: Report,
) -> None:
    """Reports cards longer than a message and labels longer than a button, in German and every translation."""
    for question in questionnaire.questions:
        ids = [f"{question.key}.{name}" for name in ("ask", "hint", "why")]
        card = [sources[key] for key in (question.section_key, *ids) if key in sources]
        for language, entries in {"": {}, **catalogues}.items():
            length = sum(max(map(utf16, _forms(source, entries))) for source in card)
            if length > LONGEST_MESSAGE - SPARE:
                what = f"The card of '{question.id}' has {length} characters{_in(language)}, more than a message"
                report.add(*_place(card[-1], language, entries), what, "Shorten ask, hint or why")
    for source in sources.values():
        if _BUTTONS.fullmatch(source.key):
            _check_label(source, catalogues, report)
        elif _TITLES.fullmatch(source.key):
            _check_label(source, catalogues, report, easy=LONGEST_BUTTON)


def _check_label(
    source: Source, catalogues: Mapping[str, Mapping[str, Entry]], report: Report, easy: int = EASY_BUTTON
) -> None:
    for language, entries in {"": {}, **catalogues}.items():
        if language and source.key not in entries:
            continue  # shown in German there too, or (staff texts) only ever German
        length = max(map(len, _forms(source, entries)))
        if length > easy:
            level = Level.ERROR if length > LONGEST_BUTTON else Level.HINT
            what = f"The button '{source.key}' has {length} characters{_in(language)}"
            report.add(*_place(source, language, entries), what, f"Phones show about {EASY_BUTTON}", level)


def _place(source: Source, language: str, entries: Mapping[str, Entry]) -> tuple[str, int]:
    """Where a text is written: the YAML file for German, else the PO file of that folder."""
    entry = entries.get(source.key)
    if entry is None or state_of(source, entry) != "translated":
        return source.file, source.line
    return str(PurePosixPath(source.file).parent / "locales" / f"{language}.po"), entry.line


def _forms(source: Source, entries: Mapping[str, Entry]) -> tuple[str, ...]:
    entry = entries.get(source.key)
    return entry.forms if entry and state_of(source, entry) == "translated" else source.forms


def _in(language: str) -> str:
    return f" in '{language}'" if language else ""
