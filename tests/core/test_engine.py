from __future__ import annotations

import dataclasses

import pytest

from bot.core.conditions import All, Condition, Fact, Not, Test
from bot.core.engine import (
    Age,
    Answer,
    Chosen,
    Declined,
    Done,
    Input,
    Skipped,
    State,
    Status,
    Ticked,
    Typed,
    answer,
    ask,
    back,
    change,
    counting,
    forward,
    frontier,
    lookup,
    path,
    progress,
    resume,
    start,
    value_from_data,
    value_to_data,
)
from bot.core.questionnaire import Kind, Option, Question, Questionnaire

ALMOST_ALL = (Option("yes"), Option("no"), Option("unsure", unsure=True))


def question(name: str, kind: Kind, *options: Option, ask_if: Condition | None = None) -> Question:
    return Question(name, "s", kind, "purpose", "basis", "retention", options, ask_if)


STUDIED = question("studied", Kind.YES_NO, *ALMOST_ALL)
SUBJECT = question("subject", Kind.SHORT_TEXT, ask_if=Fact("studied", Test.IS, "yes"))
GOALS = question("goals", Kind.MULTIPLE, Option("work"), Option("degree"), Option("none", exclusive=True))
DEGREE = question(
    "degree",
    Kind.YES_NO,
    *ALMOST_ALL,
    ask_if=All((Fact("goals", Test.INCLUDES, "degree"), Not(Fact("studied", Test.IS, "no")))),
)
ALL = Questionnaire(("s",), (STUDIED, SUBJECT, GOALS, DEGREE))


def walk(state: State, *inputs: Input, through: Questionnaire = ALL) -> State:
    for given in inputs:
        step = answer(through, state, given)
        assert step.problem is None
        state = step.state
    return state


def full() -> State:
    state = walk(start(ALL), Chosen("yes"), Typed("history", {}))
    return walk(state, Ticked("degree", on=True), Ticked("work", on=True), Done(), Chosen("no"))


def test_the_first_question_stands_at_the_start() -> None:
    assert start(ALL) == State({}, "studied")
    assert progress(ALL, start(ALL)) == (1, 2)
    assert start(Questionnaire((), ())) == State({})


def test_a_finished_walk_stands_at_the_summary() -> None:
    state = full()
    assert state.at is None
    assert progress(ALL, state) == (4, 4)
    assert {name: given.value for name, given in counting(ALL, state.answers).items()} == {
        "studied": "yes",
        "subject": "history",
        "goals": ("work", "degree"),
        "degree": "no",
    }


def test_what_no_longer_applies_is_kept_aside_and_comes_back() -> None:
    state = walk(change(ALL, full(), "studied"), Chosen("no"))
    assert state.at is None
    assert list(counting(ALL, state.answers)) == ["studied", "goals"]
    assert lookup(ALL, state.answers)("subject") is None
    state = walk(change(ALL, state, "studied"), Chosen("yes"))
    assert state.at is None
    assert counting(ALL, state.answers) == counting(ALL, full().answers)


def test_a_changed_answer_that_opens_a_question_leads_there() -> None:
    state = walk(start(ALL), Chosen("no"), Ticked("work", on=True), Done())
    assert state.at is None
    state = walk(change(ALL, state, "studied"), Chosen("yes"))
    assert (state.at, state.returning) == ("subject", False)


@pytest.mark.parametrize("value", ["unsure", "no"])
def test_unsure_and_no_ask_no_follow_up(value: str) -> None:
    assert walk(start(ALL), Chosen(value)).at == "goals"


def test_unsure_skipped_and_declined_are_unknown_to_conditions_but_answered() -> None:
    asked = dataclasses.replace(STUDIED, optional=True, sensitive=True)
    denied = dataclasses.replace(SUBJECT, ask_if=Not(Fact("studied", Test.IS, "yes")))
    questionnaire = Questionnaire(("s",), (asked, denied))
    for given in (Chosen("unsure"), Skipped(), Declined()):
        state = walk(start(questionnaire), given, through=questionnaire)
        assert state.at is None
        assert list(counting(questionnaire, state.answers)) == ["studied"]
        assert lookup(questionnaire, state.answers)("studied") is None
    assert walk(start(questionnaire), Chosen("no"), through=questionnaire).at == "subject"


def test_an_unsure_tick_makes_the_whole_choice_unknown() -> None:
    asked = question("goals", Kind.MULTIPLE, Option("work"), Option("unsure", unsure=True))
    answers = {"goals": Answer(Status.GIVEN, ("work", "unsure"))}
    assert lookup(Questionnaire(("s",), (asked,)), answers)("goals") is None


def test_back_stops_at_the_first_question_and_forward_at_the_frontier() -> None:
    state = walk(start(ALL), Chosen("yes"))
    assert forward(ALL, state) is state
    first = back(ALL, state)
    assert first.at == "studied"
    assert back(ALL, first) is first
    assert forward(ALL, full()) == full()
    empty = start(Questionnaire((), ()))
    assert back(Questionnaire((), ()), empty) is empty


