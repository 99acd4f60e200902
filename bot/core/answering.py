"""One input for one question: what a person chose, ticked, typed, skipped or declined, as an answer or a problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.conditions import Value
from bot.core.folding import fold, one_line, whole_number
from bot.core.questionnaire import Kind, Question

_SEPARATORS = re.compile(r"[,،;؛\n]")  # the Arabic comma and semicolon among them


class Status(StrEnum):
    """What a person did with a question."""

    GIVEN = "given"
    SKIPPED = "skipped"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is stored; `value` is None unless it was given."""

    status: Status
    value: Value | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option of a single choice, a scale or a yes/no question, by its id."""

    option: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """An option of a multiple choice set (`on`) or taken back, not yet confirmed."""

    option: str
    on: bool


@dataclass(frozen=True, slots=True)
class Done:
    """The ticks of a multiple choice are confirmed."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Words a person wrote; `labels` holds the options' texts in their language, by option id."""

    text: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """An optional question is left out."""


@dataclass(frozen=True, slots=True)
class Declined:
    """A sensitive question is answered "rather not say"."""


Input = Chosen | Ticked | Done | Typed | Skipped | Declined


class Code(StrEnum):
    """Why an input was not taken."""

    NOT_AN_OPTION = "not_an_option"
    NOT_UNDERSTOOD = "not_understood"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_OPTIONAL = "not_optional"
    NOT_SENSITIVE = "not_sensitive"
    WRONG_KIND = "wrong_kind"
    NOTHING_ASKED = "nothing_asked"


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that was not taken, with the bounds it broke: `least`, `most`, `minimum`, `maximum`, `max_length`."""

    code: Code
    params: Mapping[str, int] = field(default_factory=dict)


def tick(question: Question, draft: tuple[str, ...], given: Ticked) -> tuple[str, ...] | Problem:
    """The draft after one tick; exclusive options clear the others and are cleared by them."""
    if question.kind is not Kind.MULTIPLE:
        return Problem(Code.WRONG_KIND)
    option = question.option(given.option)
    if option is None:
        return Problem(Code.NOT_AN_OPTION)
    others = tuple(other for other in draft if other != option.id)
    if not given.on:
        return others
    if option.exclusive:
        return (option.id,)
    ticked = ticks(question, (*others, option.id))
    if question.most is not None and len(ticked) > question.most:
        return Problem(Code.TOO_MANY, {"most": question.most})
    return ticked


def ticks(question: Question, chosen: Iterable[str]) -> tuple[str, ...]:
    """The chosen options a draft can show: those that exist, in the question's order, an exclusive one only alone."""
    if question.kind is not Kind.MULTIPLE:
        return ()
    ids = frozenset(chosen)
    known = [option for option in question.options if option.id in ids]
    shared = tuple(option.id for option in known if not option.exclusive)
    return shared or tuple(option.id for option in known[:1])


def read(
    question: Question, draft: tuple[str, ...], given: Chosen | Done | Typed | Skipped | Declined
) -> Answer | Problem:
    """The answer an input is, or why the question does not take it."""
    match given:
        case Skipped():
            return Answer(Status.SKIPPED, None) if question.optional else Problem(Code.NOT_OPTIONAL)
        case Declined():
            return Answer(Status.DECLINED, None) if question.sensitive else Problem(Code.NOT_SENSITIVE)
        case Chosen(option):
            return _given(question, option) if question.kind.has_options else Problem(Code.WRONG_KIND)
        case Done():
            return _given(question, ticks(question, draft))
        case Typed(text, labels):
            value = _typed(question, text, labels)
            return value if isinstance(value, Problem) else _given(question, value)


def counts(question: Question, answer: Answer) -> bool:
    """Whether a stored answer is still valid for its question, as the content is now."""
    match answer.status:
        case Status.SKIPPED:
            return question.optional
        case Status.DECLINED:
            return question.sensitive
        case Status.GIVEN:
            return answer.value is not None and _problem(question, answer.value) is None


def unsure(question: Question, value: Value) -> bool:
    """Whether an unsure option is among what was chosen: then the whole value is unknown to conditions."""
    for option in question.options:
        if option.unsure and (option.id in value if isinstance(value, tuple) else option.id == value):
            return True
    return False


def _given(question: Question, value: Value) -> Answer | Problem:
    return _problem(question, value) or Answer(Status.GIVEN, value)


def _problem(question: Question, value: Value) -> Problem | None:
    """Why a question does not take a value: the one rule for new and for stored answers."""
    match question.kind, value:
        case Kind.MULTIPLE, tuple():
            return _ticks_problem(question, value)
        case Kind.NUMBER, int():
            inside = question.minimum <= value <= question.maximum
            return None if inside else Problem(Code.OUT_OF_RANGE, _bounds(question))
        case Kind.SHORT_TEXT, str():
            if not value:
                return Problem(Code.EMPTY)
            fits = len(value) <= question.max_length
            return None if fits else Problem(Code.TOO_LONG, {"max_length": question.max_length})
        case ((Kind.SINGLE | Kind.SCALE | Kind.YES_NO), str()):
            return None if question.option(value) else Problem(Code.NOT_AN_OPTION)
    return Problem(Code.WRONG_KIND)


def _ticks_problem(question: Question, chosen: tuple[str, ...]) -> Problem | None:
    options = [option for option in question.options if option.id in chosen]
    if len(options) != len(chosen):
        return Problem(Code.NOT_AN_OPTION)
    if any(option.exclusive for option in options):
        # "None of these" alone is an answer however many are wanted; together with one of these it says nothing.
        return None if len(options) == 1 else Problem(Code.NOT_UNDERSTOOD)
    if len(options) < question.least:
        return Problem(Code.TOO_FEW, {"least": question.least})
    if question.most is not None and len(options) > question.most:
        return Problem(Code.TOO_MANY, {"most": question.most})
    return None


def _bounds(question: Question) -> dict[str, int]:
    return {"minimum": question.minimum, "maximum": question.maximum}


def _typed(question: Question, text: str, labels: Mapping[str, str]) -> Value | Problem:
    """The value the words stand for; whether the question takes it is checked afterwards."""
    match question.kind:
        case Kind.SHORT_TEXT:
            return one_line(text)
        case Kind.NUMBER:
            number = whole_number(text)
            return Problem(Code.NOT_A_NUMBER, _bounds(question)) if number is None else number
        case Kind.MULTIPLE:
            several = _several(question, text, _by_label(question, labels))
            return several or Problem(Code.NOT_UNDERSTOOD)
        case Kind.SINGLE | Kind.SCALE | Kind.YES_NO:
            named = _by_label(question, labels).get(fold(text))
            return named or Problem(Code.NOT_UNDERSTOOD)


def _several(question: Question, text: str, by_label: Mapping[str, str]) -> tuple[str, ...]:
    """The options named, separated by commas or lines (a label may hold one too); none where a part names none."""
    parts = [part for part in map(fold, _SEPARATORS.split(text)) if part]
    whole = by_label.get(fold(text))
    named = {whole} if whole else {by_label.get(part) for part in parts}
    return () if None in named else tuple(option.id for option in question.options if option.id in named)


def _by_label(question: Question, labels: Mapping[str, str]) -> dict[str, str]:
    """The options by how their labels compare; labels that compare alike, or as nothing, name no option."""
    folded = [(fold(labels.get(option.id, "")), option.id) for option in question.options]
    frequency = Counter(label for label, _ in folded)
    return {label: option for label, option in folded if label and frequency[label] == 1}
