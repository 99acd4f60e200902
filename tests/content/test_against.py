"""`lotse check --against`: what a coordinator is told of a change, for each thing one can do to a questionnaire."""

from __future__ import annotations

import io
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content.commands import check, outline_of_folder
from bot.content.comparison.against import Against
from bot.content.comparison.change import is_other, resembling
from bot.content.comparison.outline import ComparisonRefused
from bot.core.inputs import Answer, Status
from tests.content.comparing import BOTH, HOURS, LAST, LEVEL_A1, LEVEL_B1, NO_NUMBER, PAPER, QUESTIONS, said
from tests.db.rows import NOW

from .conftest import SAMPLE
from .editing import edit, loaded
from .people import Some, person

NOT_ABOUT_LEVEL = {"{level: {at_least: A1}}": "{level: none}"}


# what is written in the place of what, what is said of it
CHANGED = [
    ({LEVEL_B1: "{id: b1, text: B1, was: B1}"}, ["level  'b1' was 'B1' (answers mapped)"]),
    ({LEVEL_B1: "{id: C1, text: C1}"}, ["level  'C1' added", "       'B1' removed (answers asked again)"]),
    (
        {BOTH: "{id: some, text: etwas, was: [A1, B1]}"} | NOT_ABOUT_LEVEL,
        ["level  'A1', 'B1' merged into 'some' (answers mapped)", "       'some' is 'etwas', before: 'A1'", PAPER],
    ),
    (
        {LEVEL_B1: "{id: B1a, text: B1.1, was: B1}\n      - {id: B1b, text: B1.2, was: B1}"},
        ["level  'B1' split into 'B1a', 'B1b' (answers asked again)"],
    ),
    (
        {BOTH: f"{LEVEL_B1}\n      - {LEVEL_A1}"},
        ["level  in another order: 'none', 'B1', 'A1', 'unsure'"],
    ),
    ({"text: Studium": "text: Studieren"}, ["goals  'degree' is 'Studieren', before: 'Studium'"]),
    (
        {"text: Nichts davon, exclusive: true}": "text: Nichts davon}"},
        ["goals  'none' goes together with others now"],
    ),
    (
        {"    most: 2\n": "", "text: Studium}": "text: Studium, exclusive: true}"},
        [
            "goals  most: 2 is now any",
            "       'degree' stands alone now (what does not fit is asked again)",
        ],
    ),
    ({"text: keins}": "text: keins, unsure: true}"}, ["level  'none' counts as unknown now"]),
    ({"Was möchten Sie?": "Was wollen Sie?"}, ["goals  asks 'Was wollen Sie?', before: 'Was möchten Sie?'"]),
    ({"hint: Mehrere sind möglich.": "hint: Zwei sind möglich."}, ["goals  texts changed: hint"]),
    ({"    most: 2\n": "    most: 1\n"}, ["goals  most: 2 is now 1 (what does not fit is asked again)"]),
    ({"maximum: 60": "maximum: 80"}, ["hours  maximum: 60 is now 80"]),
    ({"max_length: 50": "max_length: 20"}, ["more  max length: 50 is now 20 (what does not fit is asked again)"]),
    ({"    optional: true\n": ""}, ["more  optional: yes is now no (what does not fit is asked again)"]),
    ({"purpose: contact": "purpose: matching"}, ["more  purpose: contact is now matching"]),
    (
        {"max_length: 50\n": "max_length: 50\n    expires: 6 months\n"},
        ["more  answers expire after 6 months, before: never (what is older is asked again)"],
    ),
    ({"max_length: 50\n": "max_length: 50\n    stage: follow_up\n"}, ["more  is a follow-up now"]),
    ({"- id: more\n    section: german": "- id: more\n    section: goals"}, ["more  section: german is now goals"]),
    (
        {"ask_if: {any: [{goals: {includes: job}}, {paper: yes}]}": "ask_if: {paper: yes}"},
        ["hours  asked if paper is yes, before: if (goals includes job or paper is yes)"],
    ),
    ({"- id: more\n": "- id: rest\n    was: more\n"}, ["rest  was 'more' (answers mapped)"]),
    ({LAST: ""}, ["more  removed (answers archived)"]),
    ({HOURS + LAST: LAST + HOURS}, ["more  now after 'paper'"]),
    (
        {"kind: number": "kind: short_text"} | NO_NUMBER,
        [
            "hours  kind changed from number to short_text (what does not fit is asked again)",
            "       texts changed: unit",
        ],
    ),
    (
        {"questions:\n": "refresh: {every: 3 months, questions: [level]}\nquestions:\n"},
        ["level  answers are shown again every 3 months"],
    ),
]


@pytest.mark.parametrize(("edits", "expected"), CHANGED)
def test_what_is_said_of_a_change(folder: Path, edits: dict[str, str], expected: list[str]) -> None:
    for old, new in edits.items():
        edit(folder / QUESTIONS, old, new)
    loaded(folder)
    *block, _ = said(folder)
    assert block == expected