def test_the_ticks_of_an_earlier_answer_show_when_the_question_opens_again() -> None:
    ticked = ("work", "degree")
    assert change(ALL, full(), "goals").draft == ticked
    assert back(ALL, back(ALL, full())).draft == ticked
    assert forward(ALL, back(ALL, back(ALL, back(ALL, full())))).draft == ticked
    assert walk(change(ALL, full(), "goals"), Ticked("degree", on=False), Done()).answers["goals"].value == ("work",)


def test_back_from_a_changed_question_drops_the_ticks_and_shows_the_summary() -> None:
    opened = change(ALL, full(), "goals")
    assert opened.returning
    assert back(ALL, walk(opened, Ticked("none", on=True))) == full()


def test_forward_from_a_changed_question_walks_on() -> None:
    assert forward(ALL, change(ALL, full(), "goals")) == back(ALL, full())


def test_only_what_was_answered_and_counts_can_be_changed() -> None:
    no = walk(change(ALL, full(), "studied"), Chosen("no"))
    assert change(ALL, no, "subject") is no
    assert change(ALL, no, "unheard-of") is no
    halfway = walk(start(ALL), Chosen("yes"))
    assert change(ALL, halfway, "subject") is halfway


def test_any_question_of_the_path_can_be_asked_again_also_one_whose_answer_counts_no_more() -> None:
    answers = dict(full().answers)
    answers["goals"] = dataclasses.replace(answers["goals"], age=Age.EXPIRED)
    old = State(answers, None)
    assert change(ALL, old, "goals") is old
    asked = ask(ALL, old, "goals")
    assert (asked.at, asked.returning, asked.answers) == ("goals", True, old.answers)
    no = walk(change(ALL, full(), "studied"), Chosen("no"))
    assert ask(ALL, no, "subject") is no, "it does not apply"
    assert ask(ALL, no, "unheard-of") is no


def test_changing_halfway_and_going_back_leads_to_where_one_was() -> None:
    halfway = walk(start(ALL), Chosen("yes"))
    opened = change(ALL, halfway, "studied")
    assert back(ALL, opened) == halfway


def test_resume_keeps_a_place_that_is_still_there_with_its_ticks() -> None:
    state = walk(start(ALL), Chosen("no"), Ticked("work", on=True))
    assert resume(ALL, state) == state
    assert resume(ALL, change(ALL, full(), "studied")) == change(ALL, full(), "studied")


def test_resume_asks_what_the_content_added_changed_or_opened() -> None:
    added = question("added", Kind.SHORT_TEXT)
    assert resume(Questionnaire(("s",), (*ALL.questions, added)), full()).at == "added"
    fewer = dataclasses.replace(GOALS, options=(Option("degree"), Option("help")))
    narrowed = Questionnaire(("s",), (STUDIED, SUBJECT, fewer, DEGREE))
    assert resume(narrowed, full()) == State(full().answers, "goals", ("degree",))


def test_resume_leaves_a_place_that_is_gone() -> None:
    removed = Questionnaire(("s",), (STUDIED, GOALS))
    state = walk(start(ALL), Chosen("yes"))
    assert (state.at, resume(removed, state).at) == ("subject", "goals")
    assert back(removed, state).at == forward(removed, state).at == "goals"
    unasked = dataclasses.replace(SUBJECT, ask_if=Fact("studied", Test.IS, "no"))
    assert resume(Questionnaire(("s",), (STUDIED, unasked, GOALS)), state).at == "goals"


def test_resume_cuts_the_ticks_to_the_options_there_are() -> None:
    fewer = dataclasses.replace(GOALS, options=(Option("degree"), Option("help"), Option("work", exclusive=True)))
    state = State({}, "goals", ("work", "degree", "gone"))
    assert resume(Questionnaire(("s",), (fewer,)), state).draft == ("degree",)
    asked = question("goals", Kind.SINGLE, Option("work"), Option("degree"))
    assert resume(Questionnaire(("s",), (asked,)), state).draft == ()


def test_a_question_put_in_before_the_card_is_asked_after_it() -> None:
    added = question("added", Kind.SHORT_TEXT)
    more = Questionnaire(("s",), (added, *ALL.questions))
    state = resume(more, walk(start(ALL), Chosen("no")))
    assert state.at == "goals"
    assert walk(state, Ticked("work", on=True), Done(), through=more).at == "added"
    assert forward(more, state) is state
    assert back(more, state).at == "studied"
    assert back(more, back(more, state)).at == "added"


def test_the_path_and_its_frontier_follow_from_the_answers() -> None:
    answers = {"goals": Answer(Status.GIVEN, ("degree",)), "studied": Answer(Status.GIVEN, "yes")}
    assert path(ALL, answers) == ("studied", "subject", "goals", "degree")
    assert frontier(ALL, answers) == "degree", "behind what is answered comes before what was left open"
    assert frontier(ALL, {**answers, "degree": Answer(Status.GIVEN, "no")}) == "subject"
    assert frontier(ALL, full().answers) is None
    assert progress(ALL, State(answers, "degree")) == (4, 4)


@pytest.mark.parametrize("value", ["yes", 7, ("a", "b"), (), None])
def test_a_value_survives_its_stored_form(value: str | int | tuple[str, ...] | None) -> None:
    assert value_from_data(value_to_data(value)) == value


@pytest.mark.parametrize("data", [True, 1.5, {"a": 1}])
def test_what_is_no_value_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="value"):
        value_from_data(data)
