"""The sections that the program writes into the papers, each from its source: content, settings, tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE, german_name, is_right_to_left
from bot.content.town import Retention, Work
from bot.core.message import Text
from bot.core.questionnaire import ONLY_IN_FORMS, Kind, Question
from bot.core.roles import RIGHTS, Right, Role
from bot.db.schema import metadata
from bot.privacy import periods
from bot.privacy.sections import table
from bot.privacy.tables import stored
from bot.privacy.words import Words
from bot.services.audit import Deed
from bot.services.rights.breaches import Happened
from bot.services.staff.texts import role_name, staff_text
from bot.settings import TRANSLATORS, Settings

PUBLIC_API = "api.telegram.org"
_COMMAND = "ui.command."
COLUMNS = {
    "questions": 9,
    "consents": 7,
    "tables": 6,
    "retention": 4,
    "processors": 4,
    "contracts": 5,
    "deeds": 2,
    "commands": 2,
    "rights": 1,
}
"""How many columns each table has."""
_CONTROLLER = ("operator", "project", "address", "phone", "email", "responsible", "officer", "url", "languages")
_PROCESSORS = ("telegram", "own_api", "host", "own_database", "other_database", *TRANSLATORS)
_WORDS = (
    *("yes", "no", "none", "part", "answers", "code", "town", "questionnaire", "untranslated"),
    *("no_contract", "no_processors"),
    *("may_skip", "may_decline"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """What the sections are made from."""

    content: Content
    settings: Settings
    words: Words

    def german(self, key: str) -> str:
        """A text of the content in German, without markup."""
        return self.said(SOURCE_LANGUAGE, key)

    def said(self, language: str, key: str) -> str:
        """A text of the content without markup. German if it is not translated."""
        return self.content.texts.label(language, Text(key))

    def head(self, name: str) -> list[str]:
        """The columns of a table."""
        return self.words.cells("heads", name, COLUMNS[name])

    def yes(self, holds: bool) -> str:
        """Yes or no, for a cell."""
        return self.words.of("word", "yes" if holds else "no")

    def these(self, names: list[str]) -> str:
        """Names, for a cell."""
        return ", ".join(names) or self.words.of("word", "none")


def sections(source: Source) -> dict[str, str]:
    """Every section by its name.

    Raises:
        PrivacyRefused: words are missing, or have no subject.
    """
    source.words.demand(needed(source))
    return {name: made(source) for name, made in SECTIONS.items()}


def needed(source: Source) -> dict[str, set[str]]:
    """The words that the sections need, by their parts."""
    questions = source.content.questionnaire.questions
    other_ends = source.words.parts.get("goes", {}).keys() & metadata.tables.keys()
    return {
        "heads": set(COLUMNS),
        "word": set(_WORDS),
        "kind": {one.value for one in Kind if one not in ONLY_IN_FORMS},
        "ask": {"start", "end"},
        "purpose": {one.purpose for one in questions},
        "basis": {one.basis for one in questions},
        "table": set(metadata.tables),
        "goes": {"person", "nobody"} | other_ends,
        "retention": {one.name for one in fields(Retention)},
        "fixed": set(periods.FIXED),
        "backup": set(periods.BACKUPS),
        "processor": set(_PROCESSORS),
        "controller": set(_CONTROLLER),
        "notice": {"notice", "details", "consents"},
        "work": {one.value for one in Work},
        "breach": {"list", "class", "report", *Happened},
    }


def _controller(source: Source) -> str:
    town, words = source.content.town, source.words
    lines = {
        "operator": town.imprint.operator,
        "project": f"{town.project}, {town.name}",
        "address": town.imprint.contact.address,
        "phone": town.imprint.contact.phone,
        "email": town.imprint.contact.email,
        "responsible": town.imprint.responsible,
        "officer": town.privacy.officer,
        "url": town.privacy.url,
        "languages": ", ".join(german_name(language) for language in town.languages),
    }
    return "\n".join(f"- **{words.of('controller', name)}:** {lines[name]}" for name in _CONTROLLER)


def _questions(source: Source) -> str:
    every = source.content.questionnaire
    rows = [
        [
            _asked(source, one),
            f"`{one.id}`",
            source.words.of("kind", one.kind),
            source.words.of("purpose", one.purpose),
            source.words.of("basis", one.basis),
            periods.span_in_words(one.retention),
            _left_open(source, one),
            source.yes(one.sensitive),
            source.yes(one.id in every.sealed),
        ]
        for one in every.questions
    ]
    return table(source.head("questions"), rows)


def _asked(source: Source, question: Question) -> str:
    """The question as people read it. Computed questions are not asked."""
    ask = f"{question.key}.ask"
    return source.german(ask if source.content.texts.has(SOURCE_LANGUAGE, ask) else f"{question.key}.short")


def _left_open(source: Source, question: Question) -> str:
    """Whether a person may go on without an answer."""
    ways = [source.words.of("word", "may_skip")] if question.optional else []
    ways += [source.words.of("word", "may_decline")] if question.sensitive else []
    return ", ".join(ways) or source.yes(False)


def _consents(source: Source) -> str:
    def said(purpose: str, part: str) -> str:
        key = f"town.consents.{purpose}.{part}"
        there = source.content.texts.has(SOURCE_LANGUAGE, key)
        return source.german(key) if there else source.words.of("word", "none")

    rows = [
        [
            said(one.id, "title"),
            f"`{one.id}`",
            said(one.id, "text"),
            source.yes(one.required),
            source.words.of("ask", one.ask),
            said(one.id, "recipients"),
            said(one.id, "retention"),
        ]
        for one in source.content.town.consents
    ]
    return table(source.head("consents"), rows)


def _roles(source: Source) -> str:
    def german(text: Text) -> str:
        return source.content.texts.label(SOURCE_LANGUAGE, text)

    head = [*source.head("rights"), *(german(role_name(role)) for role in Role)]
    rows = [
        [german(staff_text(f"right.{right}")), *(source.yes(right in RIGHTS[role]) for role in Role)]
        for right in Right
    ]
    return table(head, rows)


def _tables(source: Source) -> str:
    words = source.words
    rows = [
        [
            f"`{one.name}`",
            words.of("table", one.name),
            source.yes(one.of_a_person),
            source.these([*one.sealed, *(words.of("word", "part").format(column=column) for column in one.partly)]),
            source.these(list(one.free)),
            words.of("goes", one.name) or words.of("goes", "person" if one.of_a_person else "nobody"),
        ]
        for one in stored()
    ]
    return table(source.head("tables"), rows)


def _retention(source: Source) -> str:
    words, rows = source.words, list[list[str]]()

    def add(part: str, lengths: Mapping[str, str], origin: Callable[[str], str]) -> None:
        for name, length in lengths.items():
            what, since = words.cells(part, name, 2)
            rows.append([what, length, since, origin(name)])

    add("retention", periods.of_town(source.content.town.retention), lambda _: words.of("word", "town"))
    add("fixed", periods.of_program(), lambda _: words.of("word", "code"))
    add("backup", periods.of_backups(source.settings), lambda name: f"`{name.upper()}`")
    lengths = sorted({one.retention for one in source.content.questionnaire.questions})
    what, since = words.cells("word", "answers", 2)
    rows.insert(0, [what, ", ".join(map(periods.span_in_words, lengths)), since, words.of("word", "questionnaire")])
    return table(source.head("retention"), rows)


def _processors(source: Source) -> str:
    read = source.settings
    public = urlsplit(read.telegram_api_url).hostname == PUBLIC_API
    found = {
        "telegram" if public else "own_api": "TELEGRAM_API_URL",
        "host": "",
        "own_database" if read.database_url.startswith("sqlite") else "other_database": "DATABASE_URL",
        read.translator: "TRANSLATOR",
    }
    rows = []
    for name, setting in found.items():
        whom, what, role = source.words.cells("processor", name, 3)
        rows.append([whom, what, f"`{setting}`" if setting else source.words.of("word", "none"), role])
    return table(source.head("processors"), rows)


def _contracts(source: Source) -> str:
    """The processors that the town names, with what they do and the date of the contract."""
    rows = [
        [
            source.words.of("work", one.work),
            one.name,
            one.seat,
            one.purpose,
            source.words.of("word", "no_contract") if one.contract is None else f"{one.contract:%d.%m.%Y}",
        ]
        for one in source.content.town.processors
    ]
    return table(source.head("contracts"), rows) if rows else source.words.of("word", "no_processors")


def _deeds(source: Source) -> str:
    rows = [[source.content.texts.label(SOURCE_LANGUAGE, staff_text(f"deed.{one}")), f"`{one}`"] for one in Deed]
    return table(source.head("deeds"), rows)


def _commands(source: Source) -> str:
    names = [key.removeprefix(_COMMAND) for key in source.content.texts.keys(_COMMAND)]
    rows = [[f"`/{name}`", source.german(f"{_COMMAND}{name}")] for name in names]
    return table(source.head("commands"), rows)


def _notices(source: Source) -> str:
    """What people read before they consent, in each language."""
    return "\n\n".join(_notice(source, language) for language in source.content.languages)


def _notice(source: Source, language: str) -> str:
    """The notice in one language. Each line is a paragraph of a quotation."""
    texts, words = source.content.texts, source.words
    consents = [one.id for one in source.content.town.consents]
    keys = ["town.privacy.notice", "town.privacy.details"]
    keys += [f"town.consents.{one}.{part}" for one in consents for part in ("title", "text")]
    lines = [f"### {german_name(language)} (`{language}`)"]
    if not all(texts.has(language, key) for key in keys):
        lines.append(words.of("word", "untranslated"))
    if is_right_to_left(language):
        lines.append('<div dir="rtl">')
    for part in ("notice", "details"):
        lines += [f"**{words.of('notice', part)}**"]
        lines += ["> " + one for one in source.said(language, f"town.privacy.{part}").splitlines() if one]
    lines.append(f"**{words.of('notice', 'consents')}**")
    for one in consents:
        title, text = (source.said(language, f"town.consents.{one}.{part}") for part in ("title", "text"))
        lines.append(f"> {title}: {text}")
    if is_right_to_left(language):
        lines.append("</div>")
    return "\n\n".join(lines)


SECTIONS: Mapping[str, Callable[[Source], str]] = {
    "controller": _controller,
    "questions": _questions,
    "consents": _consents,
    "roles": _roles,
    "tables": _tables,
    "retention": _retention,
    "processors": _processors,
    "contracts": _contracts,
    "deeds": _deeds,
    "commands": _commands,
    "notices": _notices,
}
"""The function that writes each marked section."""
