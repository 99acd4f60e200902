"""`path.yaml`: what is read, for a town with questions of its own, and every fault at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.faults import Fault, Level
from bot.content.loader import load
from bot.core.conditions import Fact, Test
from bot.core.road import Goal, Length, Road, Step, Unit, Window, YearDay
from tests.content.editing import line_of, loaded

FILE = "demo/path.yaml"
WHOLE = """\
goals:
  - {id: work, title: Arbeit, when: {goals: {includes: job}}, steps: [b1, vpd, apply]}
papers:
  - {id: passport, text: Pass}
steps:
  - id: b1
    title: Deutsch bis B1
    text: Ein Kurs.
    done: {level: {at_least: B1}}
    level: B1
    lasts: 7 months
  - id: vpd
    title: VPD
    text: Fragen Sie an.
    when: {goals: {includes: job}}
    begun: {paper: yes}
    lasts: 6 weeks
    papers: [passport]
    office: uni-assist
    link: https://www.uni-assist.de
    checked: false
  - id: apply
    title: Bewerbung
    text: Zweimal im Jahr.
    after: [b1, vpd]
    remind: false
    windows: [{from: "12-15", until: "01-15"}]
"""


def faults(folder: Path, words: str, level: Level = Level.ERROR) -> list[Fault]:
    """What is said of such a file."""
    (folder / FILE).write_text(words, encoding="utf-8")
    return [one for one in load(folder, "demo").faults if one.level is level]


def test_everything_that_can_be_said(folder: Path) -> None:
    assert faults(folder, WHOLE) == []
    job = Fact("goals", Test.INCLUDES, "job")
    scale = ("none", "A1", "A2", "B1", "B2", "C1", "C2")
    found = loaded(folder).road
    assert isinstance(found, Road)
    assert found.goals == (Goal("work", job, ("b1", "vpd", "apply")),)
    done = found.steps["b1"].done
    assert isinstance(done, Fact)
    assert (done.question, done.operand, set(done.scale) <= set(scale)) == ("level", "B1", True)
    assert found.steps["vpd"] == Step(
        "vpd",
        when=job,
        begun=Fact("paper", Test.IS, "yes"),
        lasts=Length(6, Unit.WEEK),
        papers=("passport",),
        office="uni-assist",
        link="https://www.uni-assist.de",
        checked=False,
    )
    window = Window(YearDay(12, 15), YearDay(1, 15))
    assert found.steps["apply"] == Step("apply", windows=(window,), after=("b1", "vpd"), remind=False)


def test_without_the_file_there_is_no_path_and_with_it_another_revision(folder: Path) -> None:
    before = loaded(folder)
    assert before.road is None
    assert faults(folder, WHOLE) == []
    assert loaded(folder).revision != before.revision


@pytest.mark.parametrize(
    ("old", "new", "at", "what", "mend"),
    [
        ("steps: [b1, vpd, apply]", "steps: [b1, vpd, aply]", "aply", "There is no step 'aply'", "apply"),
        ("after: [b1, vpd]", "after: [b1, vdp]", "vdp", "There is no step 'vdp'", "vpd"),
        ("done: {level", "after: [vpd]\n    done: {level", "after: [vpd]", "waits for 'vpd', which stands", "Move"),
        ("after: [b1, vpd]", "after: [b1, b1]", "after: [b1, b1]", "stands twice", "Keep one"),
        ("papers: [passport]", "papers: [pasport]", "pasport", "There is no paper 'pasport'", "passport"),
        ("remind: false", "offers: [nothing]", "nothing", "There is no offer 'nothing'", ""),
        ("level: B1", "level: B7", "level: B7", "No answer that 'done' asks for can be 'B7'", ""),
        ("lasts: 6 weeks", "lasts: soon", "soon", "'soon' is no length of time", "6 weeks"),
        ('until: "01-15"', 'until: "13-15"', "13-15", "'13-15' is no day of the year", "01-15"),
        ('until: "01-15"', 'until: "02-30"', "02-30", "'02-30' is no day of the year", "01-15"),
        ('{from: "12-15", until: "01-15"}', '{from: "12-15"}', "windows:", "A window lacks 'until'", "Add"),
        ("link: https://", "link: http://", "http://", "is no web address", "https"),
        ("begun: {paper: yes}", "begun: {papr: yes}", "papr", "papr", "paper"),
        ("office: uni", "ofice: uni", "ofice", "A step has no key 'ofice'", "office"),
        ("checked: false", "checked: maybe", "maybe", "'checked' must be true or false", ""),
        ("{id: passport, text: Pass}", "{id: passport}", "- {id: passport}", "A paper lacks 'text'", "Add"),
        (
            "title: Arbeit, when: {goals: {includes: job}}, ",
            "title: Arbeit, ",
            "title: Arbeit",
            "lacks 'when'",
            "Add",
        ),
    ],
)
def test_each_fault_stands_at_its_line_and_says_how_to_mend_it(
    folder: Path, old: str, new: str, at: str, what: str, mend: str
) -> None:
    assert old in WHOLE
    words = WHOLE.replace(old, new)
    (found, *_) = faults(folder, words)
    assert (found.file, found.line) == (FILE, line_of(folder / FILE, at))
    assert what in found.what
    assert mend in found.mend


def test_a_step_that_leads_nowhere_is_said_without_refusing_the_file(folder: Path) -> None:
    found = faults(folder, WHOLE.replace("[b1, vpd, apply]", "[b1, vpd]"), Level.WARNING)
    assert any("'apply' leads to no goal" in one.what for one in found)
