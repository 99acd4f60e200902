"""The outbox: what is planned is claimed once, recorded once, and never forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import IntegrityError

from bot import alive
from bot.db import chats
from bot.db.engine import Database, open_database
from bot.db.outbox import deliveries, outbox_numbers
from bot.db.outbox.deliveries import LEASE, REPEAT_AFTER, Due, Kind, Outcome, Planned, State
from bot.db.rights import erasure
from bot.db.schema import delivery
from tests.db.rows import HOUR, NOW, new_chat

SECOND = timedelta(seconds=1)


def one(cause: str = "meeting:7", kind: Kind = Kind.REMINDER, due_at: datetime = NOW, **more: Any) -> Planned:
    return Planned(cause, kind, due_at, "ui.language.ask", **more)


def plan(*planned: tuple[int, Planned]) -> Callable[[Connection], None]:
    return lambda tx: deliveries.plan(tx, planned)


def rows(connection: Connection) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(delivery).order_by(delivery.c.id))]


def states(connection: Connection) -> list[str]:
    return [row["state"] for row in rows(connection)]


@pytest.fixture
async def people(database: Database) -> Database:
    """Five chats, 1 to 5."""
    for number in range(1, 6):
        await database.run(lambda tx, number=number: new_chat(tx, number))  # type: ignore[misc]
    return database


async def claim(database: Database, room: int = 30, now: datetime = NOW, me: str = "me") -> list[Due]:
    return await database.run(lambda tx: deliveries.claim(tx, me, now, room))


async def record(database: Database, *outcomes: Outcome, me: str = "me") -> None:
    await database.run(lambda tx: deliveries.record(tx, me, outcomes))


async def test_a_cause_is_told_to_a_chat_once_whatever_is_planned_again(people: Database) -> None:
    await people.run(plan((1, one()), (2, one()), (1, one("other"))))
    await people.run(plan((1, one(due_at=NOW + HOUR)), (3, one())))
    found = await people.run(rows)
    assert [(row["chat_id"], row["cause"], row["due_at"]) for row in found] == [
        (1, "meeting:7", NOW),
        (2, "meeting:7", NOW),
        (1, "other", NOW),
        (3, "meeting:7", NOW),
    ]


async def test_planning_wakes_whoever_sends_after_the_commit(people: Database) -> None:
    woken: list[int] = []

    def ring() -> None:
        woken.append(1)

    people.on_planned = ring
    await people.run(rows)
    assert woken == []
    await people.run(plan((1, one())))
    await people.run(plan(*((number, one("all")) for number in range(1, 6))))
    assert woken == [1, 1]
    with pytest.raises(IntegrityError):
        await people.run(plan((99, one())))
    await people.run(rows)
    assert len(await people.run(rows)) == 6


async def test_what_is_due_comes_by_urgency_then_by_time(people: Database) -> None:
    later = NOW + HOUR
    await people.run(
        plan(
            (1, one("b", Kind.BROADCAST, NOW - HOUR)),
            (2, one("r", Kind.REMINDER, NOW)),
            (3, one("r", Kind.REMINDER, NOW - SECOND)),
            (4, one("n", Kind.NOTICE, NOW)),
            (5, one("n", Kind.NOTICE, later)),
        )
    )
    assert [due.chat_id for due in await claim(people, room=3)] == [4, 3, 2]
    assert [due.chat_id for due in await claim(people)] == [1]
    assert await claim(people) == []
    assert await people.run(deliveries.next_due) == later
    assert [due.chat_id for due in await claim(people, now=later)] == [5]
    assert await people.run(deliveries.next_due) is None


async def test_a_claimed_delivery_says_what_its_chat_says_now(people: Database) -> None:
    await people.run(plan((1, one(last_useful_at=NOW + HOUR, params={"head": {"count": 2}})), (2, one())))
    await people.run(lambda tx: chats.blocked(tx, 2, NOW))
    await people.run(lambda tx: chats.save(tx, 1, {"language": "uk"}))
    first, second = await claim(people)
    assert (first.language, first.blocked, first.params) == ("uk", False, {"head": {"count": 2}})
    assert (first.kind, first.last_useful_at, first.tries, first.doubted) == (Kind.REMINDER, NOW + HOUR, 0, False)
    assert (second.blocked, second.language, second.params) == (True, "ar", None)


async def test_outcomes_are_recorded_for_their_owner_only(people: Database) -> None:
    await people.run(plan(*((number, one()) for number in range(1, 6))))
    found = await claim(people)
    outcomes = [
        Outcome(found[0].id, State.SENT, message_id=2**40, sent_at=NOW, tried=True),
        Outcome(found[1].id, State.BLOCKED, "blocked", tried=True),
        Outcome(found[2].id, State.PLANNED, "refused", next_at=NOW + HOUR, tried=True),
        Outcome(found[3].id, State.SKIPPED, reason="too_late"),
        Outcome(found[4].id, State.UNKNOWN, "reset", unknown_at=NOW, tried=True),
    ]
    await record(people, *outcomes, me="somebody else")
    assert set(await people.run(states)) == {"claimed"}
    await record(people, *outcomes)
    stored = await people.run(rows)
    assert [(row["state"], row["code"], row["reason"], row["tries"]) for row in stored] == [
        ("sent", None, None, 1),
        ("blocked", "blocked", None, 1),
        ("planned", "refused", None, 1),
        ("skipped", None, "too_late", 0),
        ("unknown", "reset", None, 1),
    ]
    assert (stored[0]["message_id"], stored[0]["sent_at"], stored[0]["claimed_by"]) == (2**40, NOW, "me")
    assert (stored[2]["next_at"], stored[2]["due_at"], stored[2]["claimed_by"]) == (NOW + HOUR, NOW, None)
    assert stored[4]["unknown_at"] == NOW
    await record(people, Outcome(found[0].id, State.FAILED))
    assert (await people.run(rows))[0]["state"] == "sent", "what was recorded stays"


@pytest.mark.row(25)
async def test_two_claimers_never_get_the_same(people: Database, database_url: str) -> None:
    """On PostgreSQL two processes' databases; on SQLite, which has one process, two at once in it."""
    other = await open_database(database_url) if database_url.startswith("postgres") else people
    for number in range(6, 200):
        await people.run(lambda tx, number=number: new_chat(tx, number))  # type: ignore[misc]
    await people.run(plan(*((number, one()) for number in range(1, 200))))
    got: list[int] = []

    async def work(database: Database, me: str) -> None:
        while found := await claim(database, 7, me=me):
            got.extend(due.id for due in found)

    await asyncio.gather(*(work(one, f"{name}") for name, one in enumerate((people, other, people, other))))
    assert len(got) == len(set(got)) == 199
    if other is not people:
        await other.close()


