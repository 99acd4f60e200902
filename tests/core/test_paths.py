"""The longest way through a questionnaire is found without walking all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.conditions import All, Any, Condition, Fact, Not, Test
from bot.core.engine import path, start
from bot.core.paths import facts_in, longest_path
from bot.core.questionnaire import Kind, Option, Question, Questionnaire

from .strategies import finished, questionnaires


def asked(name: str, ask_if: Condition | None = None, kind: Kind = Kind.YES_NO, *options: str) -> Question:
    return Question(
        name, "s", kind, "p", "b", "r", tuple(map(Option, options or ("yes", "no"))), ask_if, maximum=9, most=None
    )


def of(*questions: Question) -> Questionnaire:
    return Questionnaire(("s",), questions)


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
    assert longest_path(of(asked("a"), asked("b", unanswered), asked("c", unanswered), asked("d", YES))) == 3


def test_several_ticks_open_several_questions() -> None:
    ticked = [Fact("a", Test.INCLUDES, name) for name in ("x", "y")]
    several = asked("a", None, Kind.MULTIPLE, "x", "y", "z")
    assert longest_path(of(several, asked("b", ticked[0]), asked("c", ticked[1]))) == 3
    assert longest_path(of(several, asked("b", ticked[0]), asked("c", Not(ticked[0])))) == 2


def test_a_number_is_tried_on_both_sides_of_a_limit() -> None:
    low, high = Fact("a", Test.AT_MOST, 3), Fact("a", Test.AT_LEAST, 4)
    assert longest_path(of(asked("a", None, Kind.NUMBER), asked("b", low), asked("c", high), asked("d", high))) == 3


def test_all_comparisons_in_a_condition_are_found() -> None:
    assert list(facts_in(Any((All((YES, Not(NO))), YES)))) == [YES, NO, YES]


def test_what_stands_alone_is_never_ticked_with_others() -> None:
    alone = Question("a", "s", Kind.MULTIPLE, "p", "b", "r", (Option("x"), Option("none", exclusive=True)))
    both = All((Fact("a", Test.INCLUDES, "x"), Fact("a", Test.INCLUDES, "none")))
    assert longest_path(of(alone, asked("b", both))) == 1


def test_too_many_cases_are_given_up() -> None:
    names = [f"o{number}" for number in range(20)]
    several = asked("a", None, Kind.MULTIPLE, *names)
    assert longest_path(of(several, *(asked(f"q{name}", Fact("a", Test.INCLUDES, name)) for name in names))) is None


@given(st.data())
def test_nobody_ever_walks_further(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    state = finished(data, questionnaire, start(questionnaire))
    longest = longest_path(questionnaire)
    answered = [name for name in path(questionnaire, state.answers) if questionnaire.by_id[name].kind.is_answered]
    assert longest is None or len(answered) <= longest
