from __future__ import annotations

import dataclasses

import pytest

from bot.core.engine import (
    Answer,
    Chosen,
    Code,
    Declined,
    Done,
    Input,
    Problem,
    Skipped,
    State,
    Status,
    Ticked,
    Typed,
    answer,
    counting,
    start,
)
from bot.core.questionnaire import Kind, Option, Question, Questionnaire

LABELS = {
    "work": "Arbeit finden",
    "study": "Studieren, forschen",
    "german": "Deutsch",
    "other": "DEUTSCH!",
    "none": "أيّ من هذه لا",
    "yes": "Ja",
    "no": "Nein",
}


def question(kind: Kind, *options: Option) -> Question:
    return Question("q", "s", kind, "purpose", "basis", "retention", options)


GOALS = dataclasses.replace(
    question(
        Kind.MULTIPLE,
        Option("work"),
        Option("study"),
        Option("german"),
        Option("none", exclusive=True),
    ),
    most=2,
)
PAPER = question(Kind.YES_NO, Option("yes"), Option("no"), Option("unsure", unsure=True))
YEARS = dataclasses.replace(question(Kind.NUMBER), minimum=0, maximum=60)
JOB = dataclasses.replace(question(Kind.SHORT_TEXT), max_length=5)


def one(asked: Question) -> Questionnaire:
    return Questionnaire(("s",), (asked,))


def value_after(asked: Question, *inputs: Input) -> object:
    state = start(one(asked))
    for given in inputs:
        step = answer(one(asked), state, given)
        assert step.problem is None
        state = step.state
    assert state.at is None
    return counting(one(asked), state.answers)["q"].value


def problem_after(asked: Question, *inputs: Input) -> Problem | None:
    state = start(one(asked))
    for given in inputs[:-1]:
        state = answer(one(asked), state, given).state
    step = answer(one(asked), state, inputs[-1])
    assert step.state is state
    return step.problem


@pytest.mark.parametrize(
    ("asked", "inputs", "value"),
    [
        (PAPER, [Chosen("yes")], "yes"),
        (PAPER, [Typed(" JA! ", LABELS)], "yes"),
        (GOALS, [Ticked("german", on=True), Ticked("work", on=True), Done()], ("work", "german")),
        (GOALS, [Ticked("work", on=True), Ticked("work", on=True), Done()], ("work",)),
        (GOALS, [Ticked("work", on=True), Ticked("none", on=True), Done()], ("none",)),
        (GOALS, [Ticked("none", on=True), Ticked("work", on=True), Done()], ("work",)),
        (GOALS, [Ticked("work", on=True), Ticked("study", on=True), Ticked("work", on=False), Done()], ("study",)),
        (GOALS, [Typed("deutsch", LABELS)], ("german",)),
        (GOALS, [Typed("Deutsch, arbeit finden", LABELS)], ("work", "german")),
        (GOALS, [Typed("Deutsch،ARBEIT FINDEN؛", LABELS)], ("work", "german")),
        (GOALS, [Typed("deutsch\n\ndeutsch", LABELS)], ("german",)),
        (GOALS, [Typed("studieren, forschen", LABELS)], ("study",)),
        (GOALS, [Typed("اي من هذه لا", LABELS)], ("none",)),
        (GOALS, [Ticked("study", on=True), Typed("deutsch", LABELS)], ("german",)),
        (dataclasses.replace(GOALS, least=2), [Ticked("none", on=True), Done()], ("none",)),
        (dataclasses.replace(GOALS, least=0), [Done()], ()),
        (YEARS, [Typed(" ١٢ ", {})], 12),
        (YEARS, [Typed("0", {})], 0),
        (JOB, [Typed(" a\n b\u202e ", {})], "a b"),
        (JOB, [Typed("12345", {})], "12345"),
    ],
)
def test_an_input_becomes_an_answer(asked: Question, inputs: list[Input], value: object) -> None:
    assert value_after(asked, *inputs) == value


