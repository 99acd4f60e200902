"""Days and times of day as people write them, and the calendar they are picked from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.month_names import month_names
from bot.core import engine
from bot.core.days import day_of, read_day, read_time, time_within
from bot.core.inputs import Chosen, Code, PickedDay, Typed
from bot.core.questionnaire import Kind, Question, Questionnaire

TODAY = date(2026, 11, 25)
NAMES = month_names("de")


@pytest.mark.parametrize(("words", "day"), [
    ("12.1.2027", "2027-01-12"),
    ("12.01.27", "2027-01-12"),
    ("2027-01-12", "2027-01-12"),
    ("12. Januar 2027", "2027-01-12"),
    ("12 Jan 2027", "2027-01-12"),
    ("12. März", "2027-03-12"),
    ("25.11.", "2026-11-25"),
    ("24.11.", "2027-11-24"),
    ("29.2.", "2028-02-29"),
    ("١٢.١.٢٠٢٧", "2027-01-12"),
    ("31.2.2027", None),
    ("12", None),
    ("morgen", None),
    ("12.13.2027", None),
    ("12.1.20270", None),
    ("1 2 3 4", None),
    ("", None),
])  # fmt: skip
def test_a_day_as_it_is_written(words: str, day: str | None) -> None:
    found = read_day(words, NAMES, TODAY)
    assert (None if found is None else found.isoformat()) == day


@pytest.mark.parametrize(("words", "time"), [
    ("18", "18:00"),
    ("18:30", "18:30"),
    ("8.15 Uhr", "08:15"),
    ("18 Uhr 30", "18:30"),
    ("18h30", "18:30"),
    ("0:05", "00:05"),
    ("1830", "18:30"),
    ("24:00", None),
    ("18:60", None),
    ("halb sechs", None),
    ("", None),
])  # fmt: skip
def test_a_time_as_it_is_written(words: str, time: str | None) -> None:
    assert read_time(words) == time
    assert time is None or time_within(time)


@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)))
def test_every_day_is_read_back_from_each_way_to_write_it(day: date) -> None:
    for words in (f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day.day}. {day.month}. {day.year}", f"{day:%d/%m/%Y}"):
        assert read_day(words, NAMES, TODAY) == day
    assert day_of(day.isoformat()) == day


def form(kind: Kind) -> Questionnaire:
    """A form with one question."""
    return Questionnaire(("s",), (Question("when", "s", kind, "", "", ""),))


def test_a_month_is_turned_to_and_a_day_of_it_is_picked() -> None:
    asked = form(Kind.DAY)
    state = engine.start(asked)
    turned = engine.answer(asked, state, PickedDay("2027-01", TODAY)).state
    assert (turned.at, turned.draft) == ("when", ("2027-01",))
    picked = engine.answer(asked, turned, PickedDay("2027-01-12", TODAY)).state
    assert (picked.at, picked.answers["when"].value) == (None, "2027-01-12")


@pytest.mark.parametrize(("given_", "code"), [
    (PickedDay("2026-11-24", TODAY), Code.DAY_IS_OVER),
    (PickedDay("2027-02-30", TODAY), Code.NOT_A_DAY),
    (PickedDay("2027", TODAY), Code.NOT_A_DAY),
    (Typed("24.11.2026", months=NAMES, today=TODAY), Code.DAY_IS_OVER),
    (Typed("bald", months=NAMES, today=TODAY), Code.NOT_A_DAY),
    (Chosen("2027-01-12"), Code.WRONG_KIND),
])  # fmt: skip
def test_what_is_no_day_to_come_is_not_taken(given_: engine.Input, code: Code) -> None:
    asked = form(Kind.DAY)
    state = engine.start(asked)
    step = engine.answer(asked, state, given_)
    assert step.problem is not None
    assert (step.problem.code, step.state) == (code, state)


@pytest.mark.parametrize(("given_", "value"), [
    (Chosen("18:00"), "18:00"),
    (Typed("17.15 Uhr"), "17:15"),
    (Chosen("25:00"), None),
    (Typed("bald"), None),
])  # fmt: skip
def test_a_time_is_tapped_or_typed(given_: engine.Input, value: str | None) -> None:
    asked = form(Kind.TIME)
    step = engine.answer(asked, engine.start(asked), given_)
    assert (step.state.answers["when"].value if step.problem is None else None) == value
    assert value is not None or (step.problem is not None and step.problem.code is Code.NOT_A_TIME)


def test_today_can_be_picked() -> None:
    asked = form(Kind.DAY)
    for day in (TODAY, TODAY + timedelta(days=400)):
        step = engine.answer(asked, engine.start(asked), PickedDay(day.isoformat(), TODAY))
        assert step.problem is None
