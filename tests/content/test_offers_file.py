"""`offers.yaml`, and what `town.yaml` says about times: what is read, and every fault at its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.content.faults import Fault, Level
from bot.content.loader import load
from bot.content.town import Retention
from bot.core.conditions import Fact, Test
from bot.core.offers import Kind, Mode, Need, Offer, Place, PlannedMeeting, Sort
from bot.core.office import is_open
from bot.core.timing import Offset, Quiet

from .editing import edit, line_of, loaded

FILE, TOWN = "demo/offers.yaml", "demo/town.yaml"
WHOLE = """\
offers:
  - id: course
    kind: course
    title: Ein Kurs
    text: Zweimal in der Woche.
    provider: VHS
    fee: 30
    level: {from: A1, to: B1}
    mode: mixed
    lessons_per_week: 8
    place:
      name: Haus der Bildung
      address: Beispielweg 7
      map: https://example.org/map
    seats: 12
    approval: true
    hold: 12h
    register_until: -3d at 18:00
    needs:
      - {level: {at_least: A1}}
      - if: {level: {at_least: B1}}
        text: gutes Deutsch
    suits: {goals: {includes: job}}
    meetings:
      - rule: FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3
        from: 2027-01-11 18:00
        minutes: 90
        room: Raum 1
        except: [2027-01-14]
      - {at: 2027-01-13 10:00, minutes: 60}
  - id: advice
    kind: advice
    title: Beratung
    text: Kommen Sie.
    hours: montags
