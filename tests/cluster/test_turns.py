"""Two processes on one database, seen from inside: leases, turns of chats, what they tell each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Connection, delete, select, text

from bot import clock
from bot.db import inbox
from bot.db import replica as replicas
from bot.db.engine import DatabaseAway, open_database
from bot.db.postgres import PostgresDatabase
from bot.db.replica import LeaseLost, Replica
from bot.db.schema import replica
from bot.services.deliveries import outbox
from bot.services.health import vitals
from bot.telegram.common import Common
from bot.telegram.flood import Flood
from bot.telegram.gate import Gate
from bot.telegram.intake import Attempt, Delivered, Intake
from bot.telegram.pace import Pace
from bot.telegram.together import Together
from tests.faults.line import Line
from tests.waiting import LIMIT, until

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CHATS, UPDATES = 3, 60


class Side:
    """One process: its database, its lease, its intake."""

    def __init__(self, database: PostgresDatabase, one: Replica, intake: Intake, task: asyncio.Task[None]) -> None:
        self.database = database
        self.replica = one
        self.intake = intake
        self.task = task


def raw(number: int, chat_id: int) -> dict[str, Any]:
    """An update as Telegram sends it."""
    return {"update_id": number, "message": {"chat": {"id": chat_id}, "text": "word"}}


@asynccontextmanager
async def side(
    url: str, nursery: asyncio.TaskGroup, done: list[tuple[int, int]] | None = None
) -> AsyncIterator[Side]:
    """A process that has joined; its work takes the update, and notes chat and number when it is through."""
    database = await open_database(url)
    assert isinstance(database, PostgresDatabase)
    one = database.replica("test")
    task = nursery.create_task(one.run())
    at_work: set[int] = set()

    async def work(given: Delivered, _: Attempt) -> None:
        chat_id = given.raw["message"]["chat"]["id"]
        assert chat_id not in BUSY, "two processes are in one chat"
        BUSY.add(chat_id)
        at_work.add(chat_id)
        await asyncio.sleep(0.001)
        if await database.run(lambda tx: inbox.take(tx, given.arrived.update_id)) and done is not None:
            done.append((chat_id, given.arrived.update_id))
        await asyncio.sleep(0.001)
        BUSY.discard(chat_id)

    intake = Intake(database, work, nursery, clock=lambda: NOW, flood=Flood(0), turns=one)
    await one.joined()
    await intake.recover()
    yield Side(database, one, intake, task)
    one.leave()
    await asyncio.wait([task])
    await database.close()


BUSY: set[int] = set()
"""Chats that somebody works in now."""


async def test_a_chats_updates_are_done_one_after_the_other_in_order_whoever_took_them(postgres_url: str) -> None:
    chance = Random(5)  # noqa: S311
    done: list[tuple[int, int]] = []
    async with (
        asyncio.TaskGroup() as nursery,
        side(postgres_url, nursery, done) as one,
        side(postgres_url, nursery, done) as other,
    ):
        for number in range(1, UPDATES + 1):
            taker = chance.choice((one, other))
            await taker.intake.accept([raw(number, number % CHATS + 1)])
            if chance.random() < 0.2:  # and once more, at another
                await (one if taker is other else other).intake.accept([raw(number, number % CHATS + 1)])
        await until(lambda: not (one.intake.waiting or other.intake.waiting), "both to be done")
    assert len(done) == UPDATES
    for chat_id in range(1, CHATS + 1):
        mine = [number for chat, number in done if chat == chat_id]
        assert mine == sorted(mine)


async def test_who_looks_sees_each_process_and_which_of_them_leads(postgres_url: str) -> None:
    async with (
        asyncio.TaskGroup() as nursery,
        side(postgres_url, nursery) as one,
        side(postgres_url, nursery) as other,
    ):
        found = await one.database.run(lambda tx: vitals.look(tx, clock.now(), None))
        said = list(vitals.lines(found))
        listed = vitals.as_json(found, await one.database.run(lambda tx: outbox.status(tx, clock.now())))["processes"]
        assert "processes: 2" in said
        assert [line.endswith(", leads") for line in said if ", test, since " in line] == [True, False]
        numbers = [one.replica.number, other.replica.number]
        assert [(each["number"], each["leads"], each["late"]) for each in listed] == [
            (numbers[0], True, False),
            (numbers[1], False, False),
        ]


async def test_what_one_leaves_waiting_the_other_finds(postgres_url: str) -> None:
    done: list[tuple[int, int]] = []
    async with asyncio.TaskGroup() as nursery, side(postgres_url, nursery, done) as other:
        async with side(postgres_url, nursery) as one:
            await one.database.run(
                lambda tx: inbox.store(
                    tx, [inbox.Arrived(9, 4, '{"message":{"chat":{"id":4}}}')], NOW, one.replica.number
                )
            )
            assert await other.intake.take_over() == 0, "it is another's, who is there"
        assert await other.intake.take_over() == 1
        await until(lambda: not other.intake.waiting, "the other to be done")
    assert done == [(4, 9)]


@pytest.mark.row(23)
@pytest.mark.parametrize("again_at", ["the same", "the other"])
async def test_what_was_stored_while_the_answer_got_lost_is_done_without_another_word(
    postgres_url: str, again_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[int, int]] = []
    async with (
        asyncio.TaskGroup() as nursery,
        side(postgres_url, nursery, done) as one,
        side(postgres_url, nursery, done) as other,
    ):
        real = one.database.run

        async def lost(use_case: Callable[[Connection], object]) -> None:
            await real(use_case)
            raise DatabaseAway("the answer to the commit got lost")

        with monkeypatch.context() as patch:
            patch.setattr(one.database, "run", lost)
            with pytest.raises(DatabaseAway):
                await one.intake.accept([raw(1, 1)])
        await (one if again_at == "the same" else other).intake.accept([raw(1, 1)])
        assert await other.intake.take_over() == 0
        assert await one.intake.take_over() == (again_at == "the other")
        await until(lambda: done, "the update done")
        assert await one.intake.take_over() == 0
        await until(lambda: not (one.intake.waiting or other.intake.waiting), "nothing that waits")
    assert done == [(1, 1)]


@pytest.mark.row(23)
async def test_what_is_stored_after_it_was_looked_for_is_done_when_it_comes_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[int, int]] = []
    async with asyncio.TaskGroup() as nursery, side(postgres_url, nursery, done) as one:
        real, late = one.database.run, list[Callable[[Connection], object]]()

        async def lost(use_case: Callable[[Connection], object]) -> None:
            late.append(use_case)
            raise DatabaseAway("the line was cut before the server had done it")

        with monkeypatch.context() as patch:
            patch.setattr(one.database, "run", lost)
            with pytest.raises(DatabaseAway):
                await one.intake.accept([raw(1, 1)])
        assert await one.intake.take_over() == 0, "not there yet"
        await real(late[0])
        await one.intake.accept([raw(1, 1)])
        await until(lambda: not one.intake.waiting, "nothing that waits")
        assert await one.intake.take_over() == 0
    assert done == [(1, 1)]


async def test_however_many_updates_are_in_doubt_they_are_looked_for(postgres_url: str) -> None:
    async with asyncio.TaskGroup() as nursery, side(postgres_url, nursery) as one:
        doubtful = range(40_000)  # more than a statement of PostgreSQL takes one by one
        stored = [inbox.Arrived(7, 1, "{}")]
        await one.database.run(lambda tx: inbox.store(tx, stored, NOW, one.replica.number))
        found = await one.database.run(lambda tx: inbox.take_over(tx, one.replica.number, doubtful))
    assert [each.update_id for each in found] == [7]


async def test_the_first_leads_and_the_next_when_it_leaves(postgres_url: str) -> None:
    async with asyncio.TaskGroup() as nursery, side(postgres_url, nursery) as other:
        assert other.replica.may_send
        async with side(postgres_url, nursery) as third:
            assert not third.replica.may_send
            other.replica.leave()
            await asyncio.wait([other.task])
            await third.replica.leads.wait()
            assert third.replica.may_send


@pytest.mark.row(24)
async def test_whoever_comes_while_everything_takes_long_is_one_of_them_all_the_same(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "PATIENCE", 0.5)
    async with Line(postgres_url) as line, asyncio.TaskGroup() as nursery, side(line.url, nursery) as one:
        line.seconds = 0.1  # nine questions come before the first beat is over
        late = one.database.replica("late")
        task = nursery.create_task(late.run())
        async with asyncio.timeout(LIMIT):
            await late.joined()
        line.seconds = 0.0
        late.leave()
        await asyncio.wait([task])


async def test_who_was_taken_for_dead_learns_of_it(postgres_url: str) -> None:
    database = await open_database(postgres_url)
    assert isinstance(database, PostgresDatabase)
    late = database.replica("test")
    lost: list[BaseException] = []

    async def run() -> None:
        try:
            await late.run()
        except LeaseLost as error:
            lost.append(error)

    async with asyncio.TaskGroup() as nursery:
        task = nursery.create_task(run())
        await late.joined()
        assert await database.run(lambda tx: replicas.is_there(tx, late.number))
        await database.run(lambda tx: tx.execute(delete(replica)))
        assert not await database.run(lambda tx: replicas.is_there(tx, late.number))
        await asyncio.wait([task])
    assert len(lost) == 1
    await database.close()


async def test_connections_of_who_is_taken_for_dead_are_ended(postgres_url: str) -> None:
    frozen = await open_database(postgres_url)
    assert isinstance(frozen, PostgresDatabase)
    name = frozen._name
    async with frozen._engine.connect() as wire:
        await wire.execute(text("SELECT 1"))
        async with asyncio.TaskGroup() as nursery, side(postgres_url, nursery) as other:
            row = {"name": name, "version": "0", "started_at": NOW, "until": NOW - timedelta(days=1)}
            await other.database.run(lambda tx: tx.execute(replica.insert(), row))
            ended: list[int] = []
            other.replica.changed = lambda: ended.append(1)
            await until(lambda: ended, "its end")
            assert await other.database.run(lambda tx: len(tx.execute(select(replica.c.number)).all())) == 1
        with pytest.raises(Exception, match=r"terminat|closed"):
            await wire.execute(text("SELECT 1"))
    await frozen.close()


class Sender:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.woken = 0
        self.chats: list[int] = []

    def wake(self) -> None:
        """See `Sender.wake`."""
        self.woken += 1

    def touched(self, chat_id: int) -> None:
        """See `Sender.touched`."""
        self.chats.append(chat_id)


async def test_what_one_says_the_other_hears(postgres_url: str) -> None:
    sender, seen = Sender(), list[int]()
    gate = Gate(Pace(30))
    async with (
        asyncio.TaskGroup() as nursery,
        side(postgres_url, nursery) as one,
        side(postgres_url, nursery) as other,
    ):
        intake = SimpleNamespace(before_card=seen.append, take_over=lambda: None)
        desk = SimpleNamespace(tell=None)
        made = Together(
            Common(one.database, cast("Any", None), cast("Any", None)),
            one.replica,
            gate,
            cast("Any", desk),
            cast("Any", intake),
            cast("Any", sender),
        )
        made.begin(cast("Any", SimpleNamespace()))
        await until(lambda: one.replica.others and other.replica.others, "both to know of each other")
        for word, about in (("planned", ""), ("touched", 7), ("wait", 3600), ("of a newer Lotse", "")):
            other.replica.tell(word, about)
        await until(lambda: gate.closed_for > 0, "the gate to close")
        one.replica.tell("planned")  # its own words are not for itself
        other.replica.tell("touched", 8)
        await until(lambda: 8 in seen, "what the other said after them")
        assert gate.pace._chats.get(7), "a message of theirs counts against the chat's limit"
        assert len(gate.pace._elsewhere) == 2
    assert (sender.woken, sender.chats, seen) == (1, [7, 8], [7, 8])
    assert 3000 < gate.closed_for <= 3600
