"""Before the last day of a step of somebody's path: who is told, when, and what has to be true when it is said."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, insert

from bot.core.message import Screen, Text
from bot.core.reminders import Topic
from bot.core.seats import State
from bot.db.people import participants, path_marks
from bot.db.schema import registration
from bot.services.deliveries.saying import Skip
from bot.services.reminders import preview
from tests.db.rows import given
from tests.services.reminding.helpers import actions, agree, at, lines, press, rows, said, seek, sent
from tests.services.seating.town import COURSE, DAY, HOUR, Town

KEY = "reminders.path_days"
SPEAKS = at("2026-11-27T17:00")
"""A week before 4 December, six weeks before the campus's applications close."""


async def somebody(town: Town, **answers: str | tuple[str, ...]) -> int:
    """Somebody with B2 who wants a degree, has finished, and agreed to be reminded."""
    town.now = SPEAKS - 12 * HOUR
    (person,) = await town.people(1)
    known: dict[str, str | tuple[str, ...]] = {
        "goals": ("degree",),
        "german_level": "B2",
        "education": "upper",
        "papers": ("translations",),
    }
    told = {name: given(value) for name, value in (known | answers).items()}
    await town.database.run(lambda tx: participants.save_answers(tx, person, told, "r", town.now))
    await town.database.run(lambda tx: participants.finish(tx, person, town.now))
    await agree(town, person)
    return person


async def answer(town: Town, person: int, **answers: str | tuple[str, ...]) -> None:
    told = {name: given(value) for name, value in answers.items()}
    await town.database.run(lambda tx: participants.save_answers(tx, person, told, "r", town.now))


async def test_it_is_planned_for_its_own_time_and_once_and_says_why_by_then(town: Town) -> None:
    person = await somebody(town)
    await seek(town)
    await seek(town)
    (row,) = await rows(town)
    assert (row.text_key, row.due_at, row.topic) == (KEY, SPEAKS, "path")
    assert row.cause.startswith("path_days:vpd:")
    town.now = SPEAKS
    message = await said(town)
    assert isinstance(message, Screen)
    texts = [one.key for one in message.blocks[0] if isinstance(one, Text)]
    assert texts == [KEY, "ui.path.because", "ui.path.papers"]
    assert actions(message) == ["step", "talk", "why", "mute.path"]
    key = await sent(town)
    town.now = SPEAKS + HOUR
    await seek(town)
    assert len(await rows(town)) == 1
    reply = await press(town, await chat_of(town, person), key, "why")
    assert reply.toast is not None
    assert reply.toast.key == "ui.path.why"
    reply = await press(town, await chat_of(town, person), key, "step")
    assert reply.card is not None
    assert Text("path.steps.vpd.text") in reply.card.screen.blocks[0]


async def chat_of(town: Town, person: int) -> int:
    return (await rows(town, participant_id=person))[0].chat_id  # type: ignore[no-any-return]


async def test_what_is_done_by_then_is_not_said_and_what_moved_is_planned_anew(town: Town) -> None:
    person = await somebody(town)
    await seek(town)
    await answer(town, person, uni_papers="sent")
    town.now = SPEAKS
    assert await said(town) == Skip("done")
    await answer(town, person, uni_papers="not_yet", german_level="B1")
    assert await said(town) == Skip("moved")
    await answer(town, person, goals=("job",))
    assert await said(town) == Skip("off_path")
    await answer(town, person, goals=("degree",), german_level="B2")
    assert isinstance(await said(town), Screen)


async def test_another_level_leads_to_another_day_with_a_message_of_its_own(town: Town) -> None:
    person = await somebody(town)
    await seek(town)
    await answer(town, person, german_level="B1")
    town.now = at("2026-12-08T11:00")  # B2 must be begun by 15 December for the applications of July
    await seek(town)
    first, second = await rows(town)
    assert (first.params["step"], second.params["step"]) == ("vpd", "german_b2")
    assert second.params["day"] == "2026-12-15"


async def test_who_has_a_seat_in_a_course_to_the_level_is_not_told_to_begin_it(town: Town) -> None:
    town.content = replace(
        town.content,
        offers={**town.content.offers, COURSE.id: replace(town.content.offers[COURSE.id], level_to="B2")},
    )
    person = await somebody(town, german_level="B1")
    seat = await town.register(person, target=None)
    assert seat is not None
    town.now = at("2026-12-08T11:00")
    await seek(town)
    told = [one.params["step"] for one in await rows(town, text_key=KEY)]
    assert told == ["german_b2"]  # the evening is no course
    await town.database.run(lambda tx: in_course(tx, person))
    assert await said(town, text_key=KEY) == Skip("done")


def in_course(connection: Connection, person: int) -> None:
    """A firm seat in the course."""
    row = {"offer_id": COURSE.id, "participant_id": person, "state": State.REGISTERED.value}
    moment = at("2026-12-01T00:00")
    connection.execute(insert(registration), {**row, "queued_at": moment, "registered_at": moment})


async def test_nobody_is_told_without_consent_or_who_wants_no_more(town: Town) -> None:
    person = await somebody(town)
    await town.database.run(lambda tx: participants.set_preferences(tx, person, muted=[Topic.PATH.value]))
    await seek(town)
    assert await rows(town) == []
    await town.database.run(lambda tx: participants.set_preferences(tx, person, muted=[]))
    await seek(town)
    await town.database.run(lambda tx: participants.withdraw_consent(tx, person, "reminders", town.now))
    town.now = SPEAKS
    assert await said(town) == Skip("no_consent")


async def test_it_counts_towards_the_weekly_cap(town: Town) -> None:
    person = await somebody(town, papers=("copies",))
    await town.database.run(lambda tx: participants.set_preferences(tx, person, weekly_cap=1))
    await seek(town)
    assert [one.params["step"] for one in await rows(town)] == ["papers_ready", "vpd"]
    town.now = SPEAKS
    await sent(town)
    town.now = SPEAKS + HOUR
    assert await said(town, 1) == Skip("cap")


async def test_a_step_nobody_answers_for_is_ticked_on_the_message(town: Town) -> None:
    person = await somebody(town, uni_papers="positive")
    town.now = at("2027-01-08T11:00")
    await seek(town)
    (row,) = await rows(town)
    assert row.params["step"] == "campus_apply"
    town.now = row.due_at
    key = await sent(town)
    reply = await press(town, row.chat_id, key, "did")
    assert lines(reply)[-1] == "ui.path.is_done"
    assert await town.database.run(lambda tx: path_marks.of_people(tx, [person])[person]) == {"campus_apply"}
    town.now += DAY
    reply = await press(town, row.chat_id, key, "did")
    assert reply.card is None


async def test_the_preview_shows_what_nobody_has_planned_yet(town: Town) -> None:
    person = await somebody(town)
    await seek(town)
    chat_id = (await rows(town))[0].chat_id
    town.now = at("2026-12-07T10:00")  # it is too late for January: the next is in summer
    await answer(town, person, german_level="B2")  # said half a year before, it would be asked again
    found = await town.do(preview.preview, chat_id, 180)
    told = [(one.reason, one.at.date().isoformat()) for one in found.coming]
    assert ("reminders.path_weeks", "2027-05-06") in told
    assert ("reminders.path_days", "2027-05-27") in told
