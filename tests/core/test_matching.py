"""Why a condition holds, or what is missing, agrees with the condition itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.conditions import All, Any, Condition, Fact, Not, Test, Value, compiled
from bot.core.matching import explained, together

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


@given(CONDITIONS, ANSWERS)
def test_with_what_is_missing_it_would_hold(condition: Condition, answers: dict[str, str]) -> None:
    found = explained(condition, answers.get)
    wished: dict[str, str] = dict(answers)
    for point in found.missing:
        other = {"yes": "no", "no": "yes"}[str(point.fact.operand)]
        wish = other if point.negated else str(point.fact.operand)
        if wished.get(point.fact.question, wish) != wish and point.fact.question in {
            one.fact.question for one in found.missing if one is not point
        }:
            return  # the condition asks for two answers to one question
        wished[point.fact.question] = wish
    broken = {one.fact.question for one in found.because} & {one.fact.question for one in found.missing}
    if found.missing and not broken:
        assert explained(condition, wished.get).holds or any(
            wished[question] != answers[question] for question in answers
        )


@given(st.lists(CONDITIONS, max_size=3), ANSWERS)
def test_several_together_are_all_of_them(conditions: list[Condition], answers: dict[str, str]) -> None:
    found = together([explained(one, answers.get) for one in conditions])
    assert found.holds is compiled(All(tuple(conditions)))(answers.get) if conditions else found.holds is True
