"""Reads one input for one question: an answer, or the problem with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from bot.core.conditions import Value
from bot.core.days import day_of, month_within, read_day, read_time, time_within
from bot.core.folding import fold, lines, one_line, whole_number
from bot.core.inputs import (
    Age,
    Answer,
    Chosen,
    Code,
    Declined,
    Done,
    Kept,
    OwnWords,
    Picked,
    PickedDay,
    Problem,
    Skipped,
    Status,
    Ticked,
    Typed,
)
from bot.core.months import YEAR, as_value, read_month, within
from bot.core.questionnaire import OWN_WORDS, SEEN, Kind, Question

_SEPARATORS = re.compile(r"[,،;؛\n]")  # the Arabic comma and semicolon too


def tick(question: Question, draft: tuple[str, ...], given: Ticked) -> tuple[str, ...] | Problem:
    """The draft after one tick. An exclusive option clears the others, and any other option clears it."""
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
    """The chosen options that exist, in the question's order. An exclusive one stays only if it is alone."""
    if question.kind is not Kind.MULTIPLE:
        return ()
    ids = frozenset(chosen)
    known = [option for option in question.options if option.id in ids]
    shared = tuple(option.id for option in known if not option.exclusive)
    return shared or tuple(option.id for option in known[:1])


def drafted(question: Question, draft: tuple[str, ...]) -> tuple[str, ...]:
    """The part of a draft that its question can still show: ticks, items a search found, a year or a month."""
    match question.kind:
        case Kind.MULTIPLE:
            return ticks(question, draft)
        case Kind.LIST:
            return tuple(one for one in draft if one in question.option_ids or _takes_words(question, one))
        case Kind.MONTH_YEAR:
            return tuple(one for one in draft[:1] if YEAR.fullmatch(one))
        case Kind.DAY:
            return tuple(one for one in draft[:1] if month_within(one))
    return ()


def sketch(question: Question, given: Picked | PickedDay | Typed) -> tuple[str, ...] | Problem | None:
    """The draft that this input makes: a year, a month, or what a search found. None: it is a whole answer."""
    if isinstance(given, PickedDay):
        return (given.day,) if question.kind is Kind.DAY and month_within(given.day) else None
    if isinstance(given, Picked):
        if question.kind is not Kind.MONTH_YEAR or given.month is not None:
            return None
        return _year_alone(question, given.year, given.today)
    if question.kind is Kind.MONTH_YEAR:
        year, month = read_month(given.text, given.months)
        return _year_alone(question, year, given.today) if year is not None and month is None else None
    if question.kind is not Kind.LIST or (given.exact and given.found):
        return None
    words = _own_words(question, given.text)
    if isinstance(words, Problem):
        return words
    if not given.found and not question.own_words:
        return Problem(Code.NOT_FOUND)
    return (*given.found, words) if question.own_words else given.found


def read(
    question: Question,
    draft: tuple[str, ...],
    given: Chosen | Done | Picked | PickedDay | OwnWords | Kept | Typed | Skipped | Declined,
    before: Answer | None = None,
) -> Answer | Problem:
    """The answer that an input gives, or why the question does not take it. `before` is the current answer."""
    match given:
        case Skipped():
            return Answer(Status.SKIPPED, None) if question.optional else Problem(Code.NOT_OPTIONAL)
        case Declined():
            return Answer(Status.DECLINED, None) if question.sensitive else Problem(Code.NOT_SENSITIVE)
        case Chosen(option):
            return _given(question, option) if _chooses(question.kind) else Problem(Code.WRONG_KIND)
        case Done():
            return _given(question, SEEN if question.kind is Kind.STATEMENT else ticks(question, draft))
        case Picked(year, month, today):
            return _month(question, year, month, today)
        case PickedDay(day, today):
            return _day(question, day_of(day), today)
        case OwnWords():
            return _searched(question, draft)
        case Kept():
            return _kept(question, before)
        case Typed():
            value = _typed(question, given)
            return value if isinstance(value, Problem | Answer) else _given(question, value)


def _searched(question: Question, draft: tuple[str, ...]) -> Answer | Problem:
    """The words of the search in the draft, as an answer."""
    words = next((one for one in draft if one.startswith(OWN_WORDS)), None)
    return Problem(Code.WRONG_KIND) if words is None else _given(question, words)


