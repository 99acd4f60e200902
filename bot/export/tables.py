"""Profiles as rows of typed cells. The code that writes a file decides what becomes of each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Text
from bot.core.months import within, year_and_month
from bot.core.questionnaire import Kind
from bot.export.words import NOTES, Words
from bot.services.profiles.profiles import Former, Heading, Profile, Said, Standing

Cell = str | int | float | date | datetime | None
"""A `datetime` is the town's time, without a zone."""
Row = tuple[Cell, ...]


class Form(StrEnum):
    """How the cells of a column look: words, long words, whole numbers, days, months, percentages."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DAY = "day"
    MONTH = "month"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    head: str
    form: Form = Form.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name in code, its title, its columns. `plain`: no filter on its columns."""

    name: str
    title: str
    columns: tuple[Column, ...]
    plain: bool = False


class Book(Protocol):
    """Takes rows for several sheets in any order. The rows of one sheet come in its order."""

    def write(self, sheet: str, row: Row) -> None:
        """Appends a row to a sheet, by its name in code."""
        ...


def columns_of(words: Words, /, *names: str, **forms: Form) -> tuple[Column, ...]:
    """Columns by their names in the words file."""
    every = dict.fromkeys(names, Form.TEXT) | forms
    return tuple(Column(words[f"column.{name}"], form) for name, form in every.items())


def about_sheet(words: Words) -> Sheet:
    """The last sheet of a workbook: what it is."""
    return Sheet("about", words["sheet.about"], columns_of(words, "about", words=Form.LONG), plain=True)


def about_rows(
    words: Words,
    content: Content,
    exported: datetime,
    number: int,
    *,
    counted: str = "people",
    notes: Sequence[str] = NOTES,
) -> Iterator[Row]:
    """What the export is, how many people or rows (`counted`) it has, and what readers must know about it.

    `exported` is the town's time, without a zone.
    """
    yield words["about.project"], f"{content.town.project} {content.town.name}"
    yield words["about.exported"], exported
    yield words["about.revision"], content.revision
    yield words[f"about.{counted}"], number
    for note in notes:
        yield words[f"about.{note}.name"], words[f"about.{note}.text"]


def title_of(content: Content, offer_id: str) -> str:
    """An offer's title in German. Its id if the content no longer has it."""
    key = f"offers.{offer_id}.title"
    return content.texts.label(SOURCE_LANGUAGE, Text(key)) if content.texts.has(SOURCE_LANGUAGE, key) else offer_id


