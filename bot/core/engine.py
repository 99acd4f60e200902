"""Walking through a questionnaire: `start`, `answer`, `back`, `forward`, `change`, `resume`.

The state holds every answer a person ever gave and where the card is; everything else follows from it:

- A question *applies* where its `ask_if` holds over the answers that count. An answer *counts* where its question
  applies, its value is still valid for the question, and it has not expired. The others are kept aside: they come
  back by themselves when the person changes their mind again, and count for nothing until then.
- The *path* is every applicable question in order; computed values follow from the answers and are on nobody's path.
  A question is *open* without a counting answer, or where its answer is due to be looked at again.
- The *frontier* is the first open question behind everything answered; where none is left there, the first open one
  at all (the content got a new question, an answer expired): nobody jumps back before they have come to the end.
  None where nothing is open: the summary.
- Answering moves to the next open question behind the answered one, in the end to the frontier. `back` and `forward`
  move along the path without changing an answer. `change` jumps from the summary to one question.

Which questionnaire is walked says how far: the whole one, or its `first_pass`. Engine functions say what happened,
they do nothing themselves. A place that the content no longer has is led to the frontier by `resume`, and by every
move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.answering import counts, drafted, read, sketch, tick, ticks, unsure
from bot.core.conditions import Lookup, Value
from bot.core.inputs import (
    Age,
    Answer,
    Chosen,
    Code,
    Declined,
    Done,
    Input,
    Kept,
    OwnWords,
    Picked,
    PickedDay,
    Problem,
    Skipped,
    Status,
    Ticked,
    Typed,
)
from bot.core.questionnaire import Kind, Questionnaire

__all__ = [
    "Age",
    "Answer",
    "Chosen",
    "Code",
    "Declined",
    "Done",
    "Input",
    "Kept",
    "OwnWords",
    "Picked",
    "PickedDay",
    "Problem",
    "Skipped",
    "State",
    "Status",
    "Step",
    "Ticked",
    "Typed",
    "answer",
    "ask",
    "back",
    "change",
    "computed",
    "counting",
    "forward",
    "frontier",
    "lookup",
    "path",
    "progress",
    "resume",
    "start",
    "still_open",
    "value_from_data",
    "value_to_data",
]


@dataclass(frozen=True, slots=True)
class State:
    """Where a person stands: everything they ever answered (also what is kept aside), by question id, and the card.

    `at` is the question on the card, None the summary; `draft` is what is not yet an answer: the ticks of a multiple
    choice in the question's order, the year of a month, or the items a search found with the words that were searched
    for; `returning` says the card was opened by `change`: back leads to the summary.
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
    """Take an input for the question on the card: a draft stays on the card, all else is an answer and moves on."""
    if state.at is None or state.at not in path(questionnaire, state.answers):
        return Step(state, Problem(Code.NOTHING_ASKED))
    question = questionnaire.by_id[state.at]
    draft = tick(question, state.draft, given) if isinstance(given, Ticked) else None
    if isinstance(given, Picked | PickedDay | Typed):
        draft = sketch(question, given)
    if draft is not None:
        return Step(state, draft) if isinstance(draft, Problem) else Step(replace(state, draft=draft))
    if isinstance(given, Ticked):
        return Step(state, Problem(Code.WRONG_KIND))
    taken = read(question, state.draft, given, state.answers.get(question.id))
    if isinstance(taken, Problem):
        return Step(state, taken)
    answers = {**state.answers, question.id: taken}
    walk = _walk(questionnaire, answers)
    behind = walk.path.index(question.id)
    following = next((walk.path[place] for place in walk.open if place > behind), walk.frontier)
    return Step(_enter(questionnaire, answers, following))


def back(questionnaire: Questionnaire, state: State) -> State:
    """One question back on the path; from a changed question to the summary; the same state on the first question."""
    walk = _walk(questionnaire, state.answers)
    if state.returning or state.at not in walk.steps:
        return _enter(questionnaire, state.answers, walk.frontier)
    place = walk.steps.index(state.at)
    return _enter(questionnaire, state.answers, walk.steps[place - 1]) if place else state


def forward(questionnaire: Questionnaire, state: State) -> State:
    """One question on along the path, from its end to the frontier; the same state where it stands there already."""
    walk = _walk(questionnaire, state.answers)
    place = walk.steps.index(state.at) + 1 if state.at in walk.steps else len(walk.steps)
    following = walk.steps[place] if place < len(walk.steps) else walk.frontier
    return state if following == state.at else _enter(questionnaire, state.answers, following)


def change(questionnaire: Questionnaire, state: State, question: str) -> State:
    """Open a question whose answer counts, to answer it anew; the same state where it has none.

    A computed value counts too, but nobody can answer it.
    """
    walk = _walk(questionnaire, state.answers)
    if question not in walk.counting or question not in walk.path:
        return state
    return _enter(questionnaire, state.answers, question, returning=True)