"""


def faults(folder: Path, words: str, level: Level = Level.ERROR) -> list[Fault]:
    (folder / FILE).write_text(words, encoding="utf-8")
    return [one for one in load(folder, "demo").faults if one.level is level and "translated" not in one.what]


def test_an_offer_with_everything_and_one_with_little(folder: Path) -> None:
    assert faults(folder, WHOLE) == []
    content = loaded(folder)
    course, advice = content.offers.values()
    scale = ("none", "A1", "B1")
    assert course == Offer(
        id="course",
        kind=Kind.COURSE,
        provider="VHS",
        fee=30,
        level_from="A1",
        level_to="B1",
        mode=Mode.MIXED,
        lessons_per_week=8,
        place=Place("Beispielweg 7", "https://example.org/map"),
        seats=12,
        approval=True,
        hold=timedelta(hours=12),
        register_until=Offset(days=-3, at=time(18)),
        needs=(
            Need(Fact("level", Test.AT_LEAST, "A1", scale)),
            Need(Fact("level", Test.AT_LEAST, "B1", scale), own_text=True),
        ),
        suits=Fact("goals", Test.INCLUDES, "job"),
        meetings=(
            PlannedMeeting(datetime(2027, 1, 11, 18), 90, "Raum 1"),  # noqa: DTZ001 - local
            PlannedMeeting(datetime(2027, 1, 13, 10), 60),  # noqa: DTZ001
            PlannedMeeting(datetime(2027, 1, 18, 18), 90, "Raum 1"),  # noqa: DTZ001
        ),
    )
    assert advice == Offer("advice", Kind.ADVICE)
    said = {key: content.texts.source(key) for key in content.texts.keys("offers.")}
    assert said["offers.course.need_2"] == "gutes Deutsch"
    assert said["offers.course.place"] == "Haus der Bildung"
    assert said["offers.advice.hours"] == "montags"


def test_a_rule_leaves_out_public_holidays_unless_it_keeps_them(folder: Path) -> None:
    edit(folder / TOWN, "zone: Europe/Berlin\n", "zone: Europe/Berlin\nholidays: {country: DE, region: NW}\n")
    rule = "rule: FREQ=DAILY;COUNT=3\n        from: 2026-12-24 18:00\n"
    words = WHOLE.replace("rule: FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3\n        from: 2027-01-11 18:00\n", rule)
    assert faults(folder, words) == []
    days = [one.original.date() for one in loaded(folder).offers["course"].meetings]
    assert days == [date(2026, 12, 24), date(2027, 1, 13)]
    assert faults(folder, words.replace("room: Raum 1", "holidays: keep")) == []
    days = [one.original.date() for one in loaded(folder).offers["course"].meetings]
    assert days == [date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 13)]


BROKEN = [
    ("offers:\n", "offer:\n", "offer:", "Did you mean 'offers'?"),
    ("- id: course", "- id: Kurs", "id: Kurs", "'Kurs' is no id"),
    ("- id: advice", "- id: course # again", "# again", "'course' is taken"),
    ("    title: Beratung\n", "", "- id: advice", "lacks 'title'"),
    ("title: Ein Kurs", "titel: Ein Kurs", "titel:", "Did you mean 'title'?"),
    ("title: Ein Kurs", f"title: {'Kurs ' * 14}", "title: Kurs", "has 69 characters"),
    ("text: Kommen Sie.", "text: <b>Kommen Sie.", "<b>", "opened and not closed"),
    ("text: Kommen Sie.", "text: '{who} kommt.'", "{who}", "Nobody fills in {who}"),
    ("kind: course", "kind: curse", "kind: curse", "'curse' cannot stand at 'kind'. Did you mean 'course'?"),
    ("mode: mixed", "mode: hybrid", "mode: hybrid", "'hybrid' cannot stand at 'mode'"),
    ("fee: 30", "fee: free", "fee: free", "whole number"),
    ("fee: 30", "fee: -1", "fee: -1", "-1 cannot stand at 'fee'"),
    ("seats: 12", "seats: 0", "seats: 0", "0 cannot stand at 'seats'"),
    ("lessons_per_week: 8", "lessons_per_week: 99", "99", "From 1 to 60"),
    ("{from: A1, to: B1}", "{from: A1, till: B1}", "till", "'level' has no key 'till'"),
    ("      address: Beispielweg 7\n", "", "name: Haus", "lacks 'address'"),
    ("https://example.org/map", "example.org", "map:", "'example.org' is no web address"),
    ("approval: true", "approval: yes", "approval:", "true or false"),
    ("hold: 12h", "finds_out: [levle]", "finds_out:", "There is no question 'levle'"),
    ("hold: 12h", "hold: 0h", "hold:", "'0h' is no time to wait"),
    ("hold: 12h", "hold: 1 day", "hold:", "Write it as 24h"),
    ("register_until: -3d at 18:00", "register_until: 3 days", "register_until", "'3 days' is no deadline"),
    ("- {level: {at_least: A1}}", "- {levle: {at_least: A1}}", "levle", "Did you mean 'level'?"),
    ("        text: gutes Deutsch\n", "", "if: {level", "lacks 'text'"),
    ("suits: {goals: {includes: job}}", "suits: {goals: {includes: jobb}}", "suits:", "no option 'jobb'"),
    ("rule: FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3", "rule: FREQ=WEEKLY", "rule: FREQ", "The rule has no end"),
    ("BYDAY=MO,TH;COUNT=3", "BYDAY=XX;COUNT=3", "BYDAY=XX", "cannot be read"),
    ("        from: 2027-01-11 18:00\n", "", "- rule:", "no first day"),
    ("from: 2027-01-11 18:00", "from: 2027-01-11", "from: 2027", "is no day and time"),
    ("except: [2027-01-14]", "except: [14.1.2027]", "except:", "'14.1.2027' is no day"),
    ("except: [2027-01-14]", "at: 2027-01-14 10:00", "- rule:", "either 'at' or 'rule'"),
    ("at: 2027-01-13 10:00", "at: 2027-02-30 10:00", "2027-02-30", "is no day and time"),
    ("at: 2027-01-13 10:00", "at: 2027-01-18 18:00", "at: 2027-01-18", "two meetings on 2027-01-18 at 18:00"),
    ("at: 2027-01-13 10:00", "at: 9999-12-31 23:30", "9999-12-31", "is no day and time"),
    ("from: 2027-01-11 18:00", "from: 0001-01-01 00:00", "0001-01-01", "is no day and time"),
    ("except: [2027-01-14]", "except: [2027-W02-4]", "except:", "'2027-W02-4' is no day"),
    ("minutes: 60", "minutes: 0", "minutes: 0", "A meeting of 0 minutes"),
    (", minutes: 60", "", "at: 2027-01-13", "lacks 'minutes'"),
]


@pytest.mark.parametrize(("old", "new", "at", "words"), BROKEN)
def test_what_is_wrong_is_said_at_its_line(folder: Path, old: str, new: str, at: str, words: str) -> None:
    assert old in WHOLE
    found = faults(folder, WHOLE.replace(old, new, 1))
    place = (FILE, line_of(folder / FILE, at))
    assert any(words in str(one) and (one.file, one.line) == place for one in found), "\n".join(map(str, found))


def test_an_offer_nobody_can_come_to_is_worth_a_warning(folder: Path) -> None:
    words = WHOLE.replace("kind: advice", "kind: event")
    (found,) = [one for one in faults(folder, words, Level.WARNING) if one.file == FILE]
    assert "The offer 'advice' has no meeting" in found.what


NEEDS = "level: level\ntimes: goals\nhours: {job: {}}\n"


def test_a_level_that_the_needs_board_does_not_count_by_is_worth_a_warning(folder: Path) -> None:
    (folder / "demo/needs.yaml").write_text(NEEDS, encoding="utf-8")
    assert [one for one in faults(folder, WHOLE, Level.WARNING) if one.file == FILE] == []
    words = WHOLE.replace("level: {from: A1, to: B1}", "level: {from: none, to: B11}")
    (found,) = [one for one in faults(folder, words, Level.WARNING) if one.file == FILE]
    assert "'B11' is no level of the needs board" in found.what
    assert found.mend == "Did you mean 'B1'?"
    assert found.line == line_of(folder / FILE, "B11")


def test_a_course_that_goes_down_is_a_fault(folder: Path) -> None:
    (folder / "demo/needs.yaml").write_text(NEEDS, encoding="utf-8")
    (found,) = faults(folder, WHOLE.replace("level: {from: A1, to: B1}", "level: {from: B1, to: A1}"))
    assert (found.line, found.what) == (line_of(folder / FILE, "{from: B1"), "The course ends lower than it begins")


def test_a_town_without_a_board_may_call_levels_as_it_likes(folder: Path) -> None:
    words = WHOLE.replace("level: {from: A1, to: B1}", "level: {from: Anfang, to: Mitte}")
    assert [one for one in faults(folder, words, Level.WARNING) if one.file == FILE] == []


# -- what the town says about times


def test_what_a_town_says_about_times_is_read_and_may_be_left_out(folder: Path) -> None:
    plain = loaded(folder).town
    assert (plain.quiet, plain.weekly_cap, plain.holidays) == (Quiet(time(21), time(8), time(10)), 5, frozenset())
    assert plain.retention == Retention(timedelta(days=90), timedelta(days=365), timedelta(days=365))
    quiet = 'quiet: {from: "22:30", until: "7:00", late_until: "9:30"}'
    kept = "retention: {deliveries: 2 months, registrations: 2 years}"
    lines = f"{quiet}\nweekly_cap: 3\nholidays: {{country: DE, region: NW}}\n{kept}\n"
    edit(folder / TOWN, "zone: Europe/Berlin\n", f"zone: Europe/Berlin\n{lines}")
    town = loaded(folder).town
    assert (town.quiet, town.weekly_cap) == (Quiet(time(22, 30), time(7), time(9, 30)), 3)
    assert town.retention == Retention(timedelta(days=61), timedelta(days=365), timedelta(days=730))
    assert date(2027, 5, 27) in town.holidays, "Corpus Christi, in North Rhine-Westphalia"
    assert town.free(date(2027, 5, 27))
    assert [town.free(date(year, 12, 25)) for year in (2032, 2040)] == [True, True], "Saturday, Tuesday"


def test_a_town_that_answers_on_sundays_is_closed_on_holidays_alone(folder: Path) -> None:
    sunday, easter = date(2026, 11, 29), date(2027, 3, 28)
    edit(folder / TOWN, "zone: Europe/Berlin\n", "zone: Europe/Berlin\nholidays: {country: DE, region: BB}\n")
    assert loaded(folder).town.closed(sunday)
    hours = "office_hours: {sun: [9:00-12:00, 20:00-24:00]}\n"
    edit(folder / TOWN, "zone: Europe/Berlin\n", f"zone: Europe/Berlin\n{hours}")
    town = loaded(folder).town
    assert [town.closed(day) for day in (sunday, easter)] == [False, True]
    assert town.free(sunday)
    assert is_open(town.office_hours, datetime.fromisoformat("2026-11-29T23:59"), town.closed)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("quiet: 21-8", "must be a mapping"),
        ('quiet: {from: "21:00"}', "lacks 'until'"),
        ('quiet: {from: "25:00", until: "8:00"}', "'25:00' is no time of the day. Write it as 21:00"),
        ('quiet: {from: "21:00+02:00", until: "8:00"}', "'21:00+02:00' is no time of the day"),
        ("office_hours: {mon: [9:00-12:00Z]}", "'9:00-12:00Z' are no hours of a day"),
        ("office_hours: {mon: [22:00-2:00]}", "'22:00-2:00' are no hours of a day"),
        ("office_hours: {mon: [24:00-2:00]}", "a day ends at 24:00"),
        ("office_hours: {mon: [9:00-24:00, 23:00-24:00]}", "'23:00-24:00' are no hours of a day"),
        ('quiet: {from: "21:00", until: "8:00", late: "9:00"}', "no key 'late'"),
        ("weekly_cap: 0", "0 messages a week cannot be the most"),
        ("weekly_cap: 51", "Write a number from 1 to 50"),
        ("weekly_cap: many", "must be a whole number"),
        ("retention: 90 days", "must be a mapping"),
        ("retention: {deliveries: 29 days}", "Write a length from '30 days' to '10 years'"),
        ("retention: {deliveries: a while}", "'a while' cannot be kept as a length of time"),
        ("retention: {registrations: 9999 years}", "'9999 years' cannot be kept as a length of time"),
        ("retention: {deliveries: 2 years}", "A registration would go before what was said about it"),
        ("retention: {answers: 2 years}", "no key 'answers'"),
        ("holidays: NW", "must be a mapping"),
        ("holidays: {region: NW}", "lacks 'country'"),
        ("holidays: {country: DE, region: XX}", "There are no holidays of 'DE' 'XX'"),
    ],
)
def test_times_that_cannot_be_are_faults_at_their_line(folder: Path, line: str, words: str) -> None:
    edit(folder / TOWN, "zone: Europe/Berlin\n", f"zone: Europe/Berlin\n{line}\n")
    place = (TOWN, line_of(folder / TOWN, line))
    found = load(folder, "demo").faults
    assert any(words in str(one) and (one.file, one.line) == place for one in found), "\n".join(map(str, found))


OPENING = """\
offers:
  - id: job
    kind: opening
    sort: eq
    title: Eine Stelle
    text: Im Lager.
    provider: Logistik
    partner: Logistik GmbH
    link: https://example.org/job
    until: 2027-02-28
    needs: [{level: {at_least: A1}}]
