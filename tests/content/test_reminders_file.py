"""`reminders.yaml`: what is read, and every fault at its line, in words that help."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.content.faults import Fault, Level
from bot.content.loader import load
from bot.content.reminders_file import SLOTS
from bot.core.conditions import Fact, Test
from bot.core.offers import Kind
from bot.core.reminders import REGISTERED_FOR, Anchor, Rule, Topic
from bot.core.timing import Offset

from .editing import line_of, loaded

FILE = "demo/reminders.yaml"
WHOLE = """\
reminders:
  - id: day_before
    anchor: meeting
    kinds: event
    offset: -1d at 18:00
    useful: -4h
    registered_before: 6h
    audience: {level: {at_least: A1}}
    topic: offers
    urgent: true
    text: Morgen ist {title}, {when}, {where}.
  - id: plain
    anchor: unfinished
    offset: +2d
    text: Bitte weitermachen.
"""


def faults(folder: Path, words: str) -> list[Fault]:
    """What is said of such a file; the texts of all others are translated."""
    (folder / FILE).write_text(words, encoding="utf-8")
    return [one for one in load(folder, "demo").faults if one.level is Level.ERROR]


def test_a_rule_with_everything_and_one_with_nothing(folder: Path) -> None:
    assert faults(folder, WHOLE) == []
    full, plain = loaded(folder).reminders.values()
    assert full == Rule(
        id="day_before",
        anchor=Anchor.MEETING,
        offset=Offset(days=-1, at=time(18)),
        useful=Offset(elapsed=timedelta(hours=-4)),
        kinds=(Kind.EVENT,),
        audience=Fact("level", Test.AT_LEAST, "A1", ("none", "A1", "B1")),
        registered_before=timedelta(hours=6),
        topic=Topic.OFFERS,
        urgent=True,
    )
    assert plain == Rule("plain", Anchor.UNFINISHED, Offset(days=2), Offset(days=400))
    assert plain.kinds == REGISTERED_FOR


def test_a_consent_that_nobody_is_asked_for_is_worth_a_hint_once(folder: Path) -> None:
    (folder / FILE).write_text(
        WHOLE + WHOLE.replace("reminders:\n", "").replace("id: ", "id: more_"), encoding="utf-8"
    )
    hints = [one for one in load(folder, "demo").faults if one.level is Level.HINT]
    assert [(one.what, one.mend) for one in hints] == [
        (
            f"Nobody is asked for it: town.yaml has no consent '{consent}', so everybody gets '{rule}'",
            f"Call the consent '{consent}', if you ask for one",
        )
        for consent, rule in (("openings", "day_before"), ("reminders", "plain"))
    ]
    town = folder / "demo/town.yaml"
    with town.open("a", encoding="utf-8") as file:
        file.writelines(f"  - {{id: {one}, title: {one}, text: Dürfen wir?}}\n" for one in ("reminders", "openings"))
    assert [one for one in load(folder, "demo").faults if one.level is Level.HINT] == []


PEOPLE = """\
reminders:
  - id: late
    anchor: deadline
    kinds: [course, event]
    offset: -2d at 18:00
    text: Noch bis {until}, {title}, {when}
    requested: Es fehlt noch etwas, {title}
  - id: old
    anchor: old_answer
    offset: +1d
    useful: +28d
    weeks: 8
    text: Stimmt das noch?
