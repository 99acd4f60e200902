"""Walking through a questionnaire: `start`, `answer`, `back`, `forward`, `change`, `resume`.

The state holds every answer a person ever gave, and where the card is. Everything else follows from it:

- A question *applies* if its `ask_if` holds over the answers that count. An answer *counts* if its question applies,
  its value is still valid for the question, and it has not expired. The other answers are kept but ignored. They
  count again as soon as the person changes their mind back.
- The *path* is every applicable question, in order. Computed values follow from the answers and are not on the path.
  A question is *open* if it has no counting answer, or if its answer is due to be checked again.
- The *frontier* is the first open question after everything that is answered. If there is none, it is the first open
  question of all (a question was added, or an answer expired): nobody jumps back before they reach the end. It is
  None if nothing is open; then the summary follows.
- An answer moves the card to the next open question after it, and at the end to the frontier. `back` and `forward`
  move along the path and change no answer. `change` jumps from the summary to one question.

The questionnaire that is passed in sets how far to walk: the whole one, or its `first_pass`. Engine functions only
say what happened and do nothing themselves. If the content no longer has the question on the card, `resume` and every
move lead to the frontier.
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
    """Where a person stands: every answer they ever gave, by question id (also ignored ones), and the card.

    `at` is the question on the card, None for the summary. `draft` is what is not an answer yet: the ticks of a
    multiple choice in the question's order, the year of a month, or the items a search found together with the words
    that were searched for. `returning`: the card was opened by `change`, so back leads to the summary.
    """

    answers: Mapping[str, Answer]
    at: str | None = None
    draft: tuple[str, ...] = ()
    returning: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What an input led to. With a problem, `state` is the same object that was passed in."""

    state: State
    problem: Problem | None = None


def start(questionnaire: Questionnaire) -> State:
    """The state of a person who has answered nothing yet."""
    return _at_frontier(questionnaire, {})


def answer(questionnaire: Questionnaire, state: State, given: Input) -> Step:
    """Takes an input for the question on the card. A draft stays on the card. An answer moves on."""
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
    """One question back on the path. From a changed question to the summary. No change on the first question."""
    walk = _walk(questionnaire, state.answers)
    if state.returning or state.at not in walk.steps:
        return _enter(questionnaire, state.answers, walk.frontier)
    place = walk.steps.index(state.at)
    return _enter(questionnaire, state.answers, walk.steps[place - 1]) if place else state


def forward(questionnaire: Questionnaire, state: State) -> State:
    """One question forward on the path, and from its end to the frontier. No change if already there."""
    walk = _walk(questionnaire, state.answers)
    place = walk.steps.index(state.at) + 1 if state.at in walk.steps else len(walk.steps)
    following = walk.steps[place] if place < len(walk.steps) else walk.frontier
    return state if following == state.at else _enter(questionnaire, state.answers, following)


def change(questionnaire: Questionnaire, state: State, question: str) -> State:
    """Opens a question whose answer counts, to answer it again. No change if it has no such answer.

    A computed value counts too, but nobody can answer it.
    """
    walk = _walk(questionnaire, state.answers)
    if question not in walk.counting or question not in walk.path:
        return state
    return _enter(questionnaire, state.answers, question, returning=True)


def ask(questionnaire: Questionnaire, state: State, question: str) -> State:
    """Opens a question of the path, even if its answer no longer counts. No change if it is not on the path."""
    if question not in path(questionnaire, state.answers):
        return state
    return _enter(questionnaire, state.answers, question, returning=True)


def resume(questionnaire: Questionnaire, state: State) -> State:
    """Where the card must be now, for example after a week or after the content changed. It stays if it can."""
    walk = _walk(questionnaire, state.answers)
    if state.at is None or state.at not in walk.path:
        return _enter(questionnaire, state.answers, walk.frontier)
    return replace(state, draft=drafted(questionnaire.by_id[state.at], state.draft))


def path(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The ids of the questions that apply, in the order they are asked."""
    return _walk(questionnaire, answers).path


def frontier(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> str | None:
    """The question to go on with. None if none is open."""
    return _walk(questionnaire, answers).frontier


def still_open(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The ids of all open questions of the path."""
    walk = _walk(questionnaire, answers)
    return tuple(walk.path[place] for place in walk.open)


def counting(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers that count, also computed ones, by question id in the questionnaire's order."""
    return _walk(questionnaire, answers).counting


def lookup(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Lookup:
    """What conditions read: the values of answers that count. Skipped, declined and unsure ones are unknown."""
    return _walk(questionnaire, answers).values.get


def progress(questionnaire: Questionnaire, state: State) -> tuple[int, int]:
    """The number of the card, from 1, and how many cards its stage has as far as known. Statements do not count.

    At the summary, and at a statement after all questions, it is the last number.
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
    """One value in a form that JSON can hold."""
    return list(value) if isinstance(value, tuple) else value


def value_from_data(data: object) -> Value | None:
    """The value that `value_to_data` turned into this. ValueError if it was not made by it."""
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

    `open` holds indexes into the path. `steps` is where `back` and `forward` can lead: the path as far as the person
    has come, and the summary (None) if nothing is open.
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
    """What follows from the answers. One tap asks for it several times, so the latest results are remembered.

    This is only a cache: the same arguments always give the same result.
    """
    for known, given, walk in _memo:
        if known is questionnaire and given is answers:
            return walk
    walk = _walked(questionnaire, answers)
    _memo[:] = [(questionnaire, answers, walk), *_memo[: _LATEST - 1]]
    return walk


def _walked(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> _Walk:
    """What follows from the answers. One pass is enough, because conditions only ask about earlier questions."""
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
    """The frontier, and where `back` and `forward` can lead."""
    if not open_places:
        return None, (*places, None)
    settled = frozenset(range(len(places))) - frozenset(open_places)
    last = max(settled, default=-1)
    ahead = next((place for place in open_places if place > last), None)
    if ahead is None:
        return places[open_places[0]], places[: last + 1]
    return places[ahead], places[: ahead + 1]


def computed(questionnaire: Questionnaire, question: str, values: Mapping[str, Value]) -> str | None:
    """The value of a computed question: that of the first rule that holds. None if none does."""
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
    """The card on a question. The draft shows the ticks of the current answer."""
    given = answers.get(at) if at is not None else None
    if at is None or given is None or not isinstance(given.value, tuple):
        return State(answers, at, (), returning)
    return State(answers, at, ticks(questionnaire.by_id[at], given.value), returning)
