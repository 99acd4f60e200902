"""Why a condition holds, or what is missing, agrees with the condition itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.conditions import All, Any, Condition, Fact, Not, Test, Value, compiled
from bot.core.matching import Point, beyond, explained, together
from tests.content.edits import values
from tests.core.strategies import conditions, questions, sure_ids

LEVELS = ("A1", "A2", "B1", "B2")
B1 = Fact("level", Test.AT_LEAST, "B1", LEVELS)
DEGREE = Fact("goals", Test.INCLUDES, "degree")
PAPER = Fact("paper", Test.IS, "yes")


def looks(**answers: Value) -> dict[str, Value]:
    return answers


def test_reasons_for_and_what_is_missing() -> None:
    condition = All((B1, Any((DEGREE, PAPER))))
    found = explained(condition, looks(level="B2", goals=("degree", "job")).get)
    assert (found.holds, [one.fact for one in found.because], found.missing) == (True, [B1, DEGREE], ())
    found = explained(condition, looks(level="A2").get)
    assert found.holds is False
    assert [(one.fact, one.known) for one in found.missing] == [(B1, True), (DEGREE, False)]
    assert explained(None, looks().get).holds is True


def test_the_nearest_of_several_ways_is_named() -> None:
    far = All((B1, PAPER, DEGREE))
    found = explained(Any((far, PAPER)), looks(level="A1", paper="no", goals=()).get)
    assert [one.fact for one in found.missing] == [PAPER]


@pytest.mark.parametrize("nobody", [Any(()), Not(All(())), All((Any(()), B1))])
def test_what_nobody_can_be_names_nothing_that_would_help(nobody: Condition) -> None:
    found = explained(nobody, looks(level="B1").get)
    assert found.holds is False


def test_what_must_not_be_is_named_as_its_opposite() -> None:
    found = explained(Not(B1), looks(level="B2").get)
    assert [(one.fact, one.negated) for one in found.missing] == [(B1, True)]
    assert [(one.fact, one.negated) for one in explained(Not(B1), looks(level="A1").get).because] == [(B1, True)]


QUESTIONS = ("a", "b", "c", "d")
FACTS = st.builds(Fact, st.sampled_from(QUESTIONS), st.just(Test.IS), st.sampled_from(["yes", "no"]))
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    FACTS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
ANSWERS = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(["yes", "no"]))


@given(CONDITIONS, ANSWERS)
def test_it_holds_where_the_condition_holds(condition: Condition, answers: dict[str, str]) -> None:
    found = explained(condition, answers.get)
    assert found.holds is compiled(condition)(answers.get)
    assert bool(found.missing) is (found.holds is not True)
    for point in found.because:
        value = compiled(point.fact)(answers.get)
        assert value is not point.negated


def wish(point: Point) -> str:
    """The answer that makes a point so."""
    said = str(point.fact.operand)
    return {"yes": "no", "no": "yes"}[said] if point.negated else said


@st.composite
def conditions_asking_once(draw: st.DrawFn) -> Condition:
    """A condition in which each question stands once, so that no two points want different answers of it."""
    facts: list[Condition] = [Fact(name, Test.IS, draw(st.sampled_from(["yes", "no"]))) for name in QUESTIONS]
    while len(facts) > 1:
        taken = facts[: draw(st.integers(2, min(3, len(facts))))]
        joined: Condition = All(tuple(taken)) if draw(st.booleans()) else Any(tuple(taken))
        facts = [*facts[len(taken) :], Not(joined) if draw(st.booleans()) else joined]
        facts = draw(st.permutations(facts))
    return facts[0]


@given(conditions_asking_once(), ANSWERS)
def test_with_what_is_missing_it_would_hold(condition: Condition, answers: dict[str, str]) -> None:
    """The promise of the card: who brings what it names has what is needed."""
    found = explained(condition, answers.get)
    wished = answers | {point.fact.question: wish(point) for point in found.missing}
    assert explained(condition, wished.get).holds is True
    assert compiled(condition)(wished.get) is True


@given(conditions_asking_once(), ANSWERS)
def test_nothing_is_named_that_is_not_lacking(condition: Condition, answers: dict[str, str]) -> None:
    """Without one of the points it would not hold: none is asked for in vain."""
    found = explained(condition, answers.get)
    for left in found.missing:
        wished = answers | {point.fact.question: wish(point) for point in found.missing if point is not left}
        assert explained(condition, wished.get).holds is not True
    for point in found.missing:
        assert point.known is (point.fact.question in answers)
        assert compiled(point.fact)(answers.get) is not (not point.negated)


@given(conditions_asking_once(), ANSWERS)
def test_the_reasons_are_enough(condition: Condition, answers: dict[str, str]) -> None:
    """Whatever else somebody had said: with the answers that are given as reasons it holds."""
    found = explained(condition, answers.get)
    if found.holds:
        kept = {point.fact.question: answers[point.fact.question] for point in found.because}
        assert compiled(condition)(kept.get) is True


@given(st.data())
def test_it_agrees_with_the_condition_for_every_kind_of_question(data: st.DataObject) -> None:
    asked = tuple(data.draw(questions(name, ())) for name in ("a", "b", "c"))
    condition = data.draw(conditions(asked))
    given = {one.id: data.draw(values(one)) for one in asked if data.draw(st.booleans())}
    unsure = {one.id: {*one.option_ids} - {*sure_ids(one)} for one in asked}
    answers = {name: value for name, value in given.items() if value not in unsure[name]}  # as `engine.lookup` does
    found = explained(condition, answers.get)
    assert found.holds is compiled(condition)(answers.get)
    assert bool(found.missing) is (found.holds is not True)
    assert all(compiled(point.fact)(answers.get) is not point.negated for point in found.because)


@given(st.lists(CONDITIONS, max_size=3), ANSWERS)
def test_several_together_are_all_of_them(conditions: list[Condition], answers: dict[str, str]) -> None:
    found = together([explained(one, answers.get) for one in conditions])
    assert found.holds is compiled(All(tuple(conditions)))(answers.get) if conditions else found.holds is True


@pytest.mark.parametrize(
    ("condition", "far"),
    [
        (B1, {"A1"}),
        (Fact("level", Test.AT_LEAST, "A2", LEVELS), set()),
        (Fact("level", Test.AT_MOST, "A1", LEVELS), {"B1", "B2"}),
        (Not(Fact("level", Test.AT_LEAST, "A2", LEVELS)), {"B1", "B2"}),
        (Not(Fact("level", Test.AT_MOST, "B1", LEVELS)), {"A1", "A2"}),
        (All((B1, DEGREE)), {"A1"}),
        (Any((B1, DEGREE)), set()),
        (Any((B1, Fact("level", Test.AT_LEAST, "B2", LEVELS))), {"A1"}),
        (Not(Any((Fact("level", Test.AT_LEAST, "A2", LEVELS), DEGREE))), {"B1", "B2"}),
        (PAPER, set()),
        (Fact("age", Test.AT_LEAST, 18), set()),
    ],
)
def test_more_than_a_step_away_is_far(condition: Condition, far: set[str]) -> None:
    bound = beyond(condition)
    found = set() if bound is None else {one for one in LEVELS if compiled(bound)(looks(level=one).get) is True}
    assert found == far
    assert bound is None or compiled(bound)(looks().get) is not True, "who has not answered may have it"


RANKED = st.builds(
    lambda test, level: Fact("level", test, level, LEVELS),
    st.sampled_from([Test.AT_LEAST, Test.AT_MOST]),
    st.sampled_from(LEVELS),
)
LEVELLED: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(RANKED, FACTS),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@given(LEVELLED, st.sampled_from(LEVELS), ANSWERS)
def test_nobody_is_far_from_what_they_have(condition: Condition, level: str, answers: dict[str, str]) -> None:
    bound, given_ = beyond(condition), {"level": level, **answers}
    if bound is not None and compiled(bound)(given_.get) is True:
        assert compiled(condition)(given_.get) is not True
