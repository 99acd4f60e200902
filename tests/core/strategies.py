"""Random valid questionnaires, inputs that are answers, and inputs that are anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from hypothesis import strategies as st

from bot.core.conditions import All, Any, Condition, Fact, Not, Test
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
from bot.core.months import as_value
from bot.core.questionnaire import Kind, Option, Question, Questionnaire

ASKED = tuple(kind for kind in Kind if kind is not Kind.COMPUTED)
TODAY = date(2026, 3, 10)
OPTION_IDS = ("a", "b", "c", "d", "e")
LABELS: Mapping[str, str] = {"a": "Äpfel", "b": "Birnen", "c": "كتاب, قلم", "d": "Daten", "e": "é"}


def conditions(earlier: tuple[Question, ...]) -> st.SearchStrategy[Condition]:
    """Conditions of some depth that ask about these questions, of which there is at least one."""
    leaves = st.sampled_from(earlier).flatmap(facts)
    return st.recursive(leaves, _larger, max_leaves=4)


def _larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(Not, inner),
        parts.map(lambda some: All(tuple(some))),
        parts.map(lambda some: Any(tuple(some))),
    )


@st.composite
def facts(draw: st.DrawFn, question: Question) -> Fact:
    tests = {
        Kind.SINGLE: (Test.IS, Test.ONE_OF),
        Kind.YES_NO: (Test.IS,),
        Kind.SCALE: (Test.IS, Test.AT_LEAST, Test.AT_MOST),
        Kind.MULTIPLE: (Test.INCLUDES,),
        Kind.NUMBER: (Test.IS, Test.AT_LEAST, Test.AT_MOST),
        Kind.SHORT_TEXT: (),
        Kind.LONG_TEXT: (),
        Kind.STATEMENT: (),
        Kind.MONTH_YEAR: (Test.IS, Test.AT_LEAST, Test.AT_MOST),
        Kind.LIST: (Test.IS, Test.ONE_OF),
    }
    test = draw(st.sampled_from((*tests[question.kind], Test.ANSWERED)))
    ids = tuple(option.id for option in question.options if not option.unsure)
    if test is Test.ANSWERED:
        return Fact(question.id, test, operand=draw(st.booleans()))
    if question.kind is Kind.NUMBER:
        return Fact(question.id, test, draw(st.integers(question.minimum, question.maximum)))
    if question.kind is Kind.MONTH_YEAR:
        return Fact(question.id, test, as_value(draw(st.integers(2020, TODAY.year)), draw(st.integers(1, 12))))
    if test is Test.ONE_OF:
        return Fact(question.id, test, tuple(draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))))
    scale = ids if question.kind is Kind.SCALE and test is not Test.IS else ()
    return Fact(question.id, test, draw(st.sampled_from(ids)), scale)


@st.composite
def options(draw: st.DrawFn, kind: Kind) -> tuple[Option, ...]:
    if not kind.has_options and kind is not Kind.LIST:
        return ()
    if kind is Kind.LIST:
        return tuple(map(Option, draw(st.lists(st.sampled_from(OPTION_IDS), min_size=1, unique=True))))
    if kind is Kind.YES_NO:
        unsure = (Option("unsure", unsure=True),) if draw(st.booleans()) else ()
        return (Option("yes"), Option("no"), *unsure)
    ids = draw(st.lists(st.sampled_from(OPTION_IDS), min_size=2, unique=True))
    last = Option(
        ids[-1],
        exclusive=kind is Kind.MULTIPLE and draw(st.booleans()),
        unsure=draw(st.booleans()),
    )
    return (*(Option(option) for option in ids[:-1]), last)


@st.composite
def questions(draw: st.DrawFn, name: str, earlier: tuple[Question, ...], kinds: tuple[Kind, ...]) -> Question:
    kind = draw(st.sampled_from(kinds))
    chosen = draw(options(kind))
    shared = sum(not option.exclusive for option in chosen)
    least = draw(st.integers(0, shared)) if kind is Kind.MULTIPLE else 1
    most = draw(st.none() | st.integers(max(least, 1), shared)) if kind is Kind.MULTIPLE else None
    minimum = draw(st.integers(-3, 3))
    return Question(
        id=name,
        section="section",
        kind=kind,
        purpose="purpose",
        basis="basis",
        retention="retention",
        options=chosen,
        ask_if=draw(st.none() | conditions(earlier)) if earlier else None,
        optional=draw(st.booleans()),
        sensitive=draw(st.booleans()),
        least=least,
        most=most,
        minimum=minimum,
        maximum=minimum + draw(st.integers(0, 5)),
        max_length=draw(st.integers(1, 20)),
        years_back=draw(st.integers(1, 5)),
        own_words=kind is Kind.LIST and draw(st.booleans()),
    )


@st.composite
def questionnaires(draw: st.DrawFn, like: Questionnaire | None = None) -> Questionnaire:
    """A valid questionnaire; `like` another one its questions have the same ids and mostly the same kinds."""
    first = draw(st.integers(0, 1))
    names = [f"q{number}" for number in range(first, draw(st.integers(0, 7)))]
    asked: tuple[Question, ...] = ()
    for name in names:
        before = like.by_id.get(name) if like else None
        kinds = (before.kind,) if before and draw(st.integers(0, 3)) else ASKED
        asked = (*asked, draw(questions(name, asked, kinds)))
    return Questionnaire(("section",), asked)


@st.composite
def good_inputs(draw: st.DrawFn, question: Question, state: State) -> tuple[Input, ...]:
    """Inputs of which the last answers the question."""
    ways = list(_ways_round(question))
    if ways and draw(st.integers(0, 3)) == 0:
        return (draw(st.sampled_from(ways)),)
    match question.kind:
        case Kind.NUMBER:
            number = draw(st.integers(question.minimum, question.maximum))
            return (Typed(f" {number}", {}),)
        case Kind.STATEMENT:
            return (Done(),)
        case Kind.MONTH_YEAR:
            year = TODAY.year - draw(st.integers(1, question.years_back))
            month = draw(st.integers(1, 12))
            typed_month = Typed(f"{month}/{year}", today=TODAY)
            return draw(st.sampled_from([(Picked(year, None, TODAY), Picked(year, month, TODAY)), (typed_month,)]))
        case Kind.LIST:
            item = draw(st.sampled_from(question.options)).id
            searched: list[tuple[Input, ...]] = [(Chosen(item),), (Typed("a", found=(item,), exact=True),)]
            searched.append((Typed("a", found=(item,)), Chosen(item)))
            searched += [(Typed("a"), OwnWords())] if question.own_words else []
            return draw(st.sampled_from(searched))
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return (Typed(draw(st.text("abcäش", min_size=1, max_size=question.max_length)), {}),)
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
    """Inputs of every kind, most of which fit no given question."""
    option = st.sampled_from((*OPTION_IDS, "yes", "no", "unsure", "gone"))
    texts = st.one_of(
        st.sampled_from(tuple(LABELS.values())),
        st.lists(st.sampled_from(tuple(LABELS.values())), max_size=3).map("، ".join),
        st.integers(-10, 10).map(str),
        st.text(max_size=30),
    )
    return st.one_of(
        st.builds(Chosen, option),
        st.builds(Ticked, option, st.booleans()),
        st.just(Done()),
        st.builds(Typed, texts, st.just(LABELS)),
        st.just(Skipped()),
        st.just(Declined()),
        st.just(OwnWords()),
        st.just(Kept()),
        st.builds(Picked, st.integers(2015, 2030), st.none() | st.integers(0, 13), st.just(TODAY)),
    )


def answered(data: st.DataObject, questionnaire: Questionnaire, state: State) -> State:
    """The state after a good answer to the question on the card."""
    assert state.at is not None
    for given in data.draw(good_inputs(questionnaire.by_id[state.at], state)):
        step = answer(questionnaire, state, given)
        assert step.problem is None, (given, step.problem)
        state = step.state
    return state


def finished(data: st.DataObject, questionnaire: Questionnaire, state: State) -> State:
    """The state at the summary after good answers only, one at most for every question there is."""
    for _ in questionnaire.questions:
        if state.at is None:
            break
        state = answered(data, questionnaire, state)
    assert state.at is None
    return state