"""


def ageing(folder: Path) -> None:
    """The answers of the small town get old."""
    path = folder / "demo/questionnaire.yaml"
    words = path.read_text(encoding="utf-8")
    path.write_text(f"{words}\nrefresh: {{every: 3 months, questions: [level]}}\n", encoding="utf-8")


def test_rules_about_people_are_about_offers_and_answers(folder: Path) -> None:
    ageing(folder)
    assert faults(folder, PEOPLE) == []
    late, old = loaded(folder).reminders.values()
    offset = Offset(days=-2, at=time(18))
    assert late == Rule("late", Anchor.DEADLINE, offset, Offset(), topic=Topic.OFFERS, requested=True)
    assert old == Rule("old", Anchor.OLD_ANSWER, Offset(days=1), Offset(days=28), topic=Topic.QUESTIONS, weeks=8)


IN_VAIN = [
    ("anchor: old_answer\n", "anchor: old_answer\n    kinds: course\n", "kinds: course", "never speaks of 'course'"),
    ("    weeks: 8\n", "", "- id: old", "lacks 'weeks'. Add 'weeks: 8'"),
    ("weeks: 8", "weeks: 0", "weeks: 0", "0 cannot stand at 'weeks'. From 1 to 52"),
    ("weeks: 8", "weeks: 53", "weeks: 53", "53 cannot stand at 'weeks'"),
    ("weeks: 8", "weeks: some", "weeks: some", "'weeks' must be a whole number"),
    (
        "    requested:",
        "    weeks: 3\n    requested:",
        "weeks: 3",
        "Only a reminder with the anchor 'old_answer' has",
    ),
    ("    weeks: 8\n", "    weeks: 8\n    requested: Hallo\n", "requested: Hallo", "the anchor 'deadline' has 'req"),
    (
        "    requested: Es fehlt noch etwas, {title}",
        "    requested: # none",
        "# none",
        "The text 'requested' is empty",
    ),
    ("etwas, {title}", "etwas, {where}", "requested:", "Nobody fills in {where} in a reminder of this anchor"),
    ("text: Stimmt das noch?", 'text: "{title}"', 'text: "{title}"', "Nobody fills in {title}"),
    ("    offset: -2d", "    topic: own\n    offset: -2d", "topic: own", "Write 'topic: offers', or leave it out"),
]


@pytest.mark.parametrize(("old", "new", "at", "words"), IN_VAIN)
def test_what_is_wrong_with_them_is_said_at_its_line(folder: Path, old: str, new: str, at: str, words: str) -> None:
    ageing(folder)
    assert old in PEOPLE
    found = faults(folder, PEOPLE.replace(old, new, 1))
    place = (FILE, line_of(folder / FILE, at))
    assert any(words in str(one) and (one.file, one.line) == place for one in found), "\n".join(map(str, found))


def test_a_rule_about_old_answers_where_none_gets_old_is_a_warning(folder: Path) -> None:
    assert faults(folder, PEOPLE) == []
    (warning,) = [one for one in load(folder, "demo").faults if "no answer gets old" in one.what]
    assert (warning.level, warning.line) == (Level.WARNING, line_of(folder / FILE, "anchor: old_answer"))


SPOKEN_OF = {
    "meeting": {"course", "event"},
    "first_meeting": {"course"},
    "changed_meeting": {"course"},
    "held": {"course", "event"},
    "finished": {"course"},
    "unfinished": set[str](),
    "deadline": {"course", "event"},
    "old_answer": set[str](),
    "last_day": set[str](),
    "new_openings": set[str](),
}


@pytest.mark.parametrize("anchor", Anchor)
@pytest.mark.parametrize("kind", Kind)
def test_kinds_that_an_anchor_never_speaks_of_are_a_fault(folder: Path, anchor: Anchor, kind: Kind) -> None:
    ageing(folder)
    more = {Anchor.OLD_ANSWER: ", weeks: 8", Anchor.NEW_OPENINGS: ", days: [tu], most: 5"}
    rest = f"offset: 0, useful: +1d, text: Hallo{more.get(anchor, '')}"
    rule = f"{{id: one, anchor: {anchor}, {rest}, kinds: {{}}}}"
    found = [
        one for one in faults(folder, f"reminders: [{rule.replace('{}', kind)}]\n") if "never speaks" in one.what
    ]
    assert bool(found) is (kind not in SPOKEN_OF[anchor])
    if kind not in SPOKEN_OF[anchor] and SPOKEN_OF[anchor]:
        both = f"reminders: [{rule.replace('{}', f'[{kind}, course]')}]\n"
        assert faults(folder, both) == [], "it speaks of the other"
        (warning,) = [one for one in load(folder, "demo").faults if "never speaks" in one.what]
        assert (warning.level, f"never speaks of '{kind}'" in warning.what) == (Level.WARNING, True)


def test_a_town_does_without_the_file(folder: Path) -> None:
    assert loaded(folder).reminders == {}


@pytest.mark.parametrize(
    ("anchor", "offset", "useful"),
    [
        ("meeting", "-2h", Offset()),
        ("held", "-3h", Offset()),
        ("finished", "+1d", Offset(days=400)),
        ("unfinished", "+1d", Offset(days=400)),
    ],
)
def test_what_is_to_come_helps_until_then_and_what_was_for_long(
    folder: Path, anchor: str, offset: str, useful: Offset
) -> None:
    words = f"reminders: [{{id: one, anchor: {anchor}, offset: {offset}, text: Hallo}}]\n"
    assert faults(folder, words) == []
    assert loaded(folder).reminders["one"].useful == useful


# What stands there, what is written in its place, words of the line that is blamed, words of the fault.
BROKEN = [
    ("reminders:\n", "reminder:\n", "reminder:", "no key 'reminder'. Did you mean 'reminders'?"),
    ("  - id: plain\n", "  - a word\n  - id: plain\n", "- a word", "must be a mapping"),
    ("  - id: plain\n", "  - id: Plain\n", "id: Plain", "'Plain' is no id"),
    ("  - id: plain\n", f"  - id: {'p' * 25}\n", "id: ppp", "at most 24"),
    ("  - id: plain\n", "  - id: day_before # again\n", "# again", "'day_before' is taken"),
    ("    anchor: unfinished\n", "", "- id: plain", "lacks 'anchor'"),
    ("    offset: +2d\n", "", "- id: plain", "lacks 'offset'"),
    ("    text: Bitte weitermachen.\n", "", "- id: plain", "lacks 'text'"),
    ("text: Bitte weitermachen.", "text: # none", "# none", "is empty"),
    ("text: Bitte weitermachen.", "text: <b>Bitte", "<b>Bitte", "A bold is opened and not closed"),
    ("    useful: -4h\n", "    usefull: -4h\n", "usefull", "Did you mean 'useful'?"),
    ("anchor: meeting", "anchor: meetings", "anchor: meetings", "'meetings' cannot stand at 'anchor'. Did you mean"),
    ("topic: offers", "topic: offer", "topic: offer", "'offer' cannot stand at 'topic'. Did you mean 'offers'?"),
    ("kinds: event", "kinds: events", "kinds: events", "no kind of offer 'events'. Did you mean 'event'?"),
    ("kinds: event", "kinds: [event, curse]", "curse", "no kind of offer 'curse'. Did you mean 'course'?"),
    ("kinds: event", "kinds: {event: 1}", "kinds:", "must be a list"),
    ("offset: -1d at 18:00", "offset: tomorrow", "tomorrow", "'tomorrow' is no moment. Write it as '-7d at 18:00'"),
    ("offset: -1d at 18:00", "offset: -1d at 24:00", "24:00", "is no moment"),
    ("useful: -4h", "useful: 4 hours", "4 hours", "'4 hours' is no moment"),
    ("useful: -4h", "useful: -3d", "- id: day_before", "is never said: 'useful' is over before 'offset'"),
    ("offset: +2d", "offset: +401d", "- id: plain", "is never said"),
    ("registered_before: 6h", "registered_before: 6", "before: 6", "'6' is no length of time. Write it as 7d or 12h"),
    ("urgent: true", "urgent: yes", "urgent: yes", "'urgent' must be true or false"),
    ("audience: {level: {at_least: A1}}", "audience: {levle: A1}", "audience:", "Did you mean 'level'?"),
    ("audience: {level: {at_least: A1}}", "audience: {level: {at_least: C9}}", "audience:", "no option 'C9'"),
    (
        "{where}.",
        "{until}.",
        "text: Morgen",
        "Nobody fills in {until} in a reminder of this anchor. It can say {title}",
    ),
    ("weitermachen.", '"{title}"', "text: Bitte", "Nobody fills in {title}"),
]


@pytest.mark.parametrize(("old", "new", "at", "words"), BROKEN)
def test_what_is_wrong_is_said_at_its_line(folder: Path, old: str, new: str, at: str, words: str) -> None:
    assert old in WHOLE
    found = faults(folder, WHOLE.replace(old, new, 1))
    place = (FILE, line_of(folder / FILE, at))
    assert any(words in str(one) and (one.file, one.line) == place for one in found), "\n".join(map(str, found))


@pytest.mark.parametrize("anchor", Anchor)
def test_the_text_of_every_anchor_can_say_what_is_known_there_and_nothing_else(folder: Path, anchor: Anchor) -> None:
    every = sorted(frozenset().union(*SLOTS.values()))
    text = " ".join(f"{{{one}}}" for one in every)
    offset = "-2h" if anchor in {Anchor.MEETING, Anchor.FIRST_MEETING, Anchor.CHANGED_MEETING, Anchor.HELD} else "+2h"
    words = f'reminders: [{{id: one, anchor: {anchor}, offset: {offset}, text: "Hallo {text}"}}]\n'
    refused = {
        one for one in every if any(f"{{{one}}} in a reminder" in found.what for found in faults(folder, words))
    }
    assert refused == set(every) - SLOTS[anchor]


def test_a_reminder_of_last_days_is_in_vain_without_a_path(folder: Path) -> None:
    words = "reminders:\n  - {id: soon, anchor: last_day, offset: -6d at 18:00, text: Bald ist es zu spät.}\n"
    (folder / FILE).write_text(words, encoding="utf-8")
    (fault,) = (one for one in load(folder, "demo").faults if "path" in one.what)
    assert (fault.line, fault.level) == (2, Level.WARNING)
    assert fault.what == "The reminder 'soon' is never said: the town has no path, whose last days it is about"