def _kept(question: Question, before: Answer | None) -> Answer | Problem:
    """The current answer again, without its age."""
    fresh = None if before is None else Answer(before.status, before.value)
    return fresh if fresh is not None and counts(question, fresh) else Problem(Code.WRONG_KIND)


def counts(question: Question, answer: Answer) -> bool:
    """Whether a stored answer is still valid for its question in today's content."""
    if answer.age is Age.EXPIRED:
        return False
    match answer.status:
        case Status.COMPUTED:
            return False  # it is computed anew each time
        case Status.SKIPPED:
            return question.optional
        case Status.DECLINED:
            return question.sensitive
        case Status.GIVEN:
            return answer.value is not None and _problem(question, answer.value) is None


def unsure(question: Question, value: Value) -> bool:
    """Whether an unsure option was chosen. Then conditions see the whole value as unknown."""
    for option in question.options:
        if option.unsure and (option.id in value if isinstance(value, tuple) else option.id == value):
            return True
    return False


def _given(question: Question, value: Value) -> Answer | Problem:
    return _problem(question, value) or Answer(Status.GIVEN, value)


def _problem(question: Question, value: Value) -> Problem | None:
    """Why a question does not take a value. The same rule holds for new and for stored answers."""
    match question.kind, value:
        case Kind.MULTIPLE, tuple():
            return _ticks_problem(question, value)
        case Kind.NUMBER, int():
            inside = question.minimum <= value <= question.maximum
            return None if inside else Problem(Code.OUT_OF_RANGE, _bounds(question))
        case Kind.MONTH_YEAR, str():
            return None if within(value) else Problem(Code.NOT_A_MONTH)
        case ((Kind.DAY | Kind.TIME), str()):
            return _moment_problem(question.kind, value)
        case Kind.LIST, str():
            known = value in question.option_ids or _takes_words(question, value)
            return None if known else Problem(Code.NOT_AN_OPTION)
        case Kind.STATEMENT, str():
            return None if value == SEEN else Problem(Code.WRONG_KIND)
        case ((Kind.SHORT_TEXT | Kind.LONG_TEXT), str()):
            return _length_problem(question, value)
        case ((Kind.SINGLE | Kind.SCALE | Kind.YES_NO), str()):
            return None if question.option(value) else Problem(Code.NOT_AN_OPTION)
    return Problem(Code.WRONG_KIND)


def _length_problem(question: Question, words: str) -> Problem | None:
    if not words:
        return Problem(Code.EMPTY)
    return None if len(words) <= question.max_length else Problem(Code.TOO_LONG, {"max_length": question.max_length})


def _moment_problem(kind: Kind, value: str) -> Problem | None:
    if kind is Kind.DAY:
        return None if day_of(value) is not None else Problem(Code.NOT_A_DAY)
    return None if time_within(value) else Problem(Code.NOT_A_TIME)


def _takes_words(question: Question, value: str) -> bool:
    """Whether the value is a person's own words, and the question takes own words of this length."""
    fits = len(OWN_WORDS) < len(value) <= len(OWN_WORDS) + question.max_length
    return question.own_words and value.startswith(OWN_WORDS) and fits


def _ticks_problem(question: Question, chosen: tuple[str, ...]) -> Problem | None:
    options = [option for option in question.options if option.id in chosen]
    if len(options) != len(chosen):
        return Problem(Code.NOT_AN_OPTION)
    if any(option.exclusive for option in options):
        # "None of these" is an answer by itself, whatever the least number is. Together with others it is a
        # contradiction.
        return None if len(options) == 1 else Problem(Code.NOT_UNDERSTOOD)
    if len(options) < question.least:
        return Problem(Code.TOO_FEW, {"least": question.least})
    if question.most is not None and len(options) > question.most:
        return Problem(Code.TOO_MANY, {"most": question.most})
    return None


def _bounds(question: Question) -> dict[str, int]:
    return {"minimum": question.minimum, "maximum": question.maximum}


def _chooses(kind: Kind) -> bool:
    return (kind.has_options and kind is not Kind.MULTIPLE) or kind in {Kind.LIST, Kind.TIME}