"""


def test_an_opening_is_to_be_had_until_its_last_day(folder: Path) -> None:
    assert faults(folder, OPENING) == []
    (one,) = loaded(folder).offers.values()
    assert (one.kind, one.sort, one.partner, one.link) == (
        Kind.OPENING,
        Sort.EQ,
        "Logistik GmbH",
        "https://example.org/job",
    )
    assert one.is_to_be_had(date(2027, 2, 28))
    assert not one.is_to_be_had(date(2027, 3, 1))
    assert not replace(one, filled=True).is_to_be_had(date(2027, 2, 1))


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("sort: eq", "sort: gift", "'gift' cannot stand at 'sort'"),
        ("until: 2027-02-28", "until: soon", "'soon' is no day"),
        ("until: 2027-02-28", "until: 9999-12-31", "'9999-12-31' is no day"),
        ("link: https://", "link: ftp://", "is no web address"),
        ("    until:", "    seats: 3\n    until:", "An opening has no 'seats'"),
        ("kind: opening", "kind: advice", "Only an opening has 'sort'"),
        ("sort: eq", "sort: info", "A piece of information has no 'partner'"),
    ],
)
def test_what_is_wrong_with_an_opening_is_said(folder: Path, before: str, after: str, what: str) -> None:
    found = faults(folder, OPENING.replace(before, after))
    assert any(what in one.what for one in found), found


@pytest.mark.parametrize("line", ["zone: Europe/Berln", "zone: Europe", "zone: [a]", "zone: ''", "next_zone: none"])
def test_a_wrong_zone_is_a_fault_at_its_line_in_a_town_with_repeated_meetings_too(folder: Path, line: str) -> None:
    (folder / FILE).write_text(WHOLE, encoding="utf-8")
    edit(folder / TOWN, "zone: Europe/Berlin", line)
    result = load(folder, "demo")
    assert result.content is None
    assert [one.file for one in result.faults if "zone" in str(one)]
    assert not [one for one in result.faults if one.file == FILE]
