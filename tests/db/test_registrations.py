"""Registrations in the tables: one live one for each target, whoever writes it; and what the clock asks."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from bot.core.seats import State
from bot.db.engine import Database
from bot.db.offers import meetings, registrations
from bot.db.offers.registrations import Numbers, Target
from tests.db.rows import HOUR, NOW, new_meeting, new_participant

WHOLE = Target("b2")


async def test_a_person_is_live_once_for_an_offer_and_once_for_each_meeting(database: Database) -> None:
    def several(tx: Connection) -> tuple[int, list[Target]]:
        person = new_participant(tx)
        targets = [WHOLE, Target("c1"), Target("info", new_meeting(tx)), Target("day", new_meeting(tx, "day"))]
        for target in targets:
            ended = registrations.create(tx, target, State.WAITING, NOW, participant_id=person)
            registrations.change(tx, ended, State.LEFT, ended_at=NOW)
            registrations.create(tx, target, State.REGISTERED, NOW, participant_id=person)
            registrations.create(tx, target, State.REGISTERED, NOW, guest={"name": "Anna"})
            registrations.create(tx, target, State.REGISTERED, NOW, guest={"name": "Anna"})
        return person, targets

    person, targets = await database.run(several)
    for target in targets:
        with pytest.raises(IntegrityError):
            await database.run(
                lambda tx, target=target: registrations.create(  # type: ignore[misc]
                    tx, target, State.WAITING, NOW, participant_id=person
                )
            )
    assert len(await database.run(lambda tx: registrations.of_participant(tx, person))) == len(targets)


async def test_what_is_taken_who_waits_and_when_the_clock_is_needed(database: Database) -> None:
    def fill(tx: Connection) -> Target:
        evening = Target("info", new_meeting(tx))
        new_participant(tx)
        for target, state, until in (
            (evening, State.REGISTERED, None),
            (evening, State.HELD, NOW + 2 * HOUR),
            (WHOLE, State.HELD, NOW + HOUR),
            (WHOLE, State.REQUESTED, None),
            (Target("c1"), State.REGISTERED, None),
        ):
            registrations.create(tx, target, state, NOW, held_until=until)
        return evening

    assert await database.run(registrations.next_hold) is None
    evening = await database.run(fill)
    assert await database.run(registrations.next_hold) == NOW + HOUR
    counted = await database.run(lambda tx: registrations.numbers(tx, ["info", "b2"]))
    assert counted == {evening: Numbers(2, 0), WHOLE: Numbers(2, 0)}
    assert await database.run(lambda tx: registrations.stirring(tx, NOW)) == []
    assert await database.run(lambda tx: registrations.stirring(tx, NOW + HOUR)) == [WHOLE]
    await database.run(lambda tx: registrations.create(tx, evening, State.WAITING, NOW))
    assert await database.run(lambda tx: registrations.stirring(tx, NOW)) == [evening]
    assert await database.run(registrations.concerned) == ({"b2", "c1"}, {evening.meeting_id})


@pytest.mark.parametrize("name", ["_STIRRING", "_NEXT_HOLD"])
async def test_the_questions_of_the_clock_are_answered_by_the_partial_index(database: Database, name: str) -> None:
    def plan(tx: Connection) -> str:
        asked = getattr(registrations, name).params(now=NOW)
        words = str(asked.compile(dialect=tx.dialect, compile_kwargs={"literal_binds": True}))
        if tx.dialect.name == "sqlite":
            return " ".join(str(row) for row in tx.execute(text(f"EXPLAIN QUERY PLAN {words}")))
        tx.execute(text("SET LOCAL enable_seqscan = off"))
        return " ".join(str(row) for row in tx.execute(text(f"EXPLAIN {words}")))

    assert "ix_registration_queue" in await database.run(plan)


def test_locks_are_taken_in_the_same_order_whoever_names_them() -> None:
    targets = [Target("a"), Target("a", 1), Target("a", 2), Target("b"), Target("b", 1)]
    assert Target.locks(targets) == Target.locks([*reversed(targets), *targets])
    assert len(Target.locks(targets)) == len(targets)


async def test_when_a_target_begins_leaves_out_what_is_cancelled(database: Database) -> None:
    def fill(tx: Connection) -> int:
        new_meeting(tx, "b2", cancelled_at=NOW)
        return new_meeting(tx, "b2", original="2026-11-27T10:30", starts_at=NOW + HOUR * 48, ends_at=NOW + HOUR * 49)

    key = await database.run(fill)
    for asked in (None, key):
        found = await database.run(lambda tx, asked=asked: meetings.span(tx, "b2", asked))  # type: ignore[misc]
        assert found is not None
        assert (found.first, found.end) == (NOW + 48 * HOUR, NOW + 49 * HOUR)
    assert await database.run(lambda tx: meetings.span(tx, "info", key)) is None
    assert await database.run(lambda tx: meetings.span(tx, "nowhere", None)) is None
