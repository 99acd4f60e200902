"""The report of a quarter out of the tables: what it counts, and what it does not tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.content.loader import Content
from bot.core.paper import Report
from bot.core.progress import Said, gained, months_each
from bot.core.quarters import Quarter, quarter_of, read_quarter
from bot.db.engine import Database
from bot.db.figures.figures import Came
from bot.services.figures.reporting import reached, report_of
from bot.services.turn import Turn
from tests.services.figures.conftest import Town
from tests.services.figures.crowd import DAY, NOW, fill, meeting_of, needing, said_before, seat

FOURTH = Quarter(2026, 4)
IN_THE_QUARTER = datetime(2026, 11, 3, 17, 0, tzinfo=UTC)
LADDER = ("A1", "A2", "B1", "B2")


def rows_of(report: Report, title: str) -> list[tuple[str | int, ...]]:
    """The table of a section."""
    (section,) = [one for one in report.sections if one.title == title]
    return [] if section.table is None else list(section.table.rows)


def a_quarter(tx: Connection) -> None:
    """Thirty people who came, two courses and an event, and progress."""
    people = fill(
        tx,
        [
            *[needing("B1", "evenings", source="vhs", language="uk", ago=0 * DAY)] * 18,
            *[needing("A2", "mornings", source="vhs", language="ar", ago=0 * DAY)] * 7,
            *[needing("A2", "mornings", source="one_flyer", language="so", ago=0 * DAY, finished=False)] * 5,
        ],
    )
    fill(tx, [needing("B1", "evenings", ago=90 * DAY)] * 3)
    said_before(tx, people[:6], "A2", 200 * DAY)
    said_before(tx, people[6:8], "A1", 200 * DAY)
    course = meeting_of(tx, "iqui_b2", IN_THE_QUARTER)
    marks = [(course, "present")] * 5 + [(course, "absent")]
    for person, mark in zip(people[:6], marks, strict=True):
        seat(tx, "iqui_b2", [person], marks=[mark])
    seat(tx, "iqui_b2", people[6:10], state="waiting")
    small = meeting_of(tx, "job_b2", IN_THE_QUARTER)
    seat(tx, "job_b2", people[10:14], marks=[(small, "absent")])
    event = meeting_of(tx, "info_degree", IN_THE_QUARTER)
    other = meeting_of(tx, "info_degree", IN_THE_QUARTER + 90 * DAY)
    seat(tx, "info_degree", people[14:21], meeting_id=event)
    seat(tx, "info_degree", people[21:28], meeting_id=other)


async def test_a_quarter_in_figures(database: Database, content: Content) -> None:
    def work(tx: Connection) -> Report:
        a_quarter(tx)
        return report_of(Turn(tx, content, NOW), FOURTH)

    report = await database.run(work)
    assert report.title == "Bericht über das 4. Quartal 2026"
    assert [number for number, _ in report.figures] == ["30", "25", "13", "–", "8"]
    assert rows_of(report, "Wen wir erreichen") == [("vhs", 25), ("one_flyer", 5)]
    assert rows_of(report, "Kurse und Veranstaltungen") == [
        ("Deutsch B2, Kurs von I.Qu.I.", "Kurs", 1, 18, "6", "–", "–"),
        ("Berufssprachkurs B2", "Kurs", 1, 20, "–", "–", "–"),
        ("Info-Abend: Wege ins Studium", "Veranstaltung", 1, 40, "7", "–", "–"),
    ]
    assert rows_of(report, "Fortschritte in Deutsch") == [("Andere Schritte", 8)]
    assert rows_of(report, "Wie lange ein Niveau dauert") == [("A2", "B1", 7)]
    assert report.foot[0] == "Das Quartal läuft noch. Die Zahlen sind vorläufig."


def marked(tx: Connection, offer_id: str, people: list[int], *states: str) -> None:
    """A meeting in the quarter, and a mark for each of these people, in this order."""
    meeting = meeting_of(tx, offer_id, IN_THE_QUARTER)
    for person, state in zip(people, states, strict=False):
        seat(tx, offer_id, [person], marks=[(meeting, state)])


def presence(tx: Connection, content: Content) -> tuple[str, list[str | int]]:
    """The share of all, and that of each offer."""
    report = report_of(Turn(tx, content, NOW), FOURTH)
    return report.figures[3][0], [row[-1] for row in rows_of(report, "Kurse und Veranstaltungen")]


@pytest.mark.parametrize(
    ("present", "absent", "said"),
    [
        (5, 1, "–"),
        (19, 1, "–"),
        (20, 4, "–"),
        (4, 20, "–"),
        (1, 5, "–"),
        (4, 0, "–"),
        (0, 4, "–"),
        (5, 0, "100 %"),
        (0, 5, "0 %"),
        (5, 5, "50 %"),
        (20, 5, "80 %"),
        (60, 5, "90 %"),
    ],
)
def test_presence_is_shown_where_neither_who_came_nor_who_did_not_are_few(
    town: Town, content: Content, present: int, absent: int, said: str
) -> None:
    people = fill(town, [needing("B1", "evenings")] * (present + absent))
    marked(town, "iqui_b2", people, *["present"] * present, *["absent"] * absent)
    assert presence(town, content) == (said, [said])


def test_excused_people_are_counted_with_the_absent(town: Town, content: Content) -> None:
    people = fill(town, [needing("B1", "evenings")] * 10)
    marked(town, "iqui_b2", people, *["present"] * 5, *["absent"] * 2, *["excused"] * 3)
    assert presence(town, content) == ("50 %", ["50 %"])


def test_many_absences_of_one_person_are_one_person(town: Town, content: Content) -> None:
    people = fill(town, [needing("B1", "evenings")] * 6)
    evenings = [meeting_of(town, "iqui_b2", IN_THE_QUARTER + day * DAY) for day in range(6)]
    for person in people[:5]:
        seat(town, "iqui_b2", [person], marks=[(evening, "present") for evening in evenings])
    for evening in evenings:  # one registration for each evening: still the same person
        seat(town, "iqui_b2", people[5:], meeting_id=evening, marks=[(evening, "absent")])
    assert presence(town, content) == ("–", ["–"])


def test_a_hidden_presence_is_not_in_the_share_of_all(town: Town, content: Content) -> None:
    people = fill(town, [needing("B1", "evenings")] * 40)
    marked(town, "iqui_b2", people[:20], *["present"] * 10, *["absent"] * 10)
    marked(town, "job_b2", people[20:], *["present"] * 19, "absent")
    assert presence(town, content) == ("50 %", ["50 %", "–"])


def test_two_small_parts_are_not_shown_together(town: Town, content: Content) -> None:
    """Six absent people in all: but whoever knows of one course would know of the other."""
    people = fill(town, [needing("B1", "evenings")] * 40)
    marked(town, "iqui_b2", people[:20], *["present"] * 17, *["absent"] * 3)
    marked(town, "job_b2", people[20:], *["present"] * 17, *["absent"] * 3)
    assert presence(town, content) == ("–", ["–", "–"])


def test_of_an_empty_quarter_it_says_that_there_is_nothing(town: Town, content: Content) -> None:
    report = report_of(Turn(town, content, NOW), Quarter(2025, 1))
    assert {number for number, _ in report.figures} == {"–"}
    assert [one.table for one in report.sections] == [None] * len(report.sections)


def test_a_town_without_needs_reports_what_there_is(town: Town, content: Content) -> None:
    from dataclasses import replace  # noqa: PLC0415

    a_quarter(town)
    report = report_of(Turn(town, replace(content, needs=None), NOW), FOURTH)
    assert [number for number, _ in report.figures] == ["30", "25", "13", "–", "–"]


@given(
    st.lists(
        st.builds(
            Came,
            st.sampled_from([None, "vhs", "kim", "flyer"]),
            st.sampled_from(["ar", "uk", "so"]),
            st.booleans(),
            st.integers(1, 9),
        ),
        max_size=12,
    )
)
def test_no_figure_about_who_came_nor_what_is_missing_to_all_is_small(came: list[Came]) -> None:
    found = reached(came, ("ar", "uk"))
    for counts in (found.sources, found.languages, {"finished": found.finished or 0}):
        left = found.people - sum(counts.values())
        assert all(number == 0 or number >= 5 for number in (*counts.values(), left))


def test_progress_counts_steps_up_within_the_time_alone() -> None:
    begin, end = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    said = []
    for person in range(1, 7):
        said += [Said(person, "A2", begin - 200 * DAY), Said(person, "B1", begin + person * DAY)]
    said += [Said(7, "B1", begin - DAY), Said(7, "A2", begin + DAY)]  # fell back
    said += [Said(8, "A2", begin - DAY), Said(8, "B1", end)]  # too late
    said += [Said(9, "gone", begin - DAY), Said(9, "B1", begin)]  # from what is no level any more
    found = gained(LADDER, said, begin, end)
    assert (found.people, found.steps) == (6, {("A2", "B1"): 6})


def test_months_leave_out_who_skipped_or_fell_back_and_groups_below_five() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    said = []
    for person, days in enumerate((60, 90, 120, 150, 900), 1):
        said += [Said(person, "A2", start), Said(person, "B1", start + timedelta(days=days))]
    said += [Said(6, "A1", start), Said(6, "B1", start + 10 * DAY)]
    said += [Said(7, "B1", start), Said(7, "A2", start + 10 * DAY)]
    for person in range(10, 14):
        said += [Said(person, "B1", start), Said(person, "B2", start + 60 * DAY)]
    assert months_each(LADDER, said) == {("A2", "B1"): 4}


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("2026-Q4", FOURTH),
        *((one, None) for one in ("2026-Q5", "2026-Q0", "2026Q4", "26-Q4", "2026-Q4 ", "2026-Q٤", "")),
    ],
)
def test_quarters_have_one_name(name: str, quarter: Quarter | None) -> None:
    assert read_quarter(name) == quarter
    assert quarter is None or str(quarter) == name


def test_a_quarter_begins_and_ends_by_the_clocks_of_the_town() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert FOURTH.bounds(berlin) == (
        datetime(2026, 9, 30, 22, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
    )
    assert quarter_of(date(2026, 12, 31)) == FOURTH == Quarter(2027, 1).before
    assert quarter_of(date(2027, 1, 1)) == FOURTH.after
    assert [Quarter(2026, 3).after, FOURTH.before.after] == [FOURTH, FOURTH]
