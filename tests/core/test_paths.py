"""The longest way through a questionnaire is found without walking all of them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.conditions import All, Any, Condition, Fact, Not, Test
from bot.core.engine import path, start
from bot.core.paths import asked_of_nobody, facts_in, longest_path
from bot.core.questionnaire import Kind, Option, Question, Questionnaire, Rule, Span, Stage

from .every_way import EveryWay
from .inputs import finished
from .strategies import questionnaires


def asked(name: str, ask_if: Condition | None = None, kind: Kind = Kind.YES_NO, *options: str) -> Question:
    return Question(
        name, "s", kind, "p", "b", "r", tuple(map(Option, options or ("yes", "no"))), ask_if, maximum=9, most=None
    )


def of(*questions: Question) -> Questionnaire:
    return Questionnaire(("s",), questions)


def in_vain(questionnaire: Questionnaire) -> set[str]:
    return set(asked_of_nobody(questionnaire) or ())


YES, NO = (Fact("a", Test.IS, word) for word in ("yes", "no"))


def test_without_conditions_it_is_all_of_them() -> None:
    assert longest_path(of()) == 0
    assert longest_path(of(asked("a"), asked("b"), asked("c"))) == 3


def test_of_two_branches_the_longer_one_counts() -> None:
    assert longest_path(of(asked("a"), asked("b", YES), asked("c", NO), asked("d", NO))) == 3


def test_what_cannot_be_together_is_not_added_up() -> None:
    both = All((YES, NO))
    assert longest_path(of(asked("a"), asked("b", both), asked("c", Any((YES, NO))))) == 2


def test_not_to_answer_can_be_the_longest_way() -> None:
    unanswered = Fact("a", Test.ANSWERED, operand=False)
    others = (asked("b", unanswered), asked("c", unanswered), asked("d", YES))
    one = asked("a")
    unsure = (*one.options, Option("unsure", unsure=True))
    assert longest_path(of(replace(one, optional=True), *others)) == 3
    assert longest_path(of(replace(one, sensitive=True), *others)) == 3
    assert longest_path(of(replace(one, options=unsure), *others)) == 3
    assert longest_path(of(replace(one, expires=Span(1, "year")), *others)) == 3
    assert longest_path(of(one, *others)) == 2, "nobody gets past it without an answer"


def test_several_ticks_open_several_questions() -> None:
    ticked = [Fact("a", Test.INCLUDES, name) for name in ("x", "y")]
    several = asked("a", None, Kind.MULTIPLE, "x", "y", "z")
    assert longest_path(of(several, asked("b", ticked[0]), asked("c", ticked[1]))) == 3
    assert longest_path(of(several, asked("b", ticked[0]), asked("c", Not(ticked[0])))) == 2


def test_as_few_and_as_many_are_ticked_as_the_question_takes() -> None:
    x, y, z = (Fact("a", Test.INCLUDES, name) for name in "xyz")
    several = asked("a", None, Kind.MULTIPLE, *"xyz")
    none_of_these = asked("b", Not(Any((x, y, z))))
    assert longest_path(of(several, none_of_these)) == 1
    assert longest_path(of(replace(several, least=0), none_of_these)) == 2
    alone, all_three = asked("b", All((x, Not(y), Not(z)))), asked("c", All((x, y, z)))
    assert in_vain(of(several, alone, all_three)) == set()
    assert in_vain(of(replace(several, least=3), alone, all_three)) == {"b"}
    assert in_vain(of(replace(several, most=2), alone, all_three)) == {"c"}
    four = asked("a", None, Kind.MULTIPLE, *"xyzw")
    assert in_vain(of(replace(four, least=2), alone, all_three)) == set(), "w is ticked with x"


def test_a_number_is_tried_on_both_sides_of_a_limit() -> None:
    low, high = Fact("a", Test.AT_MOST, 3), Fact("a", Test.AT_LEAST, 4)
    assert longest_path(of(asked("a", None, Kind.NUMBER), asked("b", low), asked("c", high), asked("d", high))) == 3


def test_a_number_that_is_one_of_several_is_found() -> None:
    some = Fact("a", Test.ONE_OF, (3, 5))  # type: ignore[arg-type]  # numbers are compared one by one
    assert in_vain(of(asked("a", None, Kind.NUMBER), asked("b", some), asked("c", Not(some)))) == set()


def test_a_month_is_tried_before_between_and_behind_the_months_named() -> None:
    month = replace(asked("a"), kind=Kind.MONTH_YEAR, options=())
    before, behind = Fact("a", Test.AT_MOST, "2020-01"), Fact("a", Test.AT_LEAST, "2024-06")
    between = Not(Any((before, behind)))
    named = Fact("a", Test.ONE_OF, ("2022-02", "2022-03"))
    way = (asked("b", before), asked("c", between), asked("d", behind), asked("e", named))
    assert in_vain(of(month, *way)) == set()
    assert longest_path(of(month, *way)) == 3
    assert in_vain(of(month, asked("b", All((before, behind))))) == {"b"}


def test_an_item_of_a_list_and_words_it_does_not_hold_are_two_cases() -> None:
    item, listed = Fact("a", Test.IS, "x"), Fact("a", Test.ONE_OF, ("x", "y"))
    places = asked("a", None, Kind.LIST, "x", "y")
    ways = (asked("b", item), asked("c", Not(listed)))
    assert in_vain(of(places, *ways)) == {"c"}
    assert in_vain(of(replace(places, own_words=True), *ways)) == set()


def test_statements_and_computed_values_are_no_answers() -> None:
    levels = asked("a", None, Kind.SCALE, "A1", "B1")
    told = asked("told", None, Kind.STATEMENT)
    level = replace(asked("level", None, Kind.COMPUTED, "A1", "B1"), rules=(Rule(take="a"), Rule("A1")))
    high = Fact("level", Test.AT_LEAST, "B1", ("A1", "B1"))
    assert longest_path(of(levels, told, level)) == 1
    assert longest_path(of(levels, told, level, asked("b", high), asked("c", Not(high)))) == 2
    assert in_vain(of(levels, told, level, asked("b", Fact("level", Test.ANSWERED, operand=False)))) == {"b"}


def test_the_first_pass_has_its_own_length() -> None:
    later = replace(asked("b"), stage=Stage.FOLLOW_UP)
    assert longest_path(of(asked("a"), later)) == 1
    assert in_vain(of(asked("a"), later, replace(asked("c", All((YES, NO))), stage=Stage.FOLLOW_UP))) == {"c"}


def test_all_comparisons_in_a_condition_are_found() -> None:
    assert list(facts_in(Any((All((YES, Not(NO))), YES)))) == [YES, NO, YES]


def test_what_stands_alone_is_never_ticked_with_others() -> None:
    alone = Question("a", "s", Kind.MULTIPLE, "p", "b", "r", (Option("x"), Option("none", exclusive=True)))
    both = All((Fact("a", Test.INCLUDES, "x"), Fact("a", Test.INCLUDES, "none")))
    assert longest_path(of(alone, asked("b", both))) == 1


def test_too_many_cases_are_given_up() -> None:
    names = [f"o{number}" for number in range(20)]
    several = asked("a", None, Kind.MULTIPLE, *names)
    opened = of(several, *(asked(f"q{name}", Fact("a", Test.INCLUDES, name)) for name in names))
    assert longest_path(opened) is None
    all_of_them = asked("b", All(tuple(Fact("a", Test.INCLUDES, name) for name in names)))
    assert asked_of_nobody(of(several, all_of_them)) is None


@given(st.data())
def test_nobody_ever_walks_further(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires()).first_pass
    state = finished(data, questionnaire, start(questionnaire))
    longest = longest_path(questionnaire)
    answered = [name for name in path(questionnaire, state.answers) if questionnaire.by_id[name].kind.is_answered]
    assert longest is None or len(answered) <= longest


@given(questionnaires(most=6))
def test_walking_every_way_finds_the_same(questionnaire: Questionnaire) -> None:
    forgetful = [replace(one, optional=one.optional or one.expires is not None) for one in questionnaire.questions]
    every = EveryWay(replace(questionnaire, questions=tuple(forgetful)))
    assume(every.walked)
    assert in_vain(questionnaire) == questionnaire.by_id.keys() - every.reached
    first = tuple(one for one in forgetful if one.stage is Stage.FIRST)
    assert longest_path(questionnaire) == EveryWay(replace(questionnaire, questions=first)).longest