def claimed_by(who: str, since: datetime) -> Callable[[Connection], object]:
    def use_case(connection: Connection) -> None:
        for due in deliveries.claim(connection, who, NOW, 1):
            connection.execute(update(delivery).where(delivery.c.id == due.id).values(claimed_at=since))

    return use_case


@pytest.mark.row(3)
async def test_what_a_dead_process_had_in_hand_is_unknown_and_repeated_once_unless_a_broadcast(
    people: Database,
) -> None:
    await people.run(
        plan((1, one("r")), (2, one("b", Kind.BROADCAST)), (3, one("n", Kind.NOTICE)), (4, one("r", Kind.REMINDER)))
    )
    await claim(people, me="dead")

    def abandon(connection: Connection) -> int:
        # On SQLite nobody can tell, and nobody needs to: only one process holds the file.
        can_tell = connection.dialect.name == "postgresql"
        return deliveries.abandon(connection, "me", NOW, lambda who: can_tell and who == "dead")

    assert await people.run(abandon) == 4
    assert await people.run(abandon) == 0
    found = {row["chat_id"]: row for row in await people.run(rows)}
    assert {key: row["state"] for key, row in found.items()} == {
        1: "planned",
        2: "unknown",
        3: "planned",
        4: "planned",
    }
    assert {(row["unknown_at"], row["code"], row["tries"]) for row in found.values()} == {(NOW, "killed", 1)}
    assert await claim(people) == []
    again = await claim(people, now=NOW + REPEAT_AFTER, me="dead")
    assert [(due.chat_id, due.doubted) for due in again] == [(3, True), (1, True), (4, True)]
    assert await people.run(abandon) == 3
    assert await people.run(states) == ["unknown"] * 4