def ask(questionnaire: Questionnaire, state: State, question: str) -> State:
    """Open a question of the path, to answer it anew, also where its answer no longer counts; else the same state."""
    if question not in path(questionnaire, state.answers):
        return state
    return _enter(questionnaire, state.answers, question, returning=True)


def resume(questionnaire: Questionnaire, state: State) -> State:
    """Where the card must be now, after a week or after the content changed; a place on the path stays."""
    walk = _walk(questionnaire, state.answers)
    if state.at is None or state.at not in walk.path:
        return _enter(questionnaire, state.answers, walk.frontier)
    return replace(state, draft=drafted(questionnaire.by_id[state.at], state.draft))


def path(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The ids of the questions that apply, in the order they are asked."""
    return _walk(questionnaire, answers).path


def frontier(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> str | None:
    """The question to go on with, None where none is open."""
    return _walk(questionnaire, answers).frontier


def still_open(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The ids of all open questions of the path."""
    walk = _walk(questionnaire, answers)
    return tuple(walk.path[place] for place in walk.open)


def counting(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers that count, computed ones among them, by question id in the order of the questionnaire."""
    return _walk(questionnaire, answers).counting


def lookup(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Lookup:
    """What conditions read: values of the given answers that count; skipped, declined and unsure ones are unknown."""
    return _walk(questionnaire, answers).values.get


def progress(questionnaire: Questionnaire, state: State) -> tuple[int, int]:
    """The card's number from 1 and how many there are as known now: of its stage, and statements are no numbers.

    At the summary, and at a statement behind all others: the last.
    """
    known = path(questionnaire, state.answers)
    by_id = questionnaire.by_id
    stage = by_id[state.at].stage if state.at in known and state.at is not None else None
    own = [one for one in known if stage in {None, by_id[one].stage}]
    asked = [one for one in own if by_id[one].kind is not Kind.STATEMENT]
    if state.at not in own:
        return len(asked), len(asked)
    before = sum(by_id[one].kind is not Kind.STATEMENT for one in own[: own.index(state.at)])
    return min(before + 1, len(asked)), len(asked)


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
    """What follows from the answers.

    `open` are places on the path; `steps` are where the card can be led by `back` and `forward`: the path as far as
    the person has come, and the summary (None) where nothing is open.
    """

    path: tuple[str, ...]
    counting: dict[str, Answer]
    values: dict[str, Value]
    open: tuple[int, ...]
    frontier: str | None
    steps: tuple[str | None, ...]


_LATEST = 2
_memo: list[tuple[Questionnaire, Mapping[str, Answer], _Walk]] = []


def _walk(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> _Walk:
    """What follows from the answers. One tap asks for it several times over: the latest ones are remembered.

    A memo, no state: the same arguments give the same walk.
    """
    for known, given, walk in _memo:
        if known is questionnaire and given is answers:
            return walk
    walk = _walked(questionnaire, answers)
    _memo[:] = [(questionnaire, answers, walk), *_memo[: _LATEST - 1]]
    return walk


def _walked(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> _Walk:
    """One pass is enough: conditions ask about earlier questions only."""
    places: list[str] = []
    counted: dict[str, Answer] = {}
    values: dict[str, Value] = {}
    open_places: list[int] = []
    for question, condition in questionnaire.asked:
        if condition is not None and condition(values.get) is not True:
            continue
        if question.kind is Kind.COMPUTED:
            value = computed(questionnaire, question.id, values)
            if value is not None:
                counted[question.id] = Answer(Status.COMPUTED, value)
                values[question.id] = value
            continue
        places.append(question.id)
        given = answers.get(question.id)
        valid = given is not None and counts(question, given)
        if given is None or not valid or given.age is Age.DUE:
            open_places.append(len(places) - 1)
        if given is None or not valid:
            continue
        counted[question.id] = given
        if given.value is not None and not unsure(question, given.value):
            values[question.id] = given.value
    path_ = tuple(places)
    frontier_, steps = _ways(path_, open_places)
    return _Walk(path_, counted, values, tuple(open_places), frontier_, steps)


def _ways(places: tuple[str, ...], open_places: list[int]) -> tuple[str | None, tuple[str | None, ...]]:
    """The frontier, and where `back` and `forward` lead."""
    if not open_places:
        return None, (*places, None)
    settled = frozenset(range(len(places))) - frozenset(open_places)
    last = max(settled, default=-1)
    ahead = next((place for place in open_places if place > last), None)
    if ahead is None:
        return places[open_places[0]], places[: last + 1]
    return places[ahead], places[: ahead + 1]


def computed(questionnaire: Questionnaire, question: str, values: Mapping[str, Value]) -> str | None:
    """The value of a computed question: that of the first rule that holds; None where none does."""
    for rule, holds in questionnaire.rules[question]:
        if holds(values.get) is not True:
            continue
        value = rule.value if rule.take is None else values.get(rule.take)
        if isinstance(value, str):
            return value
    return None


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
