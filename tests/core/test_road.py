"""The path: windows, last days computed backwards, and what must hold for every path there can be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.conditions import Fact, Not
from bot.core.conditions import Test as Compared
from bot.core.road import (
    OPEN,
    Goal,
    Known,
    Length,
    Opening,
    Plan,
    Road,
    State,
    Step,
    Unit,
    Window,
    YearDay,
    last_days,
    plan,
)

STUDIES = Fact("goal", Compared.IS, "degree")
WINTER, SUMMER = Window(YearDay(12, 15), YearDay(1, 15)), Window(YearDay(6, 15), YearDay(7, 15))
SPRING, AUTUMN = Window(YearDay(3, 15), YearDay(3, 15)), Window(YearDay(9, 15), YearDay(9, 15))
LEVEL = Fact("level", Compared.AT_LEAST, "B2", ("A2", "B1", "B2", "C1"))
NEEDED = Fact("school", Compared.IS, "upper")
MONTHS, WEEKS = Length(7, Unit.MONTH), Length(6, Unit.WEEK)
STEPS = (
    Step("german", done=LEVEL, level="B2", lasts=MONTHS),
    Step("papers"),
    Step("vpd", when=NEEDED, done=Fact("vpd", Compared.IS, "yes"), lasts=WEEKS, after=("papers",)),
    Step("apply", windows=(WINTER, SUMMER), after=("german", "vpd")),
    Step("course", lasts=Length(5, Unit.MONTH), windows=(SPRING, AUTUMN), after=("apply",)),
    Step("exam", after=("course",)),
)
ANSWERS = {"goal": "degree", "level": "B2", "school": "upper", "vpd": "no"}


def road(*steps: Step) -> Road:
    """All of them lead to one goal."""
    return Road((Goal("degree", STUDIES, tuple(one.id for one in steps)),), {one.id: one for one in steps})


ROAD = road(*STEPS)


def on(today: date, known: Known = Known(), /, **answers: Any) -> Plan:  # noqa: B008 - frozen
    """The path of somebody with these answers beside the usual ones (None: not answered)."""
    return plan(ROAD, {**ANSWERS, **answers}.get, known, today)


def test_the_last_day_is_computed_backwards_from_the_window() -> None:
    found = on(date(2026, 11, 26)).by_id
    assert (found["vpd"].latest, found["vpd"].because, found["vpd"].until) == (
        date(2026, 12, 4),  # six weeks before
        "apply",
        date(2027, 1, 15),
    )
    assert found["apply"].latest == date(2027, 1, 15)
    assert found["course"].opening == Opening(date(2027, 3, 15), date(2027, 3, 15))
    assert found["exam"].earliest == date(2027, 8, 15)
    assert (found["exam"].latest, found["apply"].missed) == (None, None)


@pytest.mark.parametrize(
    ("today", "latest", "missed"),
    [
        (date(2026, 12, 4), date(2026, 12, 4), None),  # who asks on the last day is in time
        (date(2026, 12, 5), date(2027, 6, 3), date(2027, 1, 15)),
        (date(2027, 1, 16), date(2027, 6, 3), None),  # it is over: nothing is missed any more
        (date(2027, 6, 4), date(2027, 12, 4), date(2027, 7, 15)),
    ],
)
def test_after_the_last_day_the_next_window_counts_and_the_missed_one_is_said(
    today: date, latest: date, missed: date | None
) -> None:
    found = on(today).by_id
    assert (found["vpd"].latest, found["apply"].missed) == (latest, missed)


def test_a_lower_level_leads_to_a_later_window() -> None:
    found = on(date(2026, 11, 26), level="B1").by_id
    assert found["apply"].opening == Opening(date(2027, 6, 15), date(2027, 7, 15))
    assert (found["german"].state, found["german"].latest) == (State.NOW, date(2026, 12, 15))
    assert (found["apply"].state, found["apply"].waits) == (State.LATER, ("german", "vpd"))


def test_how_long_papers_take_nobody_knows_so_their_last_day_is_vague() -> None:
    found = on(date(2026, 11, 26)).by_id
    assert (found["papers"].latest, found["papers"].vague) == (date(2026, 12, 4), True)
    assert not found["vpd"].vague


def test_without_the_level_nothing_behind_it_is_computed_and_the_question_is_named() -> None:
    found = on(date(2026, 11, 26), level=None).by_id
    assert (found["german"].state, found["german"].lacking) == (State.UNKNOWN, frozenset({"level"}))
    assert (found["apply"].latest, found["apply"].earliest, found["apply"].lacking) == (
        None,
        None,
        frozenset({"level"}),
    )
    assert (found["vpd"].state, found["vpd"].latest) == (State.LATER, None)


def test_a_paper_nobody_has_spoken_of_has_to_be_got() -> None:
    assert on(date(2026, 11, 26), vpd=None).by_id["vpd"].latest == date(2026, 12, 4)


def test_a_step_for_others_is_left_out_and_one_that_may_be_for_others_is_asked() -> None:
    assert "vpd" not in on(date(2026, 11, 26), school="none").by_id
    assert on(date(2026, 11, 26), school=None).by_id["vpd"].state is State.UNKNOWN


def test_what_is_done_by_answer_or_tick_frees_what_waits_for_it() -> None:
    found = on(date(2026, 11, 26), Known({"papers", "vpd"})).by_id
    assert (found["papers"].state, found["vpd"].state) == (State.DONE, State.NOW)  # an answer beats a tick
    assert on(date(2026, 11, 26), vpd="yes").by_id["apply"].state is State.NOW


def test_what_runs_is_waited_for() -> None:
    found = on(date(2026, 12, 20), Known(ends={"vpd": date(2027, 1, 10)})).by_id
    assert (found["vpd"].state, found["vpd"].over, found["vpd"].latest) == (State.RUNNING, date(2027, 1, 10), None)
    assert found["apply"].opening == Opening(date(2026, 12, 15), date(2027, 1, 15))


def test_without_a_goal_there_is_no_path_and_the_question_is_named_where_it_is_open() -> None:
    assert on(date(2026, 11, 26), goal="other") == Plan()
    assert on(date(2026, 11, 26), goal=None) == Plan(unknown=frozenset({"goal"}))


def test_where_somebody_stands() -> None:
    assert on(date(2026, 11, 26)).stands == "papers"
    assert on(date(2026, 11, 26), level=None).stands is None


@pytest.mark.parametrize(
    ("window", "year", "opens", "closes"),
    [
        (WINTER, 2027, date(2026, 12, 15), date(2027, 1, 15)),  # over the end of the year
        (SUMMER, 2027, date(2027, 6, 15), date(2027, 7, 15)),
        (Window(YearDay(2, 29), YearDay(2, 29)), 2027, date(2027, 2, 28), date(2027, 2, 28)),
        (Window(YearDay(2, 29), YearDay(2, 29)), 2028, date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_a_window_in_a_year(window: Window, year: int, opens: date, closes: date) -> None:
    assert window.closing_in(year) == Opening(opens, closes)


# -- for all paths

days = st.dates(date(2024, 1, 1), date(2034, 12, 31))
lengths = st.builds(Length, st.integers(1, 20), st.sampled_from(list(Unit)))
year_days = st.builds(
    lambda day: YearDay(day.month, day.day), st.dates(date(2024, 1, 1), date(2024, 12, 31))
)  # a leap year
windows = st.builds(Window, year_days, year_days)


@st.composite
def roads(draw: st.DrawFn) -> Road:
    """Up to six steps, each waiting for some before it; a question of its own says whether it is done."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 6))):
        before = [one.id for one in steps]
        name = f"s{number}"
        steps.append(
            Step(
                name,
                when=draw(st.sampled_from([None, Fact(f"when_{name}", Compared.IS, "yes")])),
                done=draw(st.sampled_from([None, Not(Fact(f"todo_{name}", Compared.IS, "yes"))])),
                level=draw(st.sampled_from(["", "B1"])),
                lasts=draw(st.none() | lengths),
                windows=tuple(draw(st.lists(windows, max_size=2))),
                after=tuple(draw(st.lists(st.sampled_from(before), unique=True, max_size=3))) if before else (),
            )
        )
    return road(*steps)


