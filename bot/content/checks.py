"""What is checked over all texts together: markup, translations, and the messenger's limits."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content import markup
from bot.content.catalogue import Catalogue, Entry
from bot.content.faults import Level, Report, nearest
from bot.content.markup import MarkupError, Shape
from bot.content.reader import Source
from bot.content.rich import utf16
from bot.core.questionnaire import Questionnaire

LONGEST_MESSAGE = 4096
"""UTF-16 units of a message's text (Telegram Bot API, sendMessage)."""
SPARE = 200
"""Units a question's card needs for its progress bar and blank lines."""
LONGEST_BUTTON = 64
EASY_BUTTON = 30
"""Characters of a button's label a narrow phone shows without cutting it."""


def check_sources(sources: Mapping[str, Source], report: Report) -> None:
    """Faults German texts whose markup cannot be read or that are longer than a message."""
    for source in sources.values():
        for form in source.forms:
            try:
                parts = markup.parse(form)
            except MarkupError as fault:
                report.add(source.file, source.line, f"{source.key}: {fault.what}", fault.mend)
                continue
            if utf16(markup.plain(parts)) > LONGEST_MESSAGE:
                what = f"{source.key} is longer than a message ({LONGEST_MESSAGE})"
                report.add(source.file, source.line, what, "Shorten it")


def check_catalogue(sources: Mapping[str, Source], catalogue: Catalogue, language: str, report: Report) -> None:
    """Faults of one PO file against the German texts of its folder."""
    named = catalogue.headers.get("Language", language)
    if named.replace("_", "-") != language.replace("_", "-"):
        what = f"The header says Language: {named}, the file's name {language}"
        report.add(catalogue.file, 1, what, "Make them agree", Level.WARNING)
    for entry in catalogue.entries.values():
        if entry.key not in sources:
            what = f"There is no text '{entry.key}'"
            mend = f"{nearest(entry.key, sources)}, or run 'lotse texts update', which puts it aside"
            report.add(catalogue.file, entry.line, what, mend, Level.WARNING)
    missing = [source for source in sources.values() if source.key not in catalogue.entries]
    for source in missing:
        what = f"The text '{source.key}' is missing"
        report.add(catalogue.file, 1, what, "Run 'lotse texts update' and translate it", Level.WARNING)
    for key in sources.keys() & catalogue.entries.keys():
        _check_entry(sources[key], catalogue.entries[key], catalogue, report)


def state_of(source: Source, entry: Entry | None) -> str:
    """How far an entry is.

    "translated", "fuzzy" (also when the German has changed since) or "missing" (also when a plural form is).
    """
    if entry is None or not all(entry.forms):
        return "missing"
    return "fuzzy" if entry.fuzzy or entry.source != source.forms else "translated"


def _check_entry(source: Source, entry: Entry, catalogue: Catalogue, report: Report) -> None:
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
    for form in entry.forms:
        _check_form(source, form, entry.line, catalogue.file, report)


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
    """Faults cards longer than a message and labels longer than a button, in German and in every translation."""
    for question in questionnaire.questions:
        ids = [f"questionnaire.{question.id}.{name}" for name in ("ask", "hint", "why")]
        card = [sources[key] for key in (f"questionnaire.section.{question.section}", *ids) if key in sources]
        for language, entries in {"": {}, **catalogues}.items():
            length = sum(max(map(utf16, _forms(source, entries))) for source in card)
            if length > LONGEST_MESSAGE - SPARE:
                what = f"The card of '{question.id}' has {length} characters{_in(language)}, more than a message"
                report.add(card[-1].file, card[-1].line, what, "Shorten ask, hint or why")
    for source in sources.values():
        if ".option." in source.key or source.key.startswith("ui.answer."):
            _check_label(source, catalogues, report)


def _check_label(source: Source, catalogues: Mapping[str, Mapping[str, Entry]], report: Report) -> None:
    for language, entries in {"": {}, **catalogues}.items():
        length = max(map(len, _forms(source, entries)))
        if length > EASY_BUTTON:
            level = Level.ERROR if length > LONGEST_BUTTON else Level.HINT
            what = f"The button '{source.key}' has {length} characters{_in(language)}"
            report.add(source.file, source.line, what, f"Phones show about {EASY_BUTTON}", level)


def _forms(source: Source, entries: Mapping[str, Entry]) -> tuple[str, ...]:
    entry = entries.get(source.key)
    return entry.forms if entry and state_of(source, entry) == "translated" else source.forms


def _in(language: str) -> str:
    return f" in '{language}'" if language else ""
