"""What becomes of answers in time: former ones are kept, moved ones keep their day, later rounds have their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.core.engine import Answer, Status
from bot.db.engine import Database
from bot.db.people import participants
from bot.db.people.participants import Past, Stored
from bot.db.rights import old_answers
from tests.db.rows import HOUR, NOW, START, given, new_participant, participant_of


@pytest.fixture
async def person(database: Database) -> int:
    return await database.run(new_participant)


async def save(
    database: Database, person: int, said: Mapping[str, Answer], hour: int, history: tuple[str, ...] = ()
) -> None:
    await database.run(lambda tx: participants.save_answers(tx, person, said, f"r{hour}", NOW + hour * HOUR, history))


async def past(database: Database, person: int) -> list[Past]:
    return await database.run(lambda tx: participants.history(tx, person))


async def stored(database: Database, person: int) -> dict[str, Stored]:
    return await database.run(lambda tx: participants.answers(tx, person))


async def test_an_answer_comes_with_when_it_was_given_and_to_what(database: Database, person: int) -> None:
    said = {"level": Answer(Status.COMPUTED, "B1"), "q": given(("a", "b")), "r": Answer(Status.DECLINED, None)}
    await save(database, person, said, 2)
    await database.run(lambda tx: participants.mark_counting(tx, person, ["r"], counts=False))
    assert await stored(database, person) == {
        name: Stored(one, NOW + 2 * HOUR, "r2", applies=name != "r") for name, one in said.items()
    }


async def test_former_answers_are_kept_where_they_are_to_be_and_only_there(database: Database, person: int) -> None:
    await save(database, person, {"q": given("first"), "r": given("gone")}, 0, ("q",))
    assert await past(database, person) == [], "nothing was there before"
    await save(database, person, {"q": given(("second", "one")), "r": given("here")}, 1, ("q",))
    await save(database, person, {"q": Answer(Status.SKIPPED, None)}, 2, ("q",))
    await save(database, person, {"q": given(7)}, 3, ("q",))
    assert await past(database, person) == [
        Past("q", given("first"), NOW, NOW + HOUR),
        Past("q", given(("second", "one")), NOW + HOUR, NOW + 2 * HOUR),
        Past("q", Answer(Status.SKIPPED, None), NOW + 2 * HOUR, NOW + 3 * HOUR),
    ]
    assert (await stored(database, person))["q"] == Stored(given(7), NOW + 3 * HOUR, "r3", applies=True)


async def test_the_same_answer_given_again_is_a_new_one(database: Database, person: int) -> None:
    for hour in (0, 1):
        await save(database, person, {"q": given("still")}, hour, ("q",))
    assert await past(database, person) == [Past("q", given("still"), NOW, NOW + HOUR)]
    assert (await stored(database, person))["q"].answered_at == NOW + HOUR


async def test_former_answers_are_one_persons(database: Database, person: int) -> None:
    other = await database.run(lambda tx: new_participant(tx, 2))
    for hour in (0, 1):
        await save(database, other, {"q": given("theirs")}, hour)
    await save(database, person, {"q": given("mine")}, 2)
    await save(database, person, {"q": given("mine now")}, 3, ("q",))
    assert await past(database, person) == [Past("q", given("mine"), NOW + 2 * HOUR, NOW + 3 * HOUR)]
    assert await past(database, other) == []


async def test_what_is_kept_no_longer_goes_with_its_former_answers(database: Database, person: int) -> None:
    for hour in range(4):
        await save(database, person, {"q": given(hour), "r": given(hour)}, hour, ("q", "r"))
    periods = {NOW + 2 * HOUR: ["q"], NOW: ["r"]}
    assert await database.run(lambda tx: old_answers.count(tx, periods)) == 2
    assert await database.run(lambda tx: old_answers.forget(tx, periods)) == 2
    left = [one.answer.value for one in await past(database, person) if one.question == "q"]
    assert left == [2]
    assert [one.answer.value for one in await past(database, person) if one.question == "r"] == [0, 1, 2]
    assert {name: one.answer.value for name, one in (await stored(database, person)).items()} == {"q": 3, "r": 3}


async def test_an_answer_moves_to_the_new_id_with_its_day_and_former_ones(database: Database, person: int) -> None:
    other = await database.run(lambda tx: new_participant(tx, 2))
    for key in (person, other):
        await save(database, key, {"old": given("a")}, 0)
        await save(database, key, {"old": given("b"), "stays": given("x")}, 1, ("old",))
    await database.run(lambda tx: participants.mark_counting(tx, person, ["old"], counts=False))
    before = await stored(database, other)
    await database.run(lambda tx: participants.carry(tx, person, {"new": ("old", given("bb"))}, "r9"))
    assert await stored(database, person) == {
        "new": Stored(given("bb"), NOW + HOUR, "r9", applies=False),
        "stays": Stored(given("x"), NOW + HOUR, "r1", applies=True),
    }
    assert await past(database, person) == [Past("new", given("a"), NOW, NOW + HOUR)]
    assert await stored(database, other) == before
    assert await past(database, other) == [Past("old", given("a"), NOW, NOW + HOUR)]


async def test_an_option_that_has_another_id_changes_the_value_alone(database: Database, person: int) -> None:
    await save(database, person, {"q": given(("b1", "job"))}, 0)
    await save(database, person, {"q": given(("b1", "job"))}, 1, ("q",))
    await database.run(lambda tx: participants.carry(tx, person, {"q": ("q", given(("B1", "job")))}, "r9"))
    assert await stored(database, person) == {"q": Stored(given(("B1", "job")), NOW + HOUR, "r9", applies=True)}
    assert await past(database, person) == [Past("q", given(("b1", "job")), NOW, NOW + HOUR)]


async def test_several_move_at_once_and_a_computed_value_makes_room(database: Database, person: int) -> None:
    await save(database, person, {"a": given("1"), "b": Answer(Status.SKIPPED, None), "c": given("3")}, 0)
    await save(database, person, {"level": Answer(Status.COMPUTED, "B1")}, 1)
    moves = {"level": ("a", given("B2")), "bb": ("b", Answer(Status.SKIPPED, None)), "c": ("c", given("33"))}
    await database.run(lambda tx: participants.carry(tx, person, moves, "r9"))
    assert await stored(database, person) == {
        "level": Stored(given("B2"), NOW, "r9", applies=True),
        "bb": Stored(Answer(Status.SKIPPED, None), NOW, "r9", applies=True),
        "c": Stored(given("33"), NOW, "r9", applies=True),
    }


async def test_only_the_named_rounds_change(database: Database, person: int) -> None:
    other = await database.run(lambda tx: new_participant(tx, 2))
    offered = {"goals": "2026-11-25"}

    async def rounds(chat_id: int | None = None) -> tuple[object, ...]:
        row = await database.run(lambda tx: participant_of(tx, *(() if chat_id is None else (chat_id,))))
        return row.more, row.refreshing, row.offered

    assert await rounds() == (False, False, None)
    await database.run(lambda tx: participants.set_rounds(tx, person, more=True, offered=offered))
    assert await rounds() == (True, False, offered)
    await database.run(lambda tx: participants.set_rounds(tx, person, refreshing=True))
    assert await rounds() == (True, True, offered)
    await database.run(lambda tx: participants.set_rounds(tx, person, more=False, offered=None))
    assert await rounds() == (False, True, None)
    assert await rounds(2) == (False, False, None), f"participant {other} was not meant"


@pytest.mark.parametrize("draft", [(), ("german",), ("tailor", "~a tailor of hats"), ("~خياط قبعات",), ("2026",)])
async def test_a_draft_comes_back_line_by_line(database: Database, person: int, draft: tuple[str, ...]) -> None:
    await database.run(lambda tx: participants.move(tx, person, replace(START, draft=draft)))
    assert (await database.run(participant_of)).draft == draft