@dataclass(frozen=True)
class Layout:
    """The sheets, and a profile's rows in them. `purposes`: the titles of the consents by id."""

    headings: tuple[Heading, ...]
    purposes: Mapping[str, str]
    words: Words
    labels: Mapping[str, str] = field(init=False)
    """The label of each question. Equal labels are made different."""

    def __post_init__(self) -> None:
        """Makes labels different that equal another question's label, or that of a column."""
        often = Counter([*(one.label for one in self.headings), *(column.head for column in self._person_columns())])
        labels = {one.id: one.label if often[one.label] == 1 else f"{one.label} ({one.id})" for one in self.headings}
        object.__setattr__(self, "labels", labels)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every sheet, in the order of the workbook."""
        columns = {
            "profiles": self._profile_columns(),
            "answers": self._named("person", "question", answer=Form.LONG, original=Form.LONG, standing=Form.TEXT)
            + self._named(given_on=Form.DAY, revision=Form.TEXT, question_id=Form.TEXT),
            "counts": self._named("topic", "kind", "answer", count=Form.NUMBER, share=Form.SHARE, value=Form.NUMBER),
            "history": self._named("person", "question", number=Form.NUMBER, answer=Form.LONG, original=Form.LONG)
            + self._named("present", "standing", given_on=Form.DAY, until=Form.DAY, question_id=Form.TEXT),
        }
        profiles = tuple(Sheet(name, self.words[f"sheet.{name}"], found) for name, found in columns.items())
        return (*profiles, about_sheet(self.words))

    def rows(self, profile: Profile) -> Iterator[tuple[str, Row]]:
        """Every row of one profile, with the name of its sheet."""
        yield "profiles", self._profile(profile)
        for said in (*profile.said, *profile.archived):
            if said.standing.is_stored:
                yield "answers", self._answer(profile, said)
        yield from (("history", row) for row in self._history(profile))

    def _named(self, *names: str, **forms: Form) -> tuple[Column, ...]:
        """Columns by their names in the words file."""
        return columns_of(self.words, *names, **forms)

    def _profile_columns(self) -> tuple[Column, ...]:
        columns = list(self._person_columns())
        original = self.words["column.original_of"]
        for heading in self.headings:
            label = self.labels[heading.id]
            columns.append(Column(label, _FORMS.get(heading.kind, Form.TEXT)))
            if heading.own_words:
                columns.append(Column(original.replace("{question}", label), Form.LONG))
        return (*columns, *self._named(archived=Form.LONG))

    def _person_columns(self) -> tuple[Column, ...]:
        """What is known about a person besides the answers."""
        consent = self.words["column.consent"]
        return (
            *self._named("person", "language", "source", begun=Form.DAY, finished=Form.DAY, seen=Form.DAY),
            *self._named("reachable"),
            *(Column(consent.replace("{purpose}", title), Form.DAY) for title in self.purposes.values()),
        )

    def _profile(self, profile: Profile) -> Row:
        reachable = self.words["reachable.yes" if profile.reachable else "reachable.no"]
        row: list[Cell] = [
            *(profile.person, profile.language_name, profile.source),
            *(profile.begun, profile.finished, profile.seen, reachable),
            *(profile.consents.get(purpose) for purpose in self.purposes),
        ]
        for heading, said in zip(self.headings, profile.said, strict=True):
            row.append(self._present(said, heading.kind))
            if heading.own_words:
                row.append(said.original if said.standing.has_value else None)
        gone = "\n".join(f"{one.label}: {one.german}" for one in profile.archived if one.german is not None)
        return (*row, gone or None)

    def _present(self, said: Said, kind: Kind) -> Cell:
        """The answer that counts now, in its own type. A word in brackets if there is none to show."""
        if said.standing in {Standing.SKIPPED, Standing.DECLINED, Standing.EXPIRED}:
            return self.words[f"cell.{said.standing.value}"]
        if not said.standing.has_value:
            return None
        if kind is Kind.NUMBER and isinstance(said.value, int):
            return said.value
        if kind is Kind.MONTH_YEAR and isinstance(said.value, str) and within(said.value):
            return date(*year_and_month(said.value), 1)
        return self._german(said)

    def _german(self, said: Said | Former) -> str | None:
        """The answer in German. If the person gave none but did respond, it says so."""
        return said.german if said.german is not None or said.value is None else self.words["cell.untranslated"]

    def _answer(self, profile: Profile, said: Said) -> Row:
        standing = self.words[f"standing.{said.standing.value}"]
        given = (standing, said.given_on, said.revision, said.question)
        return (profile.person, self.labels.get(said.question, said.label), self._german(said), said.original, *given)

    def _history(self, profile: Profile) -> Iterator[Row]:
        """Former answers followed by the present one, by question, numbered from the first."""
        present = {one.question: one for one in profile.said if one.standing.is_stored}
        former: dict[str, list[Former]] = {}
        for past in profile.former:
            former.setdefault(past.question, []).append(past)
        remembered = [one.id for one in self.headings if one.remembered and one.id in present]
        order = [one.id for one in self.headings if one.id in {*former, *remembered}]
        for question in (*order, *sorted(former.keys() - set(order))):
            chain: list[Former | Said] = [
                *former.get(question, []),
                *([present[question]] if question in present else []),
            ]
            for number, one in enumerate(chain, start=1):
                yield self._link(profile, number, one)

    def _link(self, profile: Profile, number: int, one: Former | Said) -> Row:
        until = one.replaced_on if isinstance(one, Former) else None
        answered = (self._german(one), one.original)
        when = self.words["present.former" if isinstance(one, Former) else "present.now"]
        standing = self.words[f"standing.{one.standing.value}"]
        label = self.labels.get(one.question, one.label)
        return (profile.person, label, number, *answered, when, standing, one.given_on, until, one.question)


_FORMS = {
    Kind.NUMBER: Form.NUMBER,
    Kind.MONTH_YEAR: Form.MONTH,
    Kind.SHORT_TEXT: Form.LONG,
    Kind.LONG_TEXT: Form.LONG,
    Kind.MULTIPLE: Form.LONG,
}