def test_a_computed_question_is_computed_anew(folder: Path) -> None:
    rule = "  - {id: best, section: german, kind: computed, scale: level, purpose: a, basis: b, retention: 1 year,"
    edit(folder / QUESTIONS, "  - id: paper\n", f"{rule} short: Bestes, rules: [{{take: level}}]}}\n  - id: paper\n")
    old = outline_of_folder(folder, "demo")
    edit(folder / QUESTIONS, "[{take: level}]", "[{value: A1, if: {level: B1}}, {value: none}]")
    out = io.StringIO()
    check(folder, "demo", out, against=Against(old))
    assert "best  computed by other rules: A1 if level is B1; none\n1 question: 1 changed" in out.getvalue()


def test_nothing_changed_is_one_line(folder: Path) -> None:
    assert said(folder) == ["Nothing changed that matters to answers"]


def test_new_questions_say_where_they_are_asked(folder: Path) -> None:
    new = LAST.replace("id: more", "id: last").replace("short: Noch", "short: Dann noch")
    edit(folder / QUESTIONS, LAST, LAST + new + "    stage: follow_up\n")
    edit(folder / QUESTIONS, "questions:\n", "questions:\n" + new.replace("id: last", "id: first"))
    assert said(folder) == [
        "first  added to the first pass, at the beginning",
        "last   added to the follow-ups, after 'more'",
        "2 questions: 2 added",
    ]


PEOPLE = [
    *[person(level="B1", goals=("job",), more="abc")] * 3,
    *[person(level="A1", goals=("job", "degree"), more="a" * 30)] * 2,
    person(level="unsure", goals=("none",)),
    person(level="gone long ago", goals=("job",)),
    {"more": Answer(Status.SKIPPED, None)},
]


def test_people_are_counted(folder: Path) -> None:
    edit(folder / QUESTIONS, LEVEL_B1, "{id: b1, text: B1, was: B1}")
    edit(folder / QUESTIONS, f"      - {LEVEL_A1}\n", "")
    edit(folder / QUESTIONS, "{level: {at_least: A1}}", "{level: {at_least: b1}}")
    edit(folder / QUESTIONS, "    most: 2\n", "    most: 1\n")
    edit(folder / QUESTIONS, LAST, "")
    assert said(folder, Some(PEOPLE, cards={"level": 2, "more": 1, "paper": 4, "hours": 1})) == [
        "goals  most: 2 is now 1 (what does not fit is asked again)",
        "       answers: 5 kept, 2 asked again",
        "level  'A1' removed (2 answers asked again)",
        "       'b1' was 'B1' (3 answers mapped)",
        "       answers: 1 kept, 3 mapped, 2 asked again",
        "       2 people stand at it now: they see it as it is then",
        "paper  asked if level at least b1, before: if level at least A1",
        "       4 people stand at it now: they see it as it is then, or go on where it is not asked of them any more",
        "more   removed (6 answers archived)",
        "       1 person stands at it now: they go on with the next question",
        (
            "4 questions: 3 changed, 1 removed; answers: 6 kept, 3 mapped, 4 asked again, 6 archived;"
            " people standing there: 7"
        ),
    ]


def test_answers_that_get_too_old_are_counted(folder: Path) -> None:
    edit(folder / QUESTIONS, "    max_length: 50\n", "    max_length: 50\n    expires: 30 days\n")
    old, new = Some(PEOPLE, since=NOW - timedelta(days=30), now=NOW), Some(PEOPLE, since=NOW, now=NOW)
    assert said(folder, old)[1] == "      answers: 1 kept, 5 asked again"
    assert said(folder, new)[1] == "      6 answers kept"


def test_whoever_answered_two_questions_that_became_one_keeps_the_first(folder: Path) -> None:
    edit(folder / QUESTIONS, LAST, LAST + LAST.replace("id: more", "id: rest"))
    old = outline_of_folder(folder, "demo")
    edit(folder / QUESTIONS, LAST + LAST.replace("id: more", "id: rest"), LAST + "    was: rest\n")
    people = [person(more="a", rest="b"), person(rest="c"), person(more="d")]
    out = io.StringIO()
    check(folder, "demo", out, against=Against(old, Some(people)))
    assert out.getvalue().partition("\n\n")[2].splitlines() == [
        "more  also was 'rest', whose answers count where 'more' is unanswered (answers: 1 mapped, 1 archived)",
        "1 question: 1 changed; answers: 1 mapped, 1 archived; people standing there: 0",
    ]


def test_an_id_that_comes_back_brings_its_answers_with_it(folder: Path) -> None:
    old = outline_of_folder(folder, "demo")
    edit(folder / QUESTIONS, LAST, LAST + LAST.replace("id: more", "id: rest"))
    edit(folder / QUESTIONS, LEVEL_B1, f"{LEVEL_B1}\n      - {{id: C1, text: C1}}")
    out = io.StringIO()
    people = Some([person(rest="a", level="C1"), person(rest="b"), person(level="A1")])
    assert check(folder, "demo", out, strict=True, as_json=True, against=Against(old, people)) == 1
    report = json.loads(out.getvalue())
    named = [(one["what"], one["mend"]) for one in report["faults"] if one["file"] == QUESTIONS]
    assert named == [
        (
            "level: 'C1' added",
            "1 answer from earlier times will count again: take another id, unless it means the same",
        ),
        (
            "rest: added to the first pass, after 'more'",
            "2 answers from earlier times will count again: take another id, unless it means the same",
        ),
    ]