def _day(question: Question, day: date | None, today: date) -> Answer | Problem:
    """The answer for a day. It must be today or later."""
    if question.kind is not Kind.DAY:
        return Problem(Code.WRONG_KIND)
    if day is None:
        return Problem(Code.NOT_A_DAY)
    return Problem(Code.DAY_IS_OVER) if day < today else _given(question, day.isoformat())


def _month(question: Question, year: int, month: int | None, today: date) -> Answer | Problem:
    """The answer for a month. It must lie within the question's bounds, which are counted from today."""
    if question.kind is not Kind.MONTH_YEAR:
        return Problem(Code.WRONG_KIND)
    if month is None:
        return Problem(Code.NOT_A_MONTH)
    first, last = _months_of(question, today)
    if not first <= (year, month) <= last:
        return _out_of_years(first, last)
    return _given(question, as_value(year, month))


def _year_alone(question: Question, year: int, today: date) -> tuple[str, ...] | Problem:
    first, last = _months_of(question, today)
    return (str(year),) if first[0] <= year <= last[0] else _out_of_years(first, last)


def _months_of(question: Question, today: date) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last month that can be answered today, each as (year, month)."""
    last = (today.year + question.years_ahead, 12) if question.years_ahead else (today.year, today.month)
    return (today.year - question.years_back, 1), last


def _out_of_years(first: tuple[int, int], last: tuple[int, int]) -> Problem:
    minimum, maximum = (year * 12 + month - 1 for year, month in (first, last))
    return Problem(Code.OUT_OF_YEARS, {"minimum": minimum, "maximum": maximum})


def _own_words(question: Question, text: str) -> str | Problem:
    words = one_line(text)
    return _length_problem(question, words) or OWN_WORDS + words


def _typed(question: Question, given: Typed) -> Value | Answer | Problem:
    """The value that the words mean. Whether the question takes it is checked afterwards."""
    text, labels = given.text, given.labels
    match question.kind:
        case Kind.SHORT_TEXT:
            return one_line(text)
        case Kind.LONG_TEXT:
            return lines(text)
        case Kind.NUMBER:
            number = whole_number(text)
            return Problem(Code.NOT_A_NUMBER, _bounds(question)) if number is None else number
        case Kind.MONTH_YEAR | Kind.DAY | Kind.TIME:
            return _typed_moment(question, given)
        case Kind.LIST:
            return given.found[0]  # `sketch` has already handled matches that are not exact
        case Kind.STATEMENT | Kind.COMPUTED:
            return Problem(Code.NOT_UNDERSTOOD)
        case Kind.MULTIPLE:
            several = _several(question, text, _by_label(question, labels))
            return several or Problem(Code.NOT_UNDERSTOOD)
        case Kind.SINGLE | Kind.SCALE | Kind.YES_NO:
            named = _by_label(question, labels).get(fold(text))
            return named or Problem(Code.NOT_UNDERSTOOD)


def _typed_moment(question: Question, given: Typed) -> Value | Answer | Problem:
    text, today = given.text, given.today
    if question.kind is Kind.TIME:
        return read_time(text) or Problem(Code.NOT_A_TIME)
    if question.kind is Kind.DAY:
        return _day(question, read_day(text, given.months, today), today)
    year, month = read_month(text, given.months)
    return Problem(Code.NOT_A_MONTH) if year is None else _month(question, year, month, today)


def _several(question: Question, text: str, by_label: Mapping[str, str]) -> tuple[str, ...]:
    """The options that were named, separated by commas or lines. Empty if any part names no option.

    A label may itself contain a comma.
    """
    parts = [part for part in map(fold, _SEPARATORS.split(text)) if part]
    whole = by_label.get(fold(text))
    named = {whole} if whole else {by_label.get(part) for part in parts}
    return () if None in named else tuple(option.id for option in question.options if option.id in named)


def _by_label(question: Question, labels: Mapping[str, str]) -> dict[str, str]:
    """Option ids by folded label. A label that is empty or not unique after folding names no option."""
    folded = [(fold(labels.get(option.id, "")), option.id) for option in question.options]
    frequency = Counter(label for label, _ in folded)
    return {label: option for label, option in folded if label and frequency[label] == 1}
