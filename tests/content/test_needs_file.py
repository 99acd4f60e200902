"""`needs.yaml`: what is read, for a town with questions of its own, and every fault at its line."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from bot.content.faults import Fault, Level
from bot.content.loader import load
from bot.core.conditions import Fact, Not, Test
from bot.core.needs import Axes, Hours
from tests.content.editing import line_of, loaded

FILE = "demo/needs.yaml"
WHOLE = """\
level: level
times: goals
hours:
  job: {from: "9:00", until: "17:30", days: [mo, fr]}
  degree: {}
extra: {question: goals, options: [none]}
views: [paper]
who: {not: {goals: {includes: none}}}
consent: companies
"""
PLAIN = """\
level: level
times: goals
hours: {job: {from: "17:00"}}
"""


def faults(folder: Path, words: str) -> list[Fault]:
    """What is said of such a file."""
    (folder / FILE).write_text(words, encoding="utf-8")
    return [one for one in load(folder, "demo").faults if one.level is Level.ERROR]


def test_everything_that_can_be_said(folder: Path) -> None:
    assert faults(folder, WHOLE) == []
    assert loaded(folder).needs == Axes(
        level="level",
        times="goals",
        hours={"job": Hours(time(9), time(17, 30), frozenset({1, 5})), "degree": Hours()},
        consent="companies",
        extra="goals",
        extras=("none",),
        views=("paper",),
        who=Not(Fact("goals", Test.INCLUDES, "none")),
    )


def test_as_little_as_can_be_said(folder: Path) -> None:
    assert faults(folder, PLAIN) == []
    assert loaded(folder).needs == Axes("level", "goals", {"job": Hours(start=time(17))}, "storage")


def test_without_the_file_there_is_no_board_and_with_it_another_revision(folder: Path) -> None:
    before = loaded(folder)
    assert before.needs is None
    (folder / FILE).write_text(PLAIN, encoding="utf-8")
    assert loaded(folder).revision != before.revision


WRONG = [
    ("level: level\n", "", "times:", "The needs lacks 'level'"),
    ("level: level", "level: lvel", "level: lvel", "There is no question 'lvel'. Did you mean 'level'?"),
    ("level: level", "level: paper", "level: paper", "of the kind 'yes_no', which cannot stand here"),
    ("times: goals", "times: hours", "times: hours", "of the kind 'number', which cannot stand here"),
    ("  job:", "  jbo:", "jbo:", "'goals' has no option 'jbo'. Did you mean 'job'?"),
    ('"17:30"', '"25:30"', "25:30", "'25:30' is no time of the day"),
    ('"17:30"', '"17:30+01:00"', "17:30", "'17:30+01:00' is no time of the day"),
    ('"17:30"', '"8:00"', "8:00", "These hours end before they begin"),
    ("[mo, fr]", "[mo, fri]", "fri]", "'fri' is no day of the week. Did you mean 'fr'?"),
    ("options: [none]", "options: [nobody]", "nobody]", "'goals' has no option 'nobody'"),
    ("question: goals", "question: more", "question: more", "'short_text', which cannot stand here"),
    ("views: [paper]", "views: [more]", "views:", "'short_text', which cannot stand here"),
    ("views: [paper]", "views: [paper, paper]", "views:", "A view stands here twice"),
    ("includes: none", "includes: nothing", "who:", "nothing"),
    ("consent: companies", "consent: company", "consent:", "There is no consent 'company'"),
    ("consent:", "consents:", "consents:", "The needs has no key 'consents'"),
]


@pytest.mark.parametrize(("old", "new", "at", "words"), WRONG)
def test_what_is_wrong_is_said_at_its_line(folder: Path, old: str, new: str, at: str, words: str) -> None:
    assert old in WHOLE
    found = faults(folder, WHOLE.replace(old, new, 1))
    place = (FILE, line_of(folder / FILE, at))
    assert any(words in str(one) and (one.file, one.line) == place for one in found), "\n".join(map(str, found))


def test_a_question_that_is_not_counted_makes_no_axis(folder: Path) -> None:
    path = folder / "demo/questionnaire.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("short: Papier", "short: Papier\n    report: false"))
    assert any("'paper' is not counted" in str(one) for one in faults(folder, WHOLE))


OFFERS = """\
offers:
  - id: course
    kind: advice
    title: Kurs
    text: Ein Kurs.
    hours: montags
    provides: [none]
"""


@pytest.mark.parametrize(("provided", "fault"), [("none", None), ("non", "Nobody counts who needs 'non'")])
def test_an_offer_provides_what_is_counted(folder: Path, provided: str, fault: str | None) -> None:
    (folder / "demo/offers.yaml").write_text(OFFERS.replace("[none]", f"[{provided}]"), encoding="utf-8")
    found = faults(folder, WHOLE)
    assert [fault is not None and fault in one.what for one in found] == [True] * (fault is not None)
    if fault is None:
        assert loaded(folder).offers["course"].provides == ("none",)