def test_the_changes_as_json(folder: Path) -> None:
    edit(folder / QUESTIONS, LEVEL_B1, "{id: b1, text: B1, was: B1}")
    edit(folder / QUESTIONS, "maximum: 60", "maximum: 20")
    out = io.StringIO()
    old = outline_of_folder(SAMPLE, "demo")
    code = check(folder, "demo", out, as_json=True, against=Against(old, Some(PEOPLE, cards={"level": 2})))
    report = json.loads(out.getvalue())
    assert code == 0
    assert report["counts"]["error"] == 0
    assert sum(report["counts"].values()) == len(report["faults"])
    assert report["changes"] == [
        {
            "question": "level",
            "change": "option_renamed",
            "detail": "'b1' was 'B1'",
            "consequence": "mapped",
            "options": ["B1"],
            "answers": {"kept": 0, "mapped": 3, "asked_again": 0, "archived": 0},
            "inside": 2,
        },
        {
            "question": "hours",
            "change": "bounds",
            "detail": "maximum: 60 is now 20",
            "consequence": "asked_again",
            "options": [],
            "answers": None,
            "inside": 0,
        },
    ]
    out = io.StringIO()
    check(folder, "demo", out, as_json=True, against=Against(old))
    assert {(one["answers"], one["inside"]) for one in json.loads(out.getvalue())["changes"]} == {(None, None)}


def test_lists_are_summed_up(folder: Path) -> None:
    (folder / "demo/lists").mkdir()
    items = [f"  - {{id: p{number}, text: Ort {number}}}\n" for number in range(30)]
    places = folder / "demo/lists/places.yaml"
    places.write_text("items:\n" + "".join(items), encoding="utf-8")
    place = (
        LAST.replace("id: more", "id: place").replace("short_text", "list").replace("max_length: 50", "list: places")
    )
    edit(folder / QUESTIONS, LAST, LAST + place)
    old = outline_of_folder(folder, "demo")
    places.write_text("items:\n" + "".join(items[10:]) + "  - {id: new, text: Neuer Ort}\n", encoding="utf-8")
    out = io.StringIO()
    people = Some([person(place="p1"), person(place="p9"), person(place="p10")])
    check(folder, "demo", out, against=Against(old, people))
    assert out.getvalue().partition("\n\n")[2].splitlines() == [
        "place  'new' added",
        "       'p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7' and 2 more removed (2 answers asked again)",
        "       answers: 1 kept, 2 asked again",
        "1 question: 1 changed; answers: 1 kept, 2 asked again; people standing there: 0",
    ]


def test_content_with_errors_is_compared_with_nothing(folder: Path) -> None:
    old = outline_of_folder(folder, "demo")
    edit(folder / QUESTIONS, "kind: scale", "kind: scael")
    out = io.StringIO()
    assert check(folder, "demo", out, against=Against(old)) == 1
    assert out.getvalue().endswith("Nothing was compared: mend the errors first.\n")
    out = io.StringIO()
    assert check(folder, "demo", out, as_json=True, against=Against(old)) == 1
    assert json.loads(out.getvalue())["changes"] == []


def test_old_content_needs_no_translations_but_no_faults_either(folder: Path) -> None:
    shutil.rmtree(folder / "demo/locales")
    assert outline_of_folder(folder, "demo") == outline_of_folder(SAMPLE, "demo")
    edit(folder / QUESTIONS, "kind: scale", "kind: scael")
    with pytest.raises(ComparisonRefused, match=r"questionnaire\.yaml:22: error: There is no kind 'scael'"):
        outline_of_folder(folder, "demo")


@pytest.mark.parametrize(
    ("one", "other", "is_another"),
    [
        ("Ja", "Nein", True),
        ("Arbeit", "Studium", True),
        ("Ich weiß es nicht", "Weiß ich nicht", False),
        ("Deutsch lernen", "Besser Deutsch lernen", False),
        ("B1", "B1 ", False),
        ("", "Nein", False),
    ],
)
def test_texts_that_may_mean_another_thing(one: str, other: str, is_another: bool) -> None:
    assert is_other(one, other) is is_another


def test_the_most_alike_may_be_the_new_name() -> None:
    others = {"a": "Arbeit suchen", "b1": "B1", "job": "Eine Arbeit finden"}
    assert resembling("work", "Arbeit finden", others) == "job"
    assert resembling("B1", "Stufe", others) == "b1"
    assert resembling("health", "Gesundheit", others) is None
    assert resembling("health", "Gesundheit", {}) is None
