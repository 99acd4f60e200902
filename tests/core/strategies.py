"""Random valid questionnaires: every kind, both stages, links, former ids, answers that expire."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from bot.core.conditions import All, Condition, Fact, Not, Test
from bot.core.conditions import Any as AnyOf
from bot.core.months import as_value
from bot.core.questionnaire import ONLY_IN_FORMS, Kind, Option, Question, Questionnaire, Refresh, Rule, Span, Stage

TODAY = date(2026, 3, 10)
OPTION_IDS = ("a", "b", "c", "d", "e")
LABELS: Mapping[str, str] = {"a": "Äpfel", "b": "Birnen", "c": "كتاب, قلم", "d": "Daten", "e": "é"}

ASKED = tuple(kind for kind in Kind if kind is not Kind.COMPUTED and kind not in ONLY_IN_FORMS)
ONE_OF_OPTIONS = frozenset({Kind.SINGLE, Kind.SCALE, Kind.YES_NO, Kind.COMPUTED})
RANKED = (Test.IS, Test.ONE_OF, Test.AT_LEAST, Test.AT_MOST, Test.ANSWERED)
TESTS: Mapping[Kind, tuple[Test, ...]] = {
    Kind.SINGLE: (Test.IS, Test.ONE_OF, Test.ANSWERED),
    Kind.YES_NO: (Test.IS, Test.ONE_OF, Test.ANSWERED),
    Kind.LIST: (Test.IS, Test.ONE_OF, Test.ANSWERED),
    Kind.MULTIPLE: (Test.INCLUDES, Test.ANSWERED),
    Kind.SHORT_TEXT: (Test.ANSWERED,),
    Kind.LONG_TEXT: (Test.ANSWERED,),
    Kind.STATEMENT: (Test.ANSWERED,),
    Kind.NUMBER: RANKED,
    Kind.SCALE: RANKED,
    Kind.MONTH_YEAR: RANKED,
    Kind.COMPUTED: RANKED,
}
SPANS = st.builds(Span, st.integers(1, 30), st.sampled_from(["day", "month", "year"]))


def sure_ids(question: Question) -> tuple[str, ...]:
    """The options that conditions know."""
    return tuple(option.id for option in question.options if not option.unsure)


def conditions(earlier: tuple[Question, ...]) -> st.SearchStrategy[Condition]:
    """Conditions of some depth that ask about these questions, of which there is at least one."""
    leaves = st.sampled_from(earlier).flatmap(facts)
    return st.recursive(leaves, _larger, max_leaves=4)


def _larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(Not, inner),
        parts.map(lambda some: All(tuple(some))),
        parts.map(lambda some: AnyOf(tuple(some))),
    )


@st.composite
def facts(draw: st.DrawFn, question: Question) -> Fact:
    """One comparison of one question."""
    ids = sure_ids(question)
    needs_options = question.kind.has_options or question.kind in {Kind.LIST, Kind.COMPUTED}
    test = draw(st.sampled_from(TESTS[question.kind])) if ids or not needs_options else Test.ANSWERED
    if test is Test.ANSWERED:
        return Fact(question.id, test, operand=draw(st.booleans()))
    operand: st.SearchStrategy[str | int] = st.sampled_from(ids) if ids else st.nothing()
    if question.kind is Kind.NUMBER:
        operand = st.integers(question.minimum, question.maximum)
    if question.kind is Kind.MONTH_YEAR:
        operand = st.builds(as_value, st.integers(TODAY.year - 6, TODAY.year), st.integers(1, 12))
    if test is Test.ONE_OF:
        some = draw(st.lists(operand, min_size=1, max_size=3, unique=True))
        return Fact(question.id, test, tuple(some))  # type: ignore[arg-type]  # numbers are compared one by one
    ranked = test in {Test.AT_LEAST, Test.AT_MOST} and question.kind in {Kind.SCALE, Kind.COMPUTED}
    return Fact(question.id, test, draw(operand), ids if ranked else ())


@st.composite
def options(draw: st.DrawFn, kind: Kind) -> tuple[Option, ...]:
    """The options of a question of that kind, or the items of its list."""
    if kind is Kind.YES_NO:
        unsure = (Option("unsure", unsure=True),) if draw(st.booleans()) else ()
        return (Option("yes"), Option("no"), *unsure)
    if not kind.has_options and kind is not Kind.LIST:
        return ()
    ids = draw(st.lists(st.sampled_from(OPTION_IDS), min_size=1 if kind is Kind.LIST else 2, unique=True))
    if kind is Kind.LIST:
        return tuple(map(Option, ids))
    exclusive = kind is Kind.MULTIPLE and draw(st.booleans())
    return (*map(Option, ids[:-1]), Option(ids[-1], exclusive, unsure=draw(st.booleans())))


@st.composite
def bounds(draw: st.DrawFn, kind: Kind, chosen: tuple[Option, ...]) -> Mapping[str, Any]:
    """The bounds for answers to a question of that kind."""
    match kind:
        case Kind.MULTIPLE:
            shared = sum(not option.exclusive for option in chosen)
            least = draw(st.integers(0, shared))
            return {"least": least, "most": draw(st.none() | st.integers(max(least, 1), shared))}
        case Kind.NUMBER:
            minimum = draw(st.integers(-3, 3))
            return {"minimum": minimum, "maximum": minimum + draw(st.integers(0, 5))}
        case Kind.MONTH_YEAR:
            return {"years_back": draw(st.integers(1, 5)), "years_ahead": draw(st.integers(0, 2))}
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return {"max_length": draw(st.integers(1, 20))}
        case Kind.LIST:
            return {"max_length": draw(st.integers(1, 20)), "own_words": draw(st.booleans())}
        case Kind.STATEMENT:
            return {"links": draw(st.sampled_from([(), ("https://example.org",)]))}
    return {}


@st.composite
def questions(
    draw: st.DrawFn,
    name: str,
    earlier: tuple[Question, ...],
    kinds: tuple[Kind, ...] = ASKED,
    stage: Stage = Stage.FIRST,
) -> Question:
    """One question that is asked, or only read."""
    kind = draw(st.sampled_from(kinds))
    chosen = draw(options(kind))
    answered = kind.is_answered
    return Question(
        id=name,
        section="section",
        kind=kind,
        purpose="purpose",
        basis="basis",
        retention="retention",
        options=chosen,
        ask_if=draw(st.none() | conditions(earlier)) if earlier else None,
        optional=answered and draw(st.booleans()),
        sensitive=answered and draw(st.booleans()),
        stage=stage,
        expires=draw(st.none() | SPANS) if answered else None,
        was=draw(st.sampled_from([(), (f"{name}_0",), (f"{name}_0", f"{name}_1")])),
        **draw(bounds(kind, chosen)),
    )


@st.composite
def computed_questions(
    draw: st.DrawFn, name: str, earlier: tuple[Question, ...], stage: Stage = Stage.FIRST
) -> Question:
    """A computed question. There is a scale among the `earlier` questions."""
    scale = sure_ids(draw(st.sampled_from([one for one in earlier if is_scale(one)])))
    same = [one.id for one in earlier if one.kind in ONE_OF_OPTIONS and set(sure_ids(one)) <= set(scale)]
    values = st.builds(Rule, st.sampled_from(scale), st.none(), st.none() | conditions(earlier))
    taken = st.builds(Rule, st.none(), st.sampled_from(same), st.none() | conditions(earlier))
    rules = tuple(draw(st.lists(values | taken, min_size=1, max_size=3)))
    return Question(
        id=name,
        section="section",
        kind=Kind.COMPUTED,
        purpose="purpose",
        basis="basis",
        retention="retention",
        options=tuple(map(Option, scale)),
        ask_if=draw(st.none() | conditions(earlier)),
        stage=stage,
        rules=rules,
    )


def is_scale(question: Question) -> bool:
    """Whether something can be computed on this scale."""
    return question.kind is Kind.SCALE and len(sure_ids(question)) > 0


@st.composite
def questionnaires(draw: st.DrawFn, like: Questionnaire | None = None, most: int = 8) -> Questionnaire:
    """A valid questionnaire. Questions of one `like` another have its ids and mostly its kinds."""
    names = [f"q{number}" for number in range(draw(st.integers(0, 1)), draw(st.integers(0, most)))]
    later = draw(st.integers(0, max(1, len(names))))
    asked: tuple[Question, ...] = ()
    for place, name in enumerate(names):
        stage = Stage.FIRST if place < max(later, 1) else Stage.FOLLOW_UP
        before = like.by_id.get(name) if like else None
        kinds = (before.kind,) if before and before.kind in ASKED and draw(st.integers(0, 3)) else ASKED
        if any(map(is_scale, asked)) and draw(st.integers(0, 2)) == 0:
            asked = (*asked, draw(computed_questions(name, asked, stage)))
        else:
            asked = (*asked, draw(questions(name, asked, kinds, stage)))
    again = tuple(one.id for one in asked if one.kind.is_answered and draw(st.booleans()))
    refresh = Refresh(draw(SPANS), again) if draw(st.booleans()) else None
    revision = draw(st.text(string.hexdigits, min_size=4, max_size=4))
    return Questionnaire(("section",), asked, revision, refresh)
