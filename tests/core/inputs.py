"""Inputs that answer a question, any inputs, and walks with them."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from bot.core.engine import (
    Chosen,
    Declined,
    Done,
    Input,
    Kept,
    OwnWords,
    Picked,
    Skipped,
    State,
    Ticked,
    Typed,
    answer,
)
from bot.core.questionnaire import Kind, Question, Questionnaire

from .strategies import LABELS, OPTION_IDS, TODAY


@st.composite
def good_inputs(draw: st.DrawFn, question: Question, state: State) -> tuple[Input, ...]:
    """Inputs, the last of which answers the question."""
    ways = list(_ways_round(question))
    if ways and draw(st.integers(0, 3)) == 0:
        return (draw(st.sampled_from(ways)),)
    match question.kind:
        case Kind.NUMBER:
            return (Typed(f" {draw(st.integers(question.minimum, question.maximum))}", {}),)
        case Kind.STATEMENT:
            return (Done(),)
        case Kind.MONTH_YEAR:
            return draw(_months(question))
        case Kind.LIST:
            return draw(_items(question))
        case Kind.SHORT_TEXT:
            return (Typed(draw(st.text("abcäش", min_size=1, max_size=question.max_length)), {}),)
        case Kind.LONG_TEXT:
            return (Typed(f" {draw(st.text('abcäش', min_size=1, max_size=question.max_length))}\n\n", {}),)
        case Kind.MULTIPLE:
            return tuple(_ticking(state, draw(ticks(question))))
        case _:
            option = draw(st.sampled_from(question.options)).id
            typed = option in LABELS and draw(st.booleans())
            return (Typed(f" {LABELS[option].upper()}!", LABELS) if typed else Chosen(option),)


def _ways_round(question: Question) -> Iterator[Input]:
    if question.optional:
        yield Skipped()
    if question.sensitive:
        yield Declined()


@st.composite
def _months(draw: st.DrawFn, question: Question) -> tuple[Input, ...]:
    """A month within the bounds, typed or picked (the year first)."""
    year = TODAY.year + draw(st.integers(-question.years_back, question.years_ahead))
    ended = year == TODAY.year and question.years_ahead == 0
    month = draw(st.integers(1, TODAY.month if ended else 12))
    picked = (Picked(year, None, TODAY), Picked(year, month, TODAY))
    typed = (Typed(f"{month}/{year}", today=TODAY),)
    return draw(st.sampled_from([picked, typed, picked[1:], (Typed(str(year), today=TODAY), picked[1])]))


@st.composite
def _items(draw: st.DrawFn, question: Question) -> tuple[Input, ...]:
    """An item chosen at once or searched for, or words that no list has."""
    if question.own_words and draw(st.integers(0, 2)) == 0:
        words = draw(st.text("xyzäش", min_size=1, max_size=question.max_length))
        return (Typed(words, found=draw(st.sampled_from([(), (question.options[0].id,)]))), OwnWords())
    item = draw(st.sampled_from(question.options)).id
    searched = (Typed("x", found=(item,)), Chosen(item))
    return draw(st.sampled_from([searched, (Chosen(item),), (Typed("x", found=(item,), exact=True),)]))


@st.composite
def ticks(draw: st.DrawFn, question: Question) -> tuple[str, ...]:
    """What a multiple choice takes, in the question's order."""
    shared = [option.id for option in question.options if not option.exclusive]
    alone = [option.id for option in question.options if option.exclusive]
    if draw(st.booleans()) and alone:
        return (draw(st.sampled_from(alone)),)
    most = len(shared) if question.most is None else question.most
    chosen = draw(st.lists(st.sampled_from(shared), min_size=question.least, max_size=most, unique=True))
    return tuple(option for option in shared if option in chosen)


def _ticking(state: State, wanted: tuple[str, ...]) -> Iterator[Input]:
    yield from (Ticked(option, on=False) for option in state.draft if option not in wanted)
    yield from (Ticked(option, on=True) for option in wanted)
    yield Done()


def any_inputs() -> st.SearchStrategy[Input]:
    """Inputs of every kind. Most of them do not fit a given question."""
    ids = (*OPTION_IDS, "yes", "no", "unsure", "gone")
    option = st.sampled_from(ids)
    texts = st.one_of(
        st.sampled_from(tuple(LABELS.values())),
        st.lists(st.sampled_from(tuple(LABELS.values())), max_size=3).map("، ".join),
        st.integers(-10, 10).map(str),
        st.integers(2018, 2030).map(str),
        st.builds("{}.{}".format, st.integers(0, 13), st.integers(2018, 2030)),
        st.text(max_size=30),
    )
    found = st.lists(option, max_size=3, unique=True).map(tuple)
    return st.one_of(
        st.builds(Chosen, option),
        st.builds(Ticked, option, st.booleans()),
        st.sampled_from([Done(), Skipped(), Declined(), OwnWords(), Kept()]),
        st.builds(Typed, texts, st.just(LABELS), st.just({"marz": 3}), st.just(TODAY), found, st.booleans()),
        st.builds(Picked, st.integers(2015, 2030), st.none() | st.integers(-1, 13), st.just(TODAY)),
    )


def answered(data: st.DataObject, questionnaire: Questionnaire, state: State) -> State:
    """The state after a valid answer to the question on the card."""
    assert state.at is not None
    for given in data.draw(good_inputs(questionnaire.by_id[state.at], state)):
        step = answer(questionnaire, state, given)
        assert step.problem is None, (given, step.problem)
        state = step.state
    return state


def finished(data: st.DataObject, questionnaire: Questionnaire, state: State) -> State:
    """The state at the summary after valid answers only, at most one for each question."""
    for _ in questionnaire.questions:
        if state.at is None:
            break
        state = answered(data, questionnaire, state)
    assert state.at is None
    return state
