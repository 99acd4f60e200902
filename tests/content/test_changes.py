"""What is said of a change of content, against what the core really does with the answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any as TypingAny

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.comparison import against
from bot.content.comparison.changes import Change, What, compare
from bot.content.comparison.fates import Fate, worst
from bot.content.comparison.outline import (
    ComparisonRefused,
    Outline,
    Outlined,
    outline_from_data,
    said,
)
from bot.core import engine
from bot.core.conditions import All, Any, Fact, Not, Test
from bot.core.inputs import Answer
from bot.core.moving import carried
from bot.core.questionnaire import Kind, Option, Question, Questionnaire, Span, Stage
from tests.core.strategies import questionnaires, questions

from .edits import edited, other_options, people, plain
from .people import Some

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ORDER = tuple(Fate)


def outlined(questionnaire: Questionnaire) -> Outline:
    """An outline without texts."""
    return Outline(
        tuple(
            Outlined(replace(one, ask_if=None, rules=()), condition=said(one.ask_if), rules=str(one.rules))
            for one in questionnaire.questions
        ),
        questionnaire.retired,
    )


def really(new: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Fate]:
    """What the engine makes of stored answers: carried over as the services do, then walked."""
    names = {name: name for name in answers}
    stored = dict(answers)
    for name, (home, one) in carried(new, answers).items():
        del stored[home]
        stored[name], names[home] = one, name
    counted = engine.counting(new, stored)
    fates: dict[str, Fate] = {}
    for home, name in names.items():
        question = new.by_id.get(name)
        same = name == home and _said(stored[name]) == _said(answers[home])
        if question is None or question.kind is Kind.COMPUTED:
            fates[home] = Fate.ARCHIVED
        elif name in counted:
            fates[home] = Fate.KEPT if same else Fate.MAPPED
        else:
            fates[home] = Fate.ASKED_AGAIN
    return fates


def _said(given_: Answer) -> object:
    return set(given_.value) if isinstance(given_.value, tuple) else given_.value


def about(changes: tuple[Change, ...], home: str, answer: Answer) -> list[Change]:
    """The changes that concern an answer."""
    held = set(answer.value) if isinstance(answer.value, tuple) else {answer.value}
    return [one for one in changes if home in one.homes and (not one.options or held & set(one.options))]


@given(st.data())
def test_nobody_loses_more_than_is_announced(data_: st.DataObject) -> None:
    old = plain(data_.draw(questionnaires(most=4)))
    new = data_.draw(edited(old))
    answers = data_.draw(people(old))
    changes, anyway = compare(outlined(old), outlined(new)), really(old, answers)
    for home, fate in really(new, answers).items():
        found = about(changes, home, answers[home])
        announced = worst({Fate.KEPT, anyway[home], *(change.fate for change in found)})
        joined = any(change.what is What.JOINED for change in changes if change.question in new.by_id)
        if fate is Fate.ARCHIVED and joined and len(answers) > 1:
            continue  # whoever answered both questions keeps the first
        assert ORDER.index(fate) <= ORDER.index(announced), (home, found)


@given(st.data())
def test_what_is_announced_of_an_option_happens(data_: st.DataObject) -> None:
    question = data_.draw(questions("q", (), (Kind.SINGLE, Kind.SCALE, Kind.MULTIPLE, Kind.LIST)))
    old = Questionnaire(("section",), (question,))
    new = replace(old, questions=(replace(question, options=data_.draw(other_options(question.options))),))
    answers = data_.draw(people(old))
    changes = compare(outlined(old), outlined(new))
    for home, fate in really(new, answers).items():
        found = [change for change in about(changes, home, answers[home]) if change.options]
        announced = worst({change.fate for change in found})
        assert ORDER.index(fate) >= ORDER.index(announced) or announced is Fate.KEPT, found


@given(st.data())
def test_the_numbers_are_those_of_the_engine(data_: st.DataObject) -> None:
    old = plain(data_.draw(questionnaires(most=3)))
    old = replace(old, questions=tuple(replace(one, expires=None) for one in old.questions))
    new = data_.draw(edited(old))
    everybody = data_.draw(st.lists(people(old), max_size=3))
    changes = compare(outlined(old), outlined(new))
    met = against._met(outlined(old), outlined(new), changes, Some(everybody))
    homes = {home for change in changes for home in change.homes}
    fates = Counter(fate for one in everybody for home, fate in really(new, one).items() if home in homes)
    total: Counter[Fate] = Counter()
    for counted in met.fates.values():
        total.update(counted)
    assert total == fates
    for change in changes:
        if change.options:
            held = Counter(
                fate
                for one in everybody
                for home, fate in really(new, one).items()
                if about((change,), home, one[home])
            )
            assert met.answers[change] == held


@given(questionnaires())
def test_nothing_changed_is_nothing_said(questionnaire: Questionnaire) -> None:
    assert compare(outlined(questionnaire), outlined(questionnaire)) == ()


@given(st.data())
def test_an_outline_survives_json(data_: st.DataObject) -> None:
    outline = outlined(data_.draw(questionnaires()))
    texts = st.dictionaries(st.sampled_from(["ask", "hint", "said.a"]), st.text(min_size=1))
    kept = tuple(replace(one, texts=data_.draw(texts), refreshed="3 months") for one in outline.questions)
    outline = replace(outline, questions=kept, retired=("gone",))
    assert outline_from_data(json.loads(json.dumps(outline.as_data()))) == outline


@given(st.data())
def test_every_difference_is_said(data_: st.DataObject) -> None:
    one = data_.draw(questionnaires(most=5))
    old, new = outlined(one), outlined(data_.draw(edited(one)))
    if without_past(old) != without_past(new):
        assert compare(old, new)


def without_past(outline: Outline) -> list[Outlined]:
    """Former ids alone do nothing."""
    return [
        replace(
            one,
            question=replace(one.question, was=(), options=tuple(replace(o, was=()) for o in one.question.options)),
        )
        for one in outline.questions
    ]


WHOLE = Question(
    "q",
    "s",
    Kind.MULTIPLE,
    "matching",
    "consent",
    "1 year",
    options=(Option("a", was=("a0",)), Option("b"), Option("c", exclusive=True)),
    ask_if=Fact("p", Test.ANSWERED, operand=True),
    most=2,
)
OTHER: dict[str, TypingAny] = {
    "section": "t",
    "kind": Kind.SINGLE,
    "purpose": "contact",
    "basis": "contract",
    "retention": "2 years",
    "options": WHOLE.options[:2],
    "optional": True,
    "sensitive": True,
    "least": 2,
    "most": 1,
    "minimum": 3,
    "maximum": 3,
    "max_length": 3,
    "stage": Stage.FOLLOW_UP,
    "expires": Span(6, "month"),
    "years_back": 3,
    "years_ahead": 3,
    "list_name": "places",
    "scale": "q0",
    "common": ("a",),
    "own_words": True,
    "links": ("https://example.org",),
    "was": ("q0",),
    "report": False,
}


@pytest.mark.parametrize(
    "name", [one.name for one in fields(Question) if one.init and one.name not in {"id", "room", "options_at"}]
)
def test_a_change_of_any_field_is_said(name: str) -> None:
    old = Outlined(replace(WHOLE, ask_if=None), condition=said(WHOLE.ask_if))
    match name:
        case "ask_if":
            new = replace(old, condition="")
        case "rules":
            new = replace(old, rules="a")
        case _:
            new = replace(old, question=replace(old.question, **{name: OTHER[name]}))
    assert outline_from_data(json.loads(json.dumps(Outline((new,)).as_data()))) == Outline((new,))
    (change, *_) = compare(Outline((old,)), Outline((new,)))
    assert change.question == "q"


def test_a_condition_is_said_in_words() -> None:
    level = Fact("level", Test.AT_LEAST, "B1", ("A1", "B1"))
    both = All((level, Not(Any((Fact("paper", Test.IS, "yes"), Fact("hours", Test.ONE_OF, ("1", "2")))))))
    assert said(both) == "(level at least B1 and not ((paper is yes or hours is one of 1, 2)))"
    assert said(Fact("goals", Test.INCLUDES, "job")) == "goals includes job"
    assert said(Fact("goals", Test.ANSWERED, operand=False)) == "goals is not answered"
    assert said(None) == ""


def test_an_outline_of_another_lotse_is_refused() -> None:
    with pytest.raises(ComparisonRefused, match="another Lotse"):
        outline_from_data({"questions": []})
