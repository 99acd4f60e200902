"""Content runs: which content ran last, and how many people a change of it meets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from bot.core.engine import Answer, State, Status
from bot.db import content_runs
from bot.db.content_runs import Run
from bot.db.engine import Database
from bot.db.people import participants
from bot.db.schema import content_run
from bot.services import places
from tests.db.rows import HOUR, NOW, given, new_chat, new_participant

T = TypeVar("T")
OUTLINE: dict[str, Any] = {"questions": [{"id": "goals", "text": "Was möchten Sie?", "least": 1, "was": []}]}


async def record(database: Database, town: str, revision: str, hour: int, outline: Any = OUTLINE) -> None:
    await database.run(lambda tx: content_runs.record(tx, town, revision, outline, NOW + hour * HOUR))


async def last(database: Database, town: str = "minden") -> Run | None:
    return await database.run(lambda tx: content_runs.last(tx, town))


async def rows(database: Database) -> int:
    return await database.run(lambda tx: tx.execute(select(func.count()).select_from(content_run)).scalar_one())


async def test_nothing_has_run_before_the_first_time(database: Database) -> None:
    assert await last(database) is None


async def test_what_ran_last_comes_back_as_it_was_recorded(database: Database) -> None:
    await record(database, "minden", "r1", 0)
    assert await last(database) == Run("minden", "r1", NOW, OUTLINE)


async def test_a_start_with_the_same_content_is_no_new_run(database: Database) -> None:
    await record(database, "minden", "r1", 0)
    seen_by_a_newer_lotse = {**OUTLINE, "lists": []}
    await record(database, "minden", "r1", 5, seen_by_a_newer_lotse)
    assert await last(database) == Run("minden", "r1", NOW, seen_by_a_newer_lotse)
    assert await rows(database) == 1


async def test_content_that_is_taken_back_has_run_again_whatever_the_clock_says(database: Database) -> None:
    for revision, hour in (("r1", 9), ("r2", 5), ("r1", 1)):
        await record(database, "minden", revision, hour)
    assert await last(database) == Run("minden", "r1", NOW + HOUR, OUTLINE)
    assert await rows(database) == 3


async def test_every_town_has_its_own(database: Database) -> None:
    await record(database, "minden", "r1", 0)
    await record(database, "herford", "r1", 1, {})
    await record(database, "minden", "r1", 2)
    assert await last(database, "herford") == Run("herford", "r1", NOW + HOUR, {})
    assert await last(database) == Run("minden", "r1", NOW, OUTLINE)
    assert await rows(database) == 2


async def filled(database: Database, fill: Callable[[Connection], object], ask: Callable[[Connection], T]) -> T:
    await database.run(fill)
    return await database.run(ask)


async def test_people_are_inside_the_question_on_their_card(database: Database) -> None:
    def fill(connection: Connection) -> None:
        several: list[tuple[str, str | None]] = [
            (places.QUESTIONS, "goals"),
            (places.QUESTIONS, "goals"),
            (places.QUESTIONS, "hours"),
            (places.QUESTIONS, None),
            (places.DONE, "goals"),
            (places.CONSENTS_START, "goals"),
        ]
        for chat_id, (screen, at) in enumerate(several, start=1):
            person = new_participant(connection, chat_id, screen=screen)
            participants.move(connection, person, State({}, at))
        new_chat(connection, 50, screen=places.QUESTIONS)

    assert await filled(database, fill, lambda tx: content_runs.inside(tx, places.QUESTIONS)) == {
        "goals": 2,
        "hours": 1,
    }


async def test_somebody_who_looks_at_another_screen_for_a_while_is_still_inside(database: Database) -> None:
    def fill(connection: Connection) -> None:
        new_participant(connection, 1, screen=places.QUESTIONS, detour=places.PRIVACY)

    assert await filled(database, fill, lambda tx: content_runs.inside(tx, places.QUESTIONS)) == {"goals": 1}


async def test_skipping_and_declining_are_answers_and_computing_is_none(database: Database) -> None:
    def fill(connection: Connection) -> None:
        for chat_id in (1, 2):
            person = new_participant(connection, chat_id)
            said = {"q": given("x"), "level": Answer(Status.COMPUTED, "B1")}
            participants.save_answers(connection, person, said, "r1", NOW)
            participants.save_answers(connection, person, {"q": given("y")}, "r1", NOW + HOUR, ("q",))
        rest = {"r": Answer(Status.SKIPPED, None), "s": Answer(Status.DECLINED, None)}
        participants.save_answers(connection, person, rest, "r1", NOW)

    assert await filled(database, fill, content_runs.answered) == {"q": 2, "r": 1, "s": 1}


async def test_every_option_is_counted_once_for_each_who_chose_it(database: Database) -> None:
    answers = (
        given(("german", "job")),
        given(("job",)),
        given("german"),  # the question took one answer only, once
        given("~a tailor of hats"),
        given(7),
        Answer(Status.SKIPPED, None),
        Answer(Status.COMPUTED, "job"),
    )

    def fill(connection: Connection) -> None:
        for chat_id, one in enumerate(answers, start=1):
            person = new_participant(connection, chat_id)
            participants.save_answers(connection, person, {"q": one, "other": given("german")}, "r1", NOW)

    assert await filled(database, fill, lambda tx: content_runs.chosen(tx, "q")) == {"german": 2, "job": 2}


async def test_more_people_than_are_read_at_once_are_all_counted(database: Database) -> None:
    people = content_runs.AT_ONCE + 3

    def fill(connection: Connection) -> None:
        for chat_id in range(1, people + 1):
            person = new_participant(connection, chat_id)
            participants.save_answers(connection, person, {"q": given(("job", "german"))}, "r1", NOW)

    chosen = await filled(database, fill, lambda tx: content_runs.chosen(tx, "q"))
    assert chosen == {"job": people, "german": people}
    assert await database.run(content_runs.answered) == {"q": people}
