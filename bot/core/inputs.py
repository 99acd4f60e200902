"""What a person puts in, and what it is as an answer: values only. What becomes of them: `bot.core.answering`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.core.conditions import Value


class Status(StrEnum):
    """What a person did with a question."""

    GIVEN = "given"
    SKIPPED = "skipped"
    DECLINED = "declined"
    COMPUTED = "computed"


class Age(StrEnum):
    """What time has done to an answer: a due one counts but is asked again, an expired one no longer counts."""

    FRESH = "fresh"
    DUE = "due"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is stored; `value` is None unless it was given or computed. `age` is not stored."""

    status: Status
    value: Value | None
    age: Age = Age.FRESH


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
    """The ticks of a multiple choice are confirmed, or a statement was read."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A month of a year; without the month, the year whose months are to be shown. `today` bounds what may be."""

    year: int
    month: int | None
    today: date


@dataclass(frozen=True, slots=True)
class PickedDay:
    """A day of the calendar, as `2027-01-12`; or a month to be shown, as `2027-01`. `today` bounds what may be."""

    day: str
    today: date


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The words that were searched for are the answer, though no list holds them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer there is, said again: it is still true."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Words a person wrote, with what it takes to understand them in their language.

    `labels` are the options' texts by option id; `months` the folded names of the months with their numbers.
    `found` are a list's items that resemble the words, best first; `exact` says that the first is what they say.
    """

    text: str
    labels: Mapping[str, str] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    today: date = date.max
    found: tuple[str, ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """An optional question is left out."""


@dataclass(frozen=True, slots=True)
class Declined:
    """A sensitive question is answered "rather not say"."""


Input = Chosen | Ticked | Done | Picked | PickedDay | OwnWords | Kept | Typed | Skipped | Declined


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
    NOT_A_MONTH = "not_a_month"
    OUT_OF_YEARS = "out_of_years"
    NOT_FOUND = "not_found"
    NOT_A_DAY = "not_a_day"
    DAY_IS_OVER = "day_is_over"
    NOT_A_TIME = "not_a_time"


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that was not taken, with the bounds it broke: `least`, `most`, `minimum`, `maximum`, `max_length`.

    A month's bounds are months, counted from the year 0: 2026 * 12 is January 2026.
    """

    code: Code
    params: Mapping[str, int] = field(default_factory=dict)