@st.composite
def answered(draw: st.DrawFn, of: Road) -> dict[str, str]:
    """Some of its questions have an answer."""
    given_ = {name: draw(st.sampled_from(["yes", "no", None])) for name in sorted(of.questions)}
    return {name: value for name, value in given_.items() if value is not None} | {"goal": "degree"}


@given(st.data(), roads(), days, st.integers(0, 500))
def test_last_days_keep_every_promise(data: st.DataObject, of: Road, today: date, later: int) -> None:
    answers = data.draw(answered(of))
    marked = data.draw(st.sets(st.sampled_from(list(of.steps))))
    ends = data.draw(st.dictionaries(st.sampled_from(list(of.steps)), days, max_size=2))
    known = Known(marked, ends)
    found, then = plan(of, answers.get, known, today), plan(of, answers.get, known, today + timedelta(days=later))
    possible = last_days(of, today, date(2060, 1, 1))
    seen: set[str] = set()
    for place in found.places:
        step = place.step
        assert set(step.after) & found.by_id.keys() <= seen  # a step stands behind what it waits for
        seen.add(step.id)
        if place.state not in OPEN or place.earliest is None:
            assert place.latest is None
            continue
        assert not place.lacking
        for name in place.waits:
            before = found.by_id[name]
            assert before.over is not None
            assert before.over <= place.earliest
            if before.latest is not None and place.latest is not None:
                assert before.step.length.after(before.latest) <= place.latest
        if place.latest is not None:
            assert today <= place.earliest <= place.latest
            assert place.until is not None
            assert place.latest <= place.until  # never after what it is computed from
            assert place.latest in possible[step.id]
        if place.opening is not None:
            assert place.latest is not None
            assert place.earliest >= place.opening.opens
            assert place.latest <= place.opening.closes
            moved = then.by_id[step.id].opening
            assert moved is not None
            assert moved.closes >= place.opening.closes  # time goes on: never an earlier window
        if place.latest is not None and then.by_id[step.id].latest is not None:
            assert then.by_id[step.id].latest >= place.latest  # type: ignore[operator]


@given(lengths, days)
def test_before_is_the_last_day_from_which_it_is_over_in_time(length: Length, by: date) -> None:
    begun = length.before(by)
    assert length.after(begun) <= by < length.after(begun + timedelta(days=1))
