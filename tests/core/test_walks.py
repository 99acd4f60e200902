"""Random walks through random valid questionnaires: what holds for every town's questions and every person."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.engine import (
    Age,
    Answer,
    OwnWords,
    State,
    Status,
    Ticked,
    answer,
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
    still_open,
    value_from_data,
    value_to_data,
)
from bot.core.questionnaire import Kind, Questionnaire

from .definitions import counts_by_definition, following_by_definition, frontier_by_definition, open_by_definition
from .inputs import answered, any_inputs, finished, good_inputs
from .strategies import questionnaires


def stands_well(questionnaire: Questionnaire, state: State) -> None:
    """What is true of every state a person can reach."""
    answers = state.answers
    known = path(questionnaire, answers)
    counted = counting(questionnaire, answers)
    assert counted == counts_by_definition(questionnaire, answers)
    assert list(counted) == [one.id for one in questionnaire.questions if one.id in counted]
    assert {name for name in known if name not in counted} <= open_by_definition(questionnaire, answers)
    assert still_open(questionnaire, answers) == tuple(
        name for name in known if name in open_by_definition(questionnaire, answers)
    )
    assert frontier(questionnaire, answers) == frontier_by_definition(questionnaire, answers)
    assert all(lookup(questionnaire, answers)(name) is None for name in answers if name not in counted)
    assert state.at in (*known, None)
    assert not any(questionnaire.by_id[name].kind is Kind.COMPUTED for name in known)
    numbers_stand_well(questionnaire, state)
    if state.draft:
        assert state.at is not None
    if state.draft and state.at is not None and questionnaire.by_id[state.at].kind is Kind.MULTIPLE:
        order = [option.id for option in questionnaire.by_id[state.at].options if option.id in state.draft]
        assert list(state.draft) == order
    assert stored_and_back(state) == fresh(state)


@given(st.data(), questionnaires())
def test_a_part_of_the_questionnaire_says_of_its_questions_what_the_whole_says(
    data: st.DataObject, questionnaire: Questionnaire
) -> None:
    answers = finished(data, questionnaire, start(questionnaire)).answers
    kept = {name: one for name, one in answers.items() if data.draw(st.booleans())}
    names = {one.id for one in questionnaire.questions if data.draw(st.booleans())}
    part = questionnaire.only(names)
    assert names <= part.by_id.keys() <= questionnaire.by_id.keys()
    for name in names:
        assert lookup(part, kept)(name) == lookup(questionnaire, kept)(name)
        assert (name in path(part, kept)) is (name in path(questionnaire, kept))
        assert counting(part, kept).get(name) == counting(questionnaire, kept).get(name)


def numbers_stand_well(questionnaire: Questionnaire, state: State) -> None:
    """The card's number: at the first of its stage's questions 1, each further one counts 1 more, the last is all."""
    known = path(questionnaire, state.answers)
    stage = questionnaire.by_id[state.at].stage if state.at is not None else None
    own = [questionnaire.by_id[name] for name in known if stage in {None, questionnaire.by_id[name].stage}]
    numbered = [one.id for one in own if one.kind is not Kind.STATEMENT]
    number, length = progress(questionnaire, state)
    assert length == len(numbered)
    if state.at in numbered:
        assert numbered[number - 1] == state.at
        return
    behind = [one.id for one in own][[one.id for one in own].index(state.at) :] if state.at is not None else []
    assert number == next((numbered.index(name) + 1 for name in behind if name in numbered), length)


def fresh(state: State) -> State:
    """The state without what time has done to it, which is not stored but told by the clock."""
    return dataclasses.replace(
        state, answers={name: Answer(one.status, one.value) for name, one in state.answers.items()}
    )


def stored_and_back(state: State) -> State:
    """The state as the database holds it: an answer is a row with a JSON value, the draft in lines."""
    answers = {
        name: Answer(Status(one.status.value), value_from_data(json.loads(json.dumps(value_to_data(one.value)))))
        for name, one in state.answers.items()
    }
    return State(answers, state.at, tuple("\n".join(state.draft).splitlines()), state.returning)


def moved(data: st.DataObject, questionnaire: Questionnaire, state: State) -> State:
    """The state after one thing a person may do, or time did."""
    deed = data.draw(st.sampled_from(["answer", "answer", "anything", "back", "forward", "change", "resume", "time"]))
    if deed == "answer" and state.at is not None:
        return answered(data, questionnaire, state)
    if deed == "change" and questionnaire.questions:
        return change(questionnaire, state, data.draw(st.sampled_from(questionnaire.questions)).id)
    if deed == "anything":
        return answer(questionnaire, state, data.draw(any_inputs())).state
    if deed == "time" and state.answers:
        old = data.draw(st.sampled_from(sorted(state.answers)))
        aged = dataclasses.replace(state.answers[old], age=data.draw(st.sampled_from(Age)))
        return resume(questionnaire, dataclasses.replace(state, answers={**state.answers, old: aged}))
    moves = {"back": back, "forward": forward, "resume": resume}
    return moves.get(deed, resume)(questionnaire, state)


def wandered(data: st.DataObject, questionnaire: Questionnaire) -> State:
    state = start(questionnaire)
    for _ in range(data.draw(st.integers(0, 12))):
        state = moved(data, questionnaire, state)
    return state


@given(questionnaires(), st.data())
def test_good_answers_always_end_at_the_summary(questionnaire: Questionnaire, data: st.DataObject) -> None:
    first = finished(data, questionnaire.first_pass, start(questionnaire.first_pass))
    finished(data, questionnaire, resume(questionnaire, first))
    finished(data, questionnaire, start(questionnaire))


@given(questionnaires(), st.data())
def test_every_state_on_a_random_walk_stands_well_and_survives_its_stored_form(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    state = start(questionnaire)
    stands_well(questionnaire, state)
    for _ in range(data.draw(st.integers(0, 12))):
        state = moved(data, questionnaire, state)
        stands_well(questionnaire, state)
        assert (state.at is None) <= (frontier(questionnaire, state.answers) is None)
        assert resume(questionnaire, state) == state
    finished(data, questionnaire, state)


@given(questionnaires(), st.data())
def test_back_any_number_of_questions_and_forth_gives_the_same_state(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    state = wandered(data, questionnaire)
    steps = [resume(questionnaire, State(state.answers))]
    while (before := back(questionnaire, steps[-1])) is not steps[-1]:
        steps.append(before)
    assert len(steps) <= len(questionnaire.questions) + 1
    assert steps[-1].at == next(iter(path(questionnaire, state.answers)), None)
    for later, earlier in zip(reversed(steps[:-1]), reversed(steps[1:]), strict=True):
        assert forward(questionnaire, earlier) == later
    assert all(step.answers is state.answers for step in steps)
    if state.at is not None and is_ahead_of_all(questionnaire, state.answers, state.at):
        assert back(questionnaire, state).at == frontier(questionnaire, state.answers)
    elif back(questionnaire, state) is not state and not state.returning:
        there = forward(questionnaire, back(questionnaire, state))
        assert dataclasses.replace(there, draft=state.draft) == state


def is_ahead_of_all(questionnaire: Questionnaire, answers: Mapping[str, Answer], at: str) -> bool:
    """Whether a card stands further on than the frontier: an answer before it got old while it stood there."""
    known = path(questionnaire, answers)
    behind = known[known.index(at) :]
    first = frontier(questionnaire, answers)
    return first != at and first not in behind and set(behind) <= set(still_open(questionnaire, answers))


@given(questionnaires(), st.data())
def test_an_answer_changed_and_changed_back_leaves_everything_as_it_was(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    state = finished(data, questionnaire, start(questionnaire))
    before = counting(questionnaire, state.answers)
    if not state.answers:
        return
    name = data.draw(st.sampled_from(sorted(before.keys() & state.answers.keys())))
    opened = change(questionnaire, state, name)
    assert (opened.at, opened.returning) == (name, True)
    other = answered(data, questionnaire, opened)
    stands_well(questionnaire, other)
    restored = State({**other.answers, name: before[name]})
    assert counting(questionnaire, restored.answers) == before
    assert resume(questionnaire, restored) == State(restored.answers)


@given(questionnaires(), st.data())
def test_an_input_changes_the_draft_or_answers_or_is_a_problem_that_changes_nothing(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    state = wandered(data, questionnaire)
    if state.at is not None and data.draw(st.booleans()):  # one that begins an answer
        entered = data.draw(good_inputs(questionnaire.by_id[state.at], state))[0]
    else:
        entered = data.draw(any_inputs())
    step = answer(questionnaire, state, entered)
    if step.problem is not None:
        assert step.state is state
    elif step.state.answers is state.answers:
        assert step.state.at == state.at
        assert step.state.draft or isinstance(entered, Ticked)
        assert not isinstance(entered, Ticked) or (entered.option in step.state.draft) is entered.on
    else:
        assert state.at is not None
        assert step.state.answers[state.at].age is Age.FRESH
        assert state.at in counting(questionnaire, step.state.answers)
        assert step.state.at == following_by_definition(questionnaire, step.state.answers, state.at)
        others = {name: kept for name, kept in step.state.answers.items() if name != state.at}
        assert others == {name: kept for name, kept in state.answers.items() if name != state.at}


@given(questionnaires(), st.data())
def test_after_any_change_of_the_content_nobody_is_stuck_and_nothing_is_lost(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    state = wandered(data, questionnaire)
    edited = data.draw(questionnaires(like=questionnaire))
    for move in (back, forward, resume):
        led = move(edited, state)
        stands_well(edited, resume(edited, led) if led is state else led)
        assert led.answers is state.answers
    resumed = resume(edited, state)
    if state.at in path(edited, state.answers):
        assert resumed.at == state.at
    else:
        assert resumed.at == frontier(edited, state.answers)
    assert change(edited, state, "q3").answers is state.answers
    finished(data, edited, resumed)


@pytest.mark.row(19)
@given(questionnaires(), st.data())
def test_a_card_of_the_old_content_is_answered_or_refused_but_never_breaks(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    state = wandered(data, questionnaire)
    edited = data.draw(questionnaires(like=questionnaire))
    inputs = data.draw(good_inputs(questionnaire.by_id[state.at], state)) if state.at else ()
    for late in (*inputs, OwnWords()):
        step = answer(edited, state, late)
        if step.problem is None:
            assert state.at in path(edited, state.answers), "a question that is not asked takes no answer"
        state = step.state
    stands_well(edited, resume(edited, state))
