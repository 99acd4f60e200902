"""What staff see of participants: the profile of each in German, with their own words beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core import engine
from bot.core.ageing import aged
from bot.core.conditions import Value
from bot.core.engine import Age, Answer, Status
from bot.core.message import Month, Text
from bot.core.months import within, year_and_month
from bot.core.moving import carried
from bot.core.questionnaire import OWN_WORDS, Kind, Question
from bot.db.people.participants import Past, Stored
from bot.db.people.profiles import ProfileRow, profile_rows
from bot.services.view import has_text, local_day

_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069"))
"""Direction marks: phones need them, but they get in the way of searching and sorting a sheet."""


class Standing(StrEnum):
    """How a person stands to a question.

    kept: an answer that no longer counts, because of another answer or because the content has changed; open: the
    question is for this person, and not answered; not_asked: it is not for them; archived: its question is gone.
    """

    GIVEN = "given"
    SKIPPED = "skipped"
    DECLINED = "declined"
    COMPUTED = "computed"
    EXPIRED = "expired"
    KEPT = "kept"
    OPEN = "open"
    NOT_ASKED = "not_asked"
    ARCHIVED = "archived"

    @property
    def has_value(self) -> bool:
        """Whether a value counts now."""
        return self in {Standing.GIVEN, Standing.COMPUTED}

    @property
    def is_stored(self) -> bool:
        """Whether there is an answer at all."""
        return self not in {Standing.OPEN, Standing.NOT_ASKED}


@dataclass(frozen=True, slots=True)
class Heading:
    """A question as staff see it: its German label, and its options with theirs."""

    id: str
    label: str
    kind: Kind
    options: Mapping[str, str]
    own_words: bool
    counted: bool
    remembered: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a profile says to one question.

    `german` is None without a value, and for words in another language that nobody has translated; `original` is what
    the person wrote, or the text of their choice in their language. `applies`: whether the question is for them.
    """

    question: str
    label: str
    standing: Standing
    applies: bool
    value: Value | None = None
    german: str | None = None
    original: str | None = None
    given_on: date | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class Former:
    """An answer that another one has replaced."""

    question: str
    label: str
    standing: Standing
    value: Value | None
    german: str | None
    original: str | None
    given_on: date
    replaced_on: date


@dataclass(frozen=True, slots=True)
class Profile:
    """One participant under a pseudonym; days are those of the town's calendar.

    `said` holds every question that is answered or computed, in their order; `archived` the answers to those there
    were; `consents` since when they agree to what.
    """

    person: str
    language: str
    language_name: str
    source: str | None
    begun: date
    finished: date | None
    seen: date
    reachable: bool
    consents: Mapping[str, date]
    said: tuple[Said, ...]
    archived: tuple[Said, ...]
    former: tuple[Former, ...]


def profiles(connection: Connection, content: Content, now: datetime) -> Iterator[Profile]:
    """Everybody's profile, one after the other, the oldest participant first."""
    profiler = Profiler(content, now)
    return map(profiler.profile, profile_rows(connection))