@pytest.mark.row(24)
@pytest.mark.postgres
async def test_a_living_process_keeps_what_it_has_until_its_lease_is_over(postgres_url: str) -> None:
    database = await open_database(postgres_url)
    for number in (1, 2, 3):
        await database.run(lambda tx, number=number: new_chat(tx, number))  # type: ignore[misc]
    await database.run(plan(*((number, one("b", Kind.BROADCAST)) for number in (1, 2, 3))))
    await database.run(claimed_by("slow", NOW - LEASE - SECOND))
    await database.run(claimed_by("quick", NOW - LEASE))
    await database.run(claimed_by("me", NOW - 9 * LEASE))
    assert await database.run(lambda tx: deliveries.abandon(tx, "me", NOW, lambda _: False)) == 1
    assert await database.run(states) == ["unknown", "claimed", "claimed"]
    # It was only slow: what it knows counts.
    await record(database, Outcome(1, State.SENT, message_id=5, sent_at=NOW, tried=True), me="slow")
    assert (await database.run(states))[0] == "sent"
    await database.close()


async def test_what_was_claimed_without_our_hearing_of_it_is_let_go(people: Database) -> None:
    await people.run(plan((1, one()), (2, one()), (3, one())))
    first, *_ = await claim(people, room=1)
    await claim(people, room=1)
    await claim(people, room=1, me="other")
    await people.run(lambda tx: deliveries.let_go(tx, "me", [first.id]))
    assert await people.run(states) == ["claimed", "planned", "claimed"]


async def test_the_outbox_is_counted_by_state(people: Database) -> None:
    await people.run(plan((1, one(due_at=NOW - HOUR)), (2, one()), (3, one())))
    (first,) = await claim(people, room=1)
    await record(people, Outcome(first.id, State.SENT, message_id=1, sent_at=NOW, tried=True))
    counted = await people.run(outbox_numbers.counts)
    assert {state: (count.number, count.oldest) for state, count in counted.items()} == {
        State.SENT: (1, NOW - HOUR),
        State.PLANNED: (2, NOW),
    }
    assert await people.run(lambda tx: outbox_numbers.sent_since(tx, NOW - SECOND, 10)) == [(NOW - HOUR, NOW)]
    assert await people.run(lambda tx: outbox_numbers.sent_since(tx, NOW + SECOND, 10)) == []


@pytest.mark.row(31)
async def test_deliveries_of_an_erased_chat_are_gone_also_while_they_are_in_hand(people: Database) -> None:
    await people.run(plan((1, one()), (2, one())))
    first, _ = await claim(people)
    await people.run(lambda tx: erasure.erase_chat(tx, 1))
    await record(people, Outcome(first.id, State.SENT, message_id=1, sent_at=NOW, tried=True))
    assert [row["chat_id"] for row in await people.run(rows)] == [2]


async def test_no_state_but_the_known_ones_can_be_stored(people: Database) -> None:
    await people.run(plan((1, one())))
    with pytest.raises(IntegrityError):
        await people.run(lambda tx: tx.execute(update(delivery).values(state="lost")))


async def test_both_questions_of_every_moment_are_answered_by_the_partial_index(people: Database) -> None:
    def plans(connection: Connection) -> str:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
        asked = {"priority": 1, "now": NOW, "room": 30}
        found = []
        for statement, given in ((deliveries._DUE, asked), (deliveries._NEXT, {})):
            compiled = statement.params(given).compile(connection, compile_kwargs={"literal_binds": True})
            found += [" ".join(map(str, row)) for row in connection.exec_driver_sql(explain + str(compiled))]
        return "\n".join(found)

    found = await people.run(plans)
    assert found.count("ix_delivery_planned") >= 4
    assert "SCAN delivery" not in found
    assert "TEMP B-TREE" not in found


# ---- who is alive


def test_a_process_knows_itself_and_the_dead() -> None:
    own = alive.name()
    place, _, _ = own.rpartition("/")[0].rpartition("/")
    assert alive.name() != own
    assert not alive.gone(own)
    assert not alive.gone(f"{place}/1/0123abcd"), "process 1 is always there"
    assert alive.gone(f"{place}/{2**22 - 1}/0123abcd") or not place
    assert alive.gone(f"{own.rpartition('/')[0]}/0123abcd") or not place, "our number, another run"


@pytest.mark.parametrize("odd", ["", "other/17/0123abcd", "/17/0123abcd", "x", "a/b/c"])
def test_nobody_is_taken_for_dead_who_lives_elsewhere(odd: str) -> None:
    assert not alive.gone(odd)
