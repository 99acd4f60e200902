"""Inputs of a person, and the answers they become. Values only. `bot.core.answering` turns one into the other."""

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
    """How old an answer is: a due one counts but is asked again, an expired one no longer counts."""

    FRESH = "fresh"
    DUE = "due"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is stored. `value` is None unless it was given or computed. `age` is not stored."""

    status: Status
    value: Value | None
    age: Age = Age.FRESH


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen option of a single choice, scale or yes/no question, by its id."""

    option: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """An option of a multiple choice that was ticked (`on`) or unticked. Not confirmed yet."""

    option: str
    on: bool


@dataclass(frozen=True, slots=True)
class Done:
    """The ticks of a multiple choice were confirmed, or a statement was read."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A month of a year. Without the month: the year whose months are shown next. `today` sets the bounds."""

    year: int
    month: int | None
    today: date


@dataclass(frozen=True, slots=True)
class PickedDay:
    """A day of the calendar (`2027-01-12`), or a month to show (`2027-01`). `today` sets the bounds."""

    day: str
    today: date


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The words that were searched for become the answer, though no list has them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The current answer was confirmed: it is still true."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Words that a person typed, with what is needed to understand them in their language.

    `labels`: the text of each option, by option id. `months`: folded names of months with their numbers. `found`:
    items of a list that are like the words, best first. `exact`: the first of them is what the words say.
    """

    text: str
    labels: Mapping[str, str] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    today: date = date.max
    found: tuple[str, ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """An optional question was skipped."""


@dataclass(frozen=True, slots=True)
class Declined:
    """A sensitive question was answered with "rather not say"."""


Input = Chosen | Ticked | Done | Picked | PickedDay | OwnWords | Kept | Typed | Skipped | Declined


class Code(StrEnum):
    """Why an input was not accepted."""

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
    """An input that was not accepted, and the bounds it broke: `least`, `most`, `minimum`, `maximum`, `max_length`.

    The bounds of a month are counted in months from the year 0: 2026 * 12 is January 2026.
    """

    code: Code
    params: Mapping[str, int] = field(default_factory=dict)
