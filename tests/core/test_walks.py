"""Random walks through random valid questionnaires: what holds for every town's questions and every person."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.core.answering import counts, unsure
from bot.core.conditions import Value, compiled
from bot.core.engine import (
    Answer,
    Input,
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
    value_from_data,
    value_to_data,
)
from bot.core.questionnaire import Kind, Questionnaire

from .strategies import answered, any_inputs, finished, good_inputs, questionnaires


def counts_by_definition(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> set[str]:
    """The same rule said the other way round: each question looks back by itself, as often as it takes."""

    def value(name: str) -> Value | None:
        found = answers[name].value if does_count(name) else None
        return None if found is None or unsure(questionnaire.by_id[name], found) else found

    def does_count(name: str) -> bool:
        asked = questionnaire.by_id.get(name)
        known = asked is not None and name in answers and counts(asked, answers[name])
        return asked is not None and known and compiled(asked.ask_if)(value) is True

    return {name for name in answers if does_count(name)}


def stands_well(questionnaire: Questionnaire, state: State) -> None:
    """What is true of every state a person can reach."""
    answers = state.answers
    known = path(questionnaire, answers)
    counted = counting(questionnaire, answers)
    assert set(counted) == counts_by_definition(questionnaire, answers)
    assert list(counted) == [name for name in known if name in counted]
    assert all(counted[name] is answers[name] for name in counted)
    assert frontier(questionnaire, answers) == behind_everything(known, counted)
    assert all(lookup(questionnaire, answers)(name) is None for name in answers if name not in counted)
    assert state.at in (*known, None)
    number, length = progress(questionnaire, state)
    numbered = [name for name in known if questionnaire.by_id[name].kind is not Kind.STATEMENT]
    assert min(1, len(numbered)) <= number <= length == len(numbered)
    if state.draft:
        assert state.at is not None
    if state.draft and state.at is not None and questionnaire.by_id[state.at].kind is Kind.MULTIPLE:
        order = [option.id for option in questionnaire.by_id[state.at].options if option.id in state.draft]
        assert list(state.draft) == order
    assert stored_and_back(state) == state


def behind_everything(known: Sequence[str], counted: Collection[str]) -> str | None:
    """The frontier said the other way round: drop what lies before the last answer, if something is left open."""
    answered = [place for place, name in enumerate(known) if name in counted]
    ahead = known[max(answered, default=-1) + 1 :]
    return next(iter(ahead), next((name for name in known if name not in counted), None))


def stored_and_back(state: State) -> State:
    """The state as the database holds it: an answer is a row with a JSON value, the draft in lines."""
    answers = {
        name: Answer(Status(one.status.value), value_from_data(json.loads(json.dumps(value_to_data(one.value)))))
        for name, one in state.answers.items()
    }
    return State(answers, state.at, tuple("\n".join(state.draft).splitlines()), state.returning)


def moved(data: st.DataObject, questionnaire: Questionnaire, state: State) -> State:
    """The state after one thing a person may do."""
    deed = data.draw(st.sampled_from(["answer", "answer", "anything", "back", "forward", "change", "resume"]))
    if deed == "answer" and state.at is not None:
        return answered(data, questionnaire, state)
    if deed == "change" and state.answers:
        return change(questionnaire, state, data.draw(st.sampled_from(sorted(state.answers))))
    if deed == "anything":
        return answer(questionnaire, state, data.draw(any_inputs())).state
    moves = {"back": back, "forward": forward, "resume": resume}
    return moves.get(deed, resume)(questionnaire, state)


def wandered(data: st.DataObject, questionnaire: Questionnaire) -> State:
    state = start(questionnaire)
    for _ in range(data.draw(st.integers(0, 12))):
        state = moved(data, questionnaire, state)
    return state


@given(questionnaires(), st.data())
def test_good_answers_always_end_at_the_summary(questionnaire: Questionnaire, data: st.DataObject) -> None:
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
    steps = [State(state.answers, frontier(questionnaire, state.answers))]
    while (before := back(questionnaire, steps[-1])) is not steps[-1]:
        steps.append(before)
    assert len(steps) <= len(questionnaire.questions) + 1
    assert steps[-1].at == next(iter(path(questionnaire, state.answers)), None)
    for later, earlier in zip(reversed(steps[:-1]), reversed(steps[1:]), strict=True):
        assert forward(questionnaire, earlier) == later
    assert all(step.answers is state.answers for step in steps)
    if back(questionnaire, state) is not state and not state.returning:
        there = forward(questionnaire, back(questionnaire, state))
        assert dataclasses.replace(there, draft=state.draft) == state


@given(questionnaires(), st.data())
def test_an_answer_changed_and_changed_back_leaves_everything_as_it_was(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    state = finished(data, questionnaire, start(questionnaire))
    before = counting(questionnaire, state.answers)
    if not before:
        return
    name = data.draw(st.sampled_from(sorted(before)))
    other = answered(data, questionnaire, change(questionnaire, state, name))
    stands_well(questionnaire, other)
    restored = State({**other.answers, name: before[name]})
    assert counting(questionnaire, restored.answers) == before
    assert resume(questionnaire, restored) == State(restored.answers)


@given(questionnaires(), any_inputs(), st.data())
def test_an_input_changes_the_draft_or_answers_or_is_a_problem_that_changes_nothing(
    questionnaire: Questionnaire, entered: Input, data: st.DataObject
) -> None:
    state = wandered(data, questionnaire)
    step = answer(questionnaire, state, entered)
    if step.problem is not None:
        assert step.state is state
    elif step.state.answers is state.answers:
        assert step.state.at == state.at
        assert not isinstance(entered, Ticked) or (entered.option in step.state.draft) is entered.on
    else:
        counted = counting(questionnaire, step.state.answers)
        assert state.at in counted
        known = path(questionnaire, step.state.answers)
        ahead = [name for name in known[known.index(state.at) :] if name not in counted]
        assert step.state.at == next(iter(ahead), frontier(questionnaire, step.state.answers))
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


@given(questionnaires(), st.data())
def test_a_card_of_the_old_content_is_answered_or_refused_but_never_breaks(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    state = wandered(data, questionnaire)
    edited = data.draw(questionnaires(like=questionnaire))
    inputs = data.draw(good_inputs(questionnaire.by_id[state.at], state)) if state.at else ()
    for late in inputs:
        state = answer(edited, state, late).state
    stands_well(edited, resume(edited, state))