@pytest.mark.parametrize(
    ("asked", "inputs", "problem"),
    [
        (PAPER, [Chosen("maybe")], Problem(Code.NOT_AN_OPTION)),
        (PAPER, [Typed("vielleicht", LABELS)], Problem(Code.NOT_UNDERSTOOD)),
        (PAPER, [Typed("Ja, Nein", LABELS)], Problem(Code.NOT_UNDERSTOOD)),
        (PAPER, [Typed("👍", {"yes": "👍", "no": "👎"})], Problem(Code.NOT_UNDERSTOOD)),
        (PAPER, [Typed("🙂", {"yes": "👍", "no": "Nein", "unsure": "?!x"})], Problem(Code.NOT_UNDERSTOOD)),
        (PAPER, [Ticked("yes", on=True)], Problem(Code.WRONG_KIND)),
        (PAPER, [Done()], Problem(Code.WRONG_KIND)),
        (PAPER, [Skipped()], Problem(Code.NOT_OPTIONAL)),
        (PAPER, [Declined()], Problem(Code.NOT_SENSITIVE)),
        (GOALS, [Chosen("work")], Problem(Code.WRONG_KIND)),
        (GOALS, [Ticked("gone", on=True)], Problem(Code.NOT_AN_OPTION)),
        (GOALS, [Ticked("gone", on=False)], Problem(Code.NOT_AN_OPTION)),
        (GOALS, [Done()], Problem(Code.TOO_FEW, {"least": 1})),
        (
            GOALS,
            [Ticked("work", on=True), Ticked("study", on=True), Ticked("german", on=True)],
            Problem(Code.TOO_MANY, {"most": 2}),
        ),
        (
            GOALS,
            [Typed("arbeit finden; deutsch; studieren forschen", LABELS)],
            Problem(Code.TOO_MANY, {"most": 2}),
        ),
        (GOALS, [Typed("deutsch, اي من هذه لا", LABELS)], Problem(Code.NOT_UNDERSTOOD)),
        (GOALS, [Typed("deutsch, schwimmen", LABELS)], Problem(Code.NOT_UNDERSTOOD)),
        (GOALS, [Typed(" ,;\n", LABELS)], Problem(Code.NOT_UNDERSTOOD)),
        (YEARS, [Typed("zwölf", {})], Problem(Code.NOT_A_NUMBER, {"minimum": 0, "maximum": 60})),
        (YEARS, [Typed("61", {})], Problem(Code.OUT_OF_RANGE, {"minimum": 0, "maximum": 60})),
        (YEARS, [Typed("-1", {})], Problem(Code.OUT_OF_RANGE, {"minimum": 0, "maximum": 60})),
        (YEARS, [Chosen("work")], Problem(Code.WRONG_KIND)),
        (JOB, [Typed(" \u200b ", {})], Problem(Code.EMPTY)),
        (JOB, [Typed("123456", {})], Problem(Code.TOO_LONG, {"max_length": 5})),
        (JOB, [Chosen("work")], Problem(Code.WRONG_KIND)),
        (JOB, [Done()], Problem(Code.WRONG_KIND)),
    ],
)
def test_an_input_that_does_not_fit_is_a_problem_with_its_bounds(
    asked: Question, inputs: list[Input], problem: Problem
) -> None:
    assert problem_after(asked, *inputs) == problem


def test_labels_that_read_alike_name_no_option() -> None:
    asked = question(Kind.SINGLE, Option("german"), Option("other"), Option("work"))
    assert problem_after(asked, Typed("Deutsch", LABELS)) == Problem(Code.NOT_UNDERSTOOD)
    assert value_after(asked, Typed("Arbeit finden", LABELS)) == "work"


def test_only_an_optional_question_is_skipped_and_only_a_sensitive_one_declined() -> None:
    asked = dataclasses.replace(PAPER, optional=True, sensitive=True)
    skipped = answer(one(asked), start(one(asked)), Skipped()).state
    declined = answer(one(asked), start(one(asked)), Declined()).state
    assert skipped.answers == {"q": Answer(Status.SKIPPED, None)}
    assert declined.answers == {"q": Answer(Status.DECLINED, None)}
    assert skipped.at is None
    assert declined.at is None


@pytest.mark.parametrize(
    "given", [Chosen("yes"), Ticked("yes", on=True), Done(), Typed("ja", LABELS), Skipped(), Declined()]
)
@pytest.mark.parametrize("at", [None, "removed"])
def test_where_nothing_is_asked_nothing_is_taken(given: Input, at: str | None) -> None:
    state = State({}, at)
    step = answer(one(PAPER), state, given)
    assert step.problem == Problem(Code.NOTHING_ASKED)
    assert step.state is state


@pytest.mark.parametrize(
    ("before", "now", "stays"),
    [
        (Answer(Status.GIVEN, "yes"), PAPER, True),
        (Answer(Status.GIVEN, "gone"), PAPER, False),
        (Answer(Status.GIVEN, None), PAPER, False),
        (Answer(Status.GIVEN, "yes"), YEARS, False),
        (Answer(Status.GIVEN, ("work", "german")), GOALS, True),
        (Answer(Status.GIVEN, ("work", "gone")), GOALS, False),
        (Answer(Status.GIVEN, ("work", "none")), GOALS, False),
        (Answer(Status.GIVEN, ("work", "german")), dataclasses.replace(GOALS, most=1), False),
        (Answer(Status.GIVEN, ("work",)), dataclasses.replace(GOALS, least=2), False),
        (Answer(Status.GIVEN, 12), YEARS, True),
        (Answer(Status.GIVEN, 12), dataclasses.replace(YEARS, maximum=11), False),
        (Answer(Status.GIVEN, "12345"), JOB, True),
        (Answer(Status.GIVEN, "12345"), dataclasses.replace(JOB, max_length=4), False),
        (Answer(Status.SKIPPED, None), dataclasses.replace(JOB, optional=True), True),
        (Answer(Status.SKIPPED, None), JOB, False),
        (Answer(Status.DECLINED, None), dataclasses.replace(JOB, sensitive=True), True),
        (Answer(Status.DECLINED, None), JOB, False),
    ],
)
def test_an_answer_counts_while_it_is_valid_for_the_question_as_it_is_now(
    before: Answer, now: Question, stays: bool
) -> None:
    assert ("q" in counting(one(now), {"q": before})) is stays
