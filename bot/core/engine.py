"""Walking through a questionnaire: `start`, `answer`, `back`, `forward`, `change`, `resume`.

The state holds every answer a person ever gave and where the card is; everything else follows from it:

- A question *applies* where its `ask_if` holds over the answers that count. An answer *counts* where its question
  applies and its value is still valid for the question. The others are kept aside: they come back by themselves
  when the person changes their mind again, and count for nothing until then.
- The *path* is every applicable question in order. The *frontier* is its first question without a counting answer;
  None where there is none: the summary.
- Answering moves to the frontier. `back` and `forward` move along the path without changing an answer, and are each
  other's opposite. `change` jumps from the summary to one question; answering it leads to the frontier, which is
  the summary again if no dependent question opened.

Engine functions say what happened, they do nothing themselves. A place that the content no longer has is led to
the frontier by `resume`, and by every move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.answering import (
    Answer,
    Chosen,
    Code,
    Declined,
    Done,
    Input,
    Problem,
    Skipped,
    Status,
    Ticked,
    Typed,
    counts,
    read,
    tick,
    ticks,
    unsure,
)
from bot.core.conditions import Lookup, Value
from bot.core.questionnaire import Questionnaire

__all__ = [
    "Answer",
    "Chosen",
    "Code",
    "Declined",
    "Done",
    "Input",
    "Problem",
    "Skipped",
    "State",
    "Status",
    "Step",
    "Ticked",
    "Typed",
    "answer",
    "back",
    "change",
    "counting",
    "forward",
    "frontier",
    "lookup",
    "path",
    "progress",
    "resume",
    "start",
    "value_from_data",
    "value_to_data",
]


@dataclass(frozen=True, slots=True)
class State:
    """Where a person stands: everything they ever answered (also what is kept aside), by question id, and the card.

    `at` is the question on the card, None the summary; `draft` the ticks of a multiple choice before they are
    confirmed, in the question's order; `returning` says the card was opened by `change`: back leads to the summary.
    """

    answers: Mapping[str, Answer]
    at: str | None = None
    draft: tuple[str, ...] = ()
    returning: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What an input led to; with a problem, `state` is the very state it was given."""

    state: State
    problem: Problem | None = None


def start(questionnaire: Questionnaire) -> State:
    """The state of a person who has answered nothing yet."""
    return _at_frontier(questionnaire, {})


def answer(questionnaire: Questionnaire, state: State, given: Input) -> Step:
    """Take an input for the question on the card: a tick changes the draft, all else is an answer and moves on."""
    question = questionnaire.by_id.get(state.at) if state.at is not None else None
    if question is None:
        return Step(state, Problem(Code.NOTHING_ASKED))
    if isinstance(given, Ticked):
        draft = tick(question, state.draft, given)
        return Step(state, draft) if isinstance(draft, Problem) else Step(replace(state, draft=draft))
    taken = read(question, state.draft, given)
    if isinstance(taken, Problem):
        return Step(state, taken)
    return Step(_at_frontier(questionnaire, {**state.answers, question.id: taken}))


def back(questionnaire: Questionnaire, state: State) -> State:
    """One question back on the path; from a changed question to the summary; the same state on the first question."""
    steps = _walk(questionnaire, state.answers).steps
    if state.returning or state.at not in steps:
        return _enter(questionnaire, state.answers, steps[-1])
    place = steps.index(state.at)
    return _enter(questionnaire, state.answers, steps[place - 1]) if place else state


def forward(questionnaire: Questionnaire, state: State) -> State:
    """One question on along the path, at most to the frontier; the same state where it stands there already."""
    steps = _walk(questionnaire, state.answers).steps
    if state.at == steps[-1]:
        return state
    place = steps.index(state.at) + 1 if state.at in steps else -1
    return _enter(questionnaire, state.answers, steps[place])


def change(questionnaire: Questionnaire, state: State, question: str) -> State:
    """Open a question whose answer counts, to answer it anew; the same state where there is none such."""
    if question not in _walk(questionnaire, state.answers).counting:
        return state
    return _enter(questionnaire, state.answers, question, returning=True)


def resume(questionnaire: Questionnaire, state: State) -> State:
    """Where the card must be now, after a week or after the content changed; a place on the path stays."""
    walk = _walk(questionnaire, state.answers)
    if state.at is None or state.at not in walk.path:
        return _enter(questionnaire, state.answers, walk.steps[-1])
    return replace(state, draft=ticks(questionnaire.by_id[state.at], state.draft))


def path(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The ids of the questions that apply, in the order they are asked."""
    return _walk(questionnaire, answers).path


def frontier(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> str | None:
    """The first question of the path without an answer that counts, None where all have one."""
    return _walk(questionnaire, answers).steps[-1]


def counting(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers that count, by question id in the order of the path."""
    return _walk(questionnaire, answers).counting


def lookup(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Lookup:
    """What conditions read: values of the given answers that count; skipped, declined and unsure ones are unknown."""
    return _walk(questionnaire, answers).values.get


def progress(questionnaire: Questionnaire, state: State) -> tuple[int, int]:
    """The card's number on the path, from 1 (at the summary: the last), and the path's length as known now."""
    known = path(questionnaire, state.answers)
    return (known.index(state.at) + 1 if state.at in known else len(known)), len(known)


def value_to_data(value: Value | None) -> str | int | list[str] | None:
    """One value as JSON can hold it."""
    return list(value) if isinstance(value, tuple) else value


def value_from_data(data: object) -> Value | None:
    """The value `value_to_data` made this of; ValueError where it did not."""
    match data:
        case bool():
            pass
        case str() | int() | None:
            return data
        case list():
            return tuple(map(str, data))
    raise ValueError("not the data of a value")


@dataclass(frozen=True, slots=True)
class _Walk:
    """What follows from the answers. `steps` are the places of the card: the path up to the frontier, and that."""

    path: tuple[str, ...]
    counting: dict[str, Answer]
    values: dict[str, Value]
    steps: tuple[str | None, ...]


def _walk(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> _Walk:
    """What follows from the answers. One tap asks for it several times over: the last one is remembered."""
    global _last  # noqa: PLW0603 - a memo, no state: the same arguments give the same walk
    if _last[0] is not questionnaire or _last[1] is not answers:
        _last = (questionnaire, answers, _walked(questionnaire, answers))
    return _last[2]


_last: tuple[Questionnaire | None, Mapping[str, Answer] | None, _Walk] = (None, None, _Walk((), {}, {}, ()))


def _walked(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> _Walk:
    """One pass is enough: conditions ask about earlier questions only."""
    places: list[str] = []
    counted: dict[str, Answer] = {}
    values: dict[str, Value] = {}
    for question, condition in questionnaire.asked:
        if condition is not None and condition(values.get) is not True:
            continue
        places.append(question.id)
        given = answers.get(question.id)
        if given is None or not counts(question, given):
            continue
        counted[question.id] = given
        if given.value is not None and not unsure(question, given.value):
            values[question.id] = given.value
    settled = next((number for number, place in enumerate(places) if place not in counted), None)
    steps = (*places, None) if settled is None else tuple(places[: settled + 1])
    return _Walk(tuple(places), counted, values, steps)


def _at_frontier(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> State:
    return _enter(questionnaire, answers, frontier(questionnaire, answers))


def _enter(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], at: str | None, *, returning: bool = False
) -> State:
    """The card put on a question, its draft the ticks of the answer there is, so that they show."""
    given = answers.get(at) if at is not None else None
    if at is None or given is None or not isinstance(given.value, tuple):
        return State(answers, at, (), returning)
    return State(answers, at, ticks(questionnaire.by_id[at], given.value), returning)
