"""The needs board out of the tables: who counts, against which free seats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, event, update

from bot.content.loader import Content
from bot.content.own_offers import changed
from bot.core.conditions import Value
from bot.core.months import later
from bot.core.needs import Board, Line
from bot.core.questionnaire import Span
from bot.db.engine import Database
from bot.db.schema import answer
from bot.services.figures import needs
from bot.services.turn import Turn
from tests.services.figures.conftest import Town
from tests.services.figures.crowd import DAY, NOW, One, fill, meeting_of, needing, said_before, seat

MORNING = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
EVENING = datetime(2027, 1, 18, 17, 0, tzinfo=UTC)
HALF_A_YEAR_AGO = 190 * DAY


def board(tx: Connection, content: Content, *people: One) -> Board:
    """The board of these people."""
    fill(tx, people)
    found = needs.board_of(Turn(tx, content, NOW))
    assert found is not None
    return found


def lines(found: Board) -> list[tuple[str, str, str, str, int, int | None]]:
    """What the lines say."""
    return [(one.level, one.goal, one.time, one.extra, one.people, one.seats) for one in found.lines]


async def test_who_needs_what_stands_beside_the_free_seats_that_fit(database: Database, content: Content) -> None:
    childcare = {"support": ("childcare", "laptop")}
    people = [
        *[needing("B1", "evenings", more=childcare)] * 6,
        *[needing("B1", "mornings", "evenings")] * 7,
        *[needing("A2", "evenings")] * 5,
    ]

    def work(tx: Connection) -> Board:
        meeting_of(tx, "iqui_b2", MORNING)
        meeting_of(tx, "iqui_b1", EVENING)
        return board(tx, content, *people)

    assert lines(await database.run(work)) == [
        ("B1", "B2", "evenings", "", 13, 0),
        ("B1", "B2", "evenings", "childcare", 6, 0),
        ("B1", "B2", "mornings", "", 7, 18),
        ("A2", "B1", "evenings", "", 5, 16),
    ]


LEFT_OUT = {
    "not finished": needing("B1", "evenings", finished=False),
    "never agreed": needing("B1", "evenings", agrees=False),
    "agrees no more": needing("B1", "evenings", withdrawn=True),
    "blocked us": needing("B1", "evenings", blocked=True),
    "answers too old": needing("B1", "evenings", ago=HALF_A_YEAR_AGO),
    "other goals": needing("B1", "evenings", more={"goals": ("job",)}),
    "level not known": needing("unsure", "evenings"),
    "not now": needing("B1", "not_now"),
    "an option that is gone": needing("B1", "a_time_that_was"),
}


async def test_who_does_not_count_makes_no_group_of_five(database: Database, content: Content) -> None:
    def work(tx: Connection) -> dict[str, tuple[Line, ...]]:
        found = {}
        for why, one in LEFT_OUT.items():
            found[why] = board(tx, content, *[needing("B1", "evenings")] * 4, *[one] * 4).lines
            tx.exec_driver_sql("DELETE FROM chat")
        return found

    assert await database.run(work) == dict.fromkeys(LEFT_OUT, ())


def test_a_course_that_provides_childcare_counts_for_those_who_need_it(town: Town, content: Content) -> None:
    said = changed(content.offers["iqui_b1"], {"provides": ["childcare"]}, content.questionnaire)
    offers = {**content.offers, "iqui_b1": said}
    meeting_of(town, "iqui_b1", EVENING)
    people = [needing("A2", "evenings", more={"support": ("childcare",)})] * 5
    found = board(town, replace(content, offers=offers), *people)
    assert found.line("A2", "evenings", "childcare") == Line("A2", "B1", "evenings", "childcare", 5, 16, ("iqui_b1",))


def test_a_level_that_was_computed_from_an_answer_too_old_counts_no_more(town: Town, content: Content) -> None:
    """The row of the level is young, what it follows from is not."""
    ids = fill(town, [needing("B1", "evenings")] * 5)
    said = (answer.c.participant_id == ids[0], answer.c.question_id == "german_level")
    town.execute(update(answer).where(*said).values(answered_at=NOW - HALF_A_YEAR_AGO))
    found = board(town, content)
    assert found.people == 5
    assert found.levels == {}


def test_whoever_has_a_seat_in_a_course_needs_none(town: Town, content: Content) -> None:
    meeting_of(town, "iqui_b2", MORNING)
    ids = fill(town, [needing("B1", "mornings")] * 12)
    seat(town, "iqui_b2", ids[:3])
    seat(town, "iqui_b2", ids[3:4], state="waiting")
    seat(town, "a_course_that_is_over", ids[4:5])
    assert lines(board(town, content)) == [("B1", "B2", "mornings", "", 9, 14)]


def test_a_course_that_has_begun_or_takes_place_elsewhen_has_no_seats(town: Town, content: Content) -> None:
    meeting_of(town, "iqui_b1", NOW - 30 * DAY)
    meeting_of(town, "iqui_b1", EVENING)
    meeting_of(town, "iqui_b2", EVENING, cancelled_at=NOW)
    meeting_of(town, "job_b2", MORNING)
    found = board(town, content, *[needing("B1", "evenings")] * 5, *[needing("A2", "evenings")] * 5)
    assert {one.level: one.seats for one in found.lines} == {"A2": 0, "B1": 0}


def test_answers_under_former_ids_count(town: Town, content: Content) -> None:
    questions = content.questionnaire
    times = replace(questions.by_id["times"], was=("when_before",))
    named = tuple(times if one.id == "times" else one for one in questions.questions)
    moved = replace(content, questionnaire=replace(questions, questions=named))
    old: dict[str, Value] = {"goals": ("german",), "german_level": "B1", "level": "B1", "when_before": ("evenings",)}
    found = board(town, moved, *[One(old)] * 3, *[needing("B1", "evenings")] * 2)
    assert [(one.time, one.people) for one in found.lines] == [("evenings", 5)]


def test_other_tables_are_of_the_same_people(town: Town, content: Content) -> None:
    found = board(
        town,
        content,
        *[needing("B1", "evenings", more={"profession": "health"})] * 6,
        *[needing("B1", "evenings", more={"profession": "office"})] * 4,
        *[needing("B1", "evenings", more={"profession": "service"})] * 2,
        *[needing("B1", "evenings", more={"place": "~own words"})] * 8,
    )
    assert found.levels == {"B1": 20}
    assert [(one.option, one.people) for one in found.views["profession"]] == [("health", 6)]
    assert found.views["place"] == ()


def test_fewer_than_five_people_are_no_board(town: Town, content: Content) -> None:
    assert board(town, content, *[needing("B1", "evenings")] * 4) == Board()


async def test_a_board_costs_the_same_few_statements_for_everybody(database: Database, content: Content) -> None:
    def work(tx: Connection) -> list[int]:
        meeting_of(tx, "iqui_b1", EVENING)
        asked: list[str] = []
        event.listen(tx, "before_cursor_execute", lambda *call: asked.append(str(call[2])))
        numbers = []
        for people in (6, 600):
            fill(tx, [needing("A2", "evenings")] * people)
            asked.clear()
            needs.board_of(Turn(tx, content, NOW))
            numbers.append(len(asked))
        return numbers

    assert await database.run(work) == [4, 4]


async def test_months_are_the_median_of_five_people_or_more(database: Database, content: Content) -> None:
    def work(tx: Connection) -> dict[tuple[str, str], int]:
        today = timedelta(0)
        quick, slow, few = (
            fill(tx, [needing(level, "evenings", ago=today)] * people)
            for level, people in (("B1", 2), ("B1", 3), ("B2", 4))
        )
        said_before(tx, quick, "A2", 61 * DAY)
        said_before(tx, slow, "A2", 152 * DAY)
        said_before(tx, few, "B1", 152 * DAY)
        return dict(needs.months(Turn(tx, content, NOW)))

    assert await database.run(work) == {("A2", "B1"): 5}


@pytest.mark.parametrize("now", [datetime(2026, 8, 31, 10, 0, tzinfo=UTC), datetime(2028, 2, 29, 0, 0, tzinfo=UTC)])
def test_the_oldest_answer_that_counts_is_that_of_the_calendar(now: datetime) -> None:
    span = Span(6, "month")
    found = needs.oldest(span, now)
    assert later(found, span) <= now
    assert later(found + timedelta(milliseconds=2), span) > now


def test_a_town_without_needs_has_no_board(town: Town, content: Content) -> None:
    turn = Turn(town, replace(content, needs=None), NOW)
    assert needs.board_of(turn) is None
    assert needs.months(turn) == {}