class Profiler:
    """Makes profiles out of rows, as the content and the time are now."""

    def __init__(self, content: Content, now: datetime) -> None:
        self._content = content
        self._questionnaire = content.questionnaire
        self._now = now
        self._asked = tuple(one for one in content.questionnaire.questions if one.kind is not Kind.STATEMENT)
        self._options: dict[tuple[str, str, str], str] = {}
        self._order = {question.id: place for place, question in enumerate(self._asked)}
        self.headings = tuple(map(self._heading, self._asked))
        self._labels = {heading.id: heading.label for heading in self.headings}
        self.purposes = {
            one.id: self._label(SOURCE_LANGUAGE, Text(f"town.consents.{one.id}.title"))
            for one in content.town.consents
        }

    def profile(self, row: ProfileRow) -> Profile:
        """One participant's profile."""
        language = row.language or SOURCE_LANGUAGE
        said, archived = self._said(row, language)
        return Profile(
            person=person_of(row.id),
            language=language,
            language_name=german_name(language),
            source=row.source,
            begun=self._day(row.created_at),
            finished=None if row.finished_at is None else self._day(row.finished_at),
            seen=self._day(row.seen_at),
            reachable=not row.blocked,
            consents={purpose: self._day(since) for purpose, since in row.consents.items()},
            said=said,
            archived=archived,
            former=self._former(row, language),
        )

    def _heading(self, question: Question) -> Heading:
        return Heading(
            id=question.id,
            label=self._label(SOURCE_LANGUAGE, Text(f"{question.key}.short")),
            kind=question.kind,
            options={one.id: self._option(question, one.id, SOURCE_LANGUAGE) for one in question.options},
            own_words=question.own_words or question.kind in {Kind.SHORT_TEXT, Kind.LONG_TEXT},
            counted=question.report,
            remembered=question.id in self._questionnaire.remembered,
        )

    def _said(self, row: ProfileRow, language: str) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
        """What counts, what is kept, what is open; and answers whose question is gone."""
        stored, answers = self._today(row.answers)
        path = frozenset(engine.path(self._questionnaire, answers))
        counting = engine.counting(self._questionnaire, answers)
        said = []
        for question in self._asked:
            kept, counts = stored.get(question.id), counting.get(question.id)
            applies = question.id in path or counts is not None
            given = counts or answers.get(question.id) or (kept.answer if kept is not None else None)
            standing = _standing(given, counts=counts is not None, applies=applies)
            if counts is not None and kept is not None and kept.answer.value != counts.value:
                kept = None  # it was computed anew: what is stored is the former value
            said.append(self._one(question, standing, given, kept, language, applies=applies))
        gone = tuple(
            self._raw(name, one) for name, one in sorted(stored.items()) if name not in self._questionnaire.by_id
        )
        return tuple(said), gone

    def _today(self, rows: Mapping[str, Stored]) -> tuple[dict[str, Stored], Mapping[str, Answer]]:
        """What is stored, under today's ids; and the person's own answers among it, with their ages."""
        stored = dict(rows)
        given = {name: one.answer for name, one in rows.items() if one.answer.status is not Status.COMPUTED}
        for name, (home, answer) in carried(self._questionnaire, given).items():
            moved = stored.pop(home)
            del given[home]
            stored[name] = Stored(answer, moved.answered_at, moved.revision, moved.applies)
            given[name] = answer
        given_at = {name: one.answered_at for name, one in stored.items()}
        return stored, aged(self._questionnaire, given, given_at, self._now, refreshing=False)

    def _one(
        self,
        question: Question,
        standing: Standing,
        given: Answer | None,
        kept: Stored | None,
        language: str,
        *,
        applies: bool,
    ) -> Said:
        value = given.value if given is not None else None
        computed = question.kind is Kind.COMPUTED
        return Said(
            question=question.id,
            label=self._labels[question.id],
            standing=standing,
            applies=applies,
            value=value,
            german=self._german(question, value, language),
            original=None if computed else self._original(question, value, language),
            given_on=None if kept is None else self._day(kept.answered_at),
            revision=None if kept is None else kept.revision,
        )

    def _raw(self, name: str, stored: Stored) -> Said:
        """An answer whose question is gone, and its texts with it."""
        value = stored.answer.value
        return Said(
            question=name,
            label=name,
            standing=Standing.ARCHIVED,
            applies=False,
            value=value,
            german=None if value is None else raw(value),
            given_on=self._day(stored.answered_at),
            revision=stored.revision,
        )

    def _former(self, row: ProfileRow, language: str) -> tuple[Former, ...]:
        former = sorted(
            (self._past(one, language) for one in row.history),
            key=lambda one: (self._order.get(one.question, len(self._order)), one.question),
        )
        return tuple(former)

    def _past(self, past: Past, language: str) -> Former:
        moves = carried(self._questionnaire, {past.question: past.answer})
        name, answer = next(((new, one) for new, (_, one) in moves.items()), (past.question, past.answer))
        question = self._questionnaire.by_id.get(name)
        value = answer.value
        if question is None:
            german, original = (None if value is None else raw(value)), None
        else:
            german = self._german(question, value, language)
            original = None if question.kind is Kind.COMPUTED else self._original(question, value, language)
        return Former(
            question=name,
            label=self._labels.get(name, name),
            standing=Standing(answer.status.value),
            value=value,
            german=german,
            original=original,
            given_on=self._day(past.answered_at),
            replaced_on=self._day(past.replaced_at),
        )

    def _german(self, question: Question, value: Value | None, language: str) -> str | None:
        if own_words(question.kind, value) and language != SOURCE_LANGUAGE:
            return None
        return self._original(question, value, SOURCE_LANGUAGE)

    def _original(self, question: Question, value: Value | None, language: str) -> str | None:
        """A value as that language says it; a person's own words as they are."""
        match value:
            case None:
                return None
            case tuple():
                return "; ".join(self._option(question, one, language) for one in value)
            case int():
                unit = f"{question.key}.unit"
                return self._label(language, Text(unit, count=value)) if has_text(self._content, unit) else str(value)
            case str() if question.kind is Kind.MONTH_YEAR and within(value):
                return self._label(language, Month(*year_and_month(value)))
            case str() if own_words(question.kind, value):
                return value.removeprefix(OWN_WORDS) if question.kind is Kind.LIST else value
        return self._option(question, value, language)

    def _option(self, question: Question, option: str, language: str) -> str:
        """The text of an option; its id where the question no longer has it."""
        name = (language, question.id, option)
        if name not in self._options:
            self._options[name] = self._option_text(question, option, language)
        return self._options[name]

    def _option_text(self, question: Question, option: str, language: str) -> str:
        if option not in question.option_ids:
            return option
        return self._label(language, Text(self._content.texts.option_key(question, option)))

    def _label(self, language: str, text: Text | Month) -> str:
        return self._content.texts.label(language, text).translate(_MARKS)

    def _day(self, moment: datetime) -> date:
        return local_day(self._content, moment)


def person_of(participant_id: int) -> str:
    """A participant's pseudonym, as files have it."""
    return f"P-{participant_id:04}"


def own_words(kind: Kind, value: Value | None) -> bool:
    """Whether a value is what a person wrote, rather than something they chose."""
    if not isinstance(value, str):
        return False
    return kind in {Kind.SHORT_TEXT, Kind.LONG_TEXT} or (kind is Kind.LIST and value.startswith(OWN_WORDS))


def raw(value: Value) -> str:
    """A value as it is stored."""
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _standing(given: Answer | None, *, counts: bool, applies: bool) -> Standing:
    if given is None:
        return Standing.OPEN if applies else Standing.NOT_ASKED
    if counts:
        return Standing(given.status.value)
    return Standing.EXPIRED if applies and given.age is Age.EXPIRED else Standing.KEPT
