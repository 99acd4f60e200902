"""Updates are stored, queued and handled: in order per chat, at the same time across chats, whatever they are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.db import inbox
from bot.db.engine import Database, DatabaseAway
from bot.db.inbox import Arrived
from bot.db.keys import MissingKey
from bot.telegram import intake as intake_module
from bot.telegram.flood import Flood
from bot.telegram.intake import Attempt, Delivered, Intake, chat_of
from tests.telegram.taking_in import NOW, update, working
from tests.waiting import LIMIT


@pytest.mark.row(14)
async def test_each_update_is_worked_through_once_in_its_chats_order(database: Database) -> None:
    done: dict[int, list[int]] = {}

    async def work(one: Delivered, attempt: Attempt) -> None:
        assert attempt.tries == 0
        await asyncio.sleep(0)
        done.setdefault(one.raw["message"]["chat"]["id"], []).append(one.arrived.update_id)

    batch = [update(number, number % 7) for number in range(1, 71)]
    async with working(database, work) as intake:
        await intake.accept(batch)
        await intake.accept(batch[30:])
        await intake.accept([*batch, *batch])
    assert sorted(number for numbers in done.values() for number in numbers) == list(range(1, 71))
    assert all(numbers == sorted(numbers) for numbers in done.values())
    assert len(done) == 7


@pytest.mark.row(15)
async def test_numbers_no_database_can_hold_stop_nobody(database: Database) -> None:
    done = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        done.append(one.arrived.update_id)

    async with asyncio.timeout(LIMIT), working(database, work) as intake:
        await intake.accept([update(1), update(2, 2**70), update(2**70), update(3)])
    assert {1, 3} <= set(done)


async def test_a_chat_that_takes_long_holds_up_nobody_else(database: Database) -> None:
    others_done = asyncio.Event()
    order = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        if one.arrived.chat_id == 1:
            await others_done.wait()
        order.append(one.arrived.update_id)
        if len(order) == 3:
            others_done.set()

    async with working(database, work) as intake:
        await intake.accept([update(1, 1), update(2, 1), update(3, 2), update(4, 3), update(5, 2)])
    assert sorted(order[:3]) == [3, 4, 5]
    assert order[3:] == [1, 2]


async def test_what_is_accepted_is_stored_before_it_is_worked_on(database: Database) -> None:
    waiting = []

    async def work(_one: Delivered, _attempt: Attempt) -> None:
        waiting.append([one.update_id for one in await database.run(inbox.waiting)])

    async with working(database, work) as intake:
        await intake.accept([update(1), update(2)])
        assert waiting == []
    assert waiting == [[1, 2], [1, 2]]


async def test_what_comes_at_the_same_moment_is_stored_together_and_in_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[list[int]] = []
    done: list[int] = []

    def store(*given: Any) -> frozenset[int]:
        batches.append([one.update_id for one in given[1]])
        return inbox.store(*given)

    async def work(one: Delivered, _attempt: Attempt) -> None:
        done.append(one.arrived.update_id)

    async with working(database, work) as intake:
        monkeypatch.setattr(intake_module, "inbox", SimpleNamespace(**vars(inbox) | {"store": store}))
        await asyncio.gather(*(intake.accept([update(number)]) for number in (5, 3, 9, 3, 4)))
    assert batches == [[3, 4, 5, 9]]
    assert done == [3, 4, 5, 9]


async def test_no_half_letter_is_stored_or_worked_on(database: Database) -> None:
    seen = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        (stored,) = await database.run(inbox.waiting)
        seen.extend([one.raw["message"]["text"], json.loads(stored.body or "")["message"]["text"]])

    async with working(database, work) as intake:
        await intake.accept([update(1, text="halb \ud83d und \U0001f600")])
    assert seen == ["halb \ufffd und \U0001f600"] * 2


async def test_what_an_earlier_run_left_is_queued_again_as_it_came(database: Database) -> None:
    left = [update(1, 8, text="Grüße \U0001f600"), update(2, 9)]
    stored = [inbox.Arrived(one["update_id"], chat_of(one), json.dumps(one)) for one in left]
    await database.run(lambda tx: inbox.store(tx, stored, NOW))
    seen = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        seen.append(one.raw)

    async with working(database, work):
        pass
    assert seen == left


@pytest.mark.row(20, 23)
async def test_a_dead_database_is_waited_for_and_the_order_stays(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "PAUSE", 0)
    calls = []

    async def work(one: Delivered, attempt: Attempt) -> None:
        calls.append((one.arrived.update_id, attempt.tries))
        if one.arrived.update_id == 1 and attempt.tries < 3:
            raise DatabaseAway

    async with working(database, work) as intake:
        await intake.accept([update(1), update(2)])
    assert calls == [(1, 0), (1, 1), (1, 2), (1, 3), (2, 0)]


@pytest.mark.row(23)
async def test_what_was_stored_while_the_answer_got_lost_is_done_once_it_comes_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, real = [], database.run

    async def work(one: Delivered, _attempt: Attempt) -> None:
        done.append(one.arrived.update_id)

    async def lost(use_case: Callable[[Connection], object]) -> None:
        await real(use_case)
        raise DatabaseAway("the answer to the commit got lost")

    async with working(database, work) as intake:
        with monkeypatch.context() as patch:
            patch.setattr(database, "run", lost)
            with pytest.raises(DatabaseAway):
                await intake.accept([update(1)])
        for _ in range(2):
            await intake.accept([update(1), update(2)])
    assert done == [1, 2]


async def test_work_that_breaks_stops_nobody(database: Database) -> None:
    done = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        if one.arrived.update_id == 2:
            raise ZeroDivisionError
        done.append(one.arrived.update_id)

    async with working(database, work) as intake:
        await intake.accept([update(1), update(2), update(3)])
    assert done == [1, 3]
    assert intake.waiting == 0


async def test_updates_of_nobody_are_worked_on_too(database: Database) -> None:
    done = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        done.append(one.arrived.update_id)

    async with working(database, work) as intake:
        await intake.accept([{"update_id": 1, "poll": {}}, {"update_id": 2}])
    assert sorted(done) == [1, 2]


async def test_who_is_full_says_so_until_half_is_done(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "FULL", 4)
    go_on = asyncio.Semaphore(0)
    handled = asyncio.Event()

    async def work(_one: Delivered, _attempt: Attempt) -> None:
        await go_on.acquire()
        handled.set()

    async with working(database, work) as intake:
        await intake.accept([update(number) for number in range(3)])
        full = [intake.full]
        await intake.accept([update(3)])
        full.append(intake.full)
        for _ in range(3):
            go_on.release()
        await intake.room()
        full.append(intake.full)
        go_on.release()
    assert full == [False, True, False]


async def test_a_stopping_bot_finishes_what_it_works_on_and_leaves_the_rest_in_the_inbox(database: Database) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()
    done = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        begun.set()
        await finish.wait()
        await database.run(lambda tx: inbox.take(tx, one.arrived.update_id))
        done.append(one.arrived.update_id)

    async with working(database, work) as intake:
        await intake.accept([update(1), update(2)])
        await begun.wait()
        async with asyncio.TaskGroup() as stopping:
            stopping.create_task(intake.drain())
            await asyncio.sleep(0)  # it has begun
            finish.set()
    assert done == [1]
    assert [one.update_id for one in await database.run(inbox.waiting)] == [2]


async def test_what_is_stored_when_everything_has_ended_is_left_to_the_next_run(database: Database) -> None:
    async def work(_one: Delivered, _attempt: Attempt) -> None:
        raise AssertionError("nobody is there any more")

    async with working(database, work) as intake:
        pass
    await intake.accept([update(1)])
    assert not intake.serves(1)
    assert [one.update_id for one in await database.run(inbox.waiting)] == [1]


async def test_a_stopping_bot_waits_for_what_is_being_stored(database: Database) -> None:
    async def work(one: Delivered, _attempt: Attempt) -> None:
        raise AssertionError(one)

    async with working(database, work) as intake, asyncio.TaskGroup() as fetching:
        taking = fetching.create_task(intake.accept([update(1)]))
        await asyncio.sleep(0)  # it has begun
        taking.cancel()  # as whoever fetches is
        await intake.drain()
        assert [one.update_id for one in await database.run(inbox.waiting)] == [1]


async def test_what_waits_while_a_card_is_drawn_is_known_to_be_older_than_the_card(database: Database) -> None:
    early = {}

    async def work(one: Delivered, attempt: Attempt) -> None:
        early[one.arrived.update_id] = attempt.early
        if one.arrived.update_id == 2:
            intake.before_card(1)

    async with working(database, work) as intake:
        await intake.accept([update(number) for number in (1, 2, 3, 4)])
        await intake.accept([update(5, 2)])
    assert (early[1], early[3], early[4], early[5]) == (False, True, True, False)


async def test_a_job_waits_for_its_turn_in_the_chat(database: Database) -> None:
    order = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        await asyncio.sleep(0)
        order.append(f"update {one.arrived.update_id}")

    async def job(_attempt: Attempt) -> None:
        order.append("job")

    async with working(database, work) as intake:
        await intake.accept([update(1), update(2)])
        intake.in_turn(1, job)
        await intake.accept([update(3)])
    assert order == ["update 1", "update 2", "job", "update 3"]


async def test_nothing_is_taken_in_before_the_last_run_was_taken_up(database: Database) -> None:
    async def work(_one: Delivered, _attempt: Attempt) -> None: ...

    async with asyncio.TaskGroup() as nursery:
        intake = Intake(database, work, nursery, clock=lambda: NOW, flood=Flood(0))
        before = intake.full
        await intake.recover()
        assert (before, intake.full) == (True, False)


@pytest.mark.parametrize("error", [DatabaseAway("lost"), MissingKey("update")], ids=["database", "key"])
async def test_what_the_last_run_left_is_taken_up_once_it_can_be(
    database: Database, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "PAUSE", 0)
    done, real = list[int](), database.run
    await database.run(lambda tx: inbox.store(tx, [Arrived(7, 1, json.dumps(update(7)))], NOW))

    async def first(_: object) -> None:
        monkeypatch.setattr(database, "run", real)
        raise error

    async def work(one: Delivered, _attempt: Attempt) -> None:
        done.append(one.arrived.update_id)

    monkeypatch.setattr(database, "run", first)
    async with working(database, work):
        pass
    assert done == [7]


async def test_far_too_much_of_one_chat_is_dropped_and_others_do_not_notice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "CROWD", 3)
    go_on = asyncio.Event()
    done: list[int] = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        await go_on.wait()
        done.append(one.arrived.update_id)

    async with working(database, work) as intake:
        for number in range(1, 7):
            await intake.accept([update(number, 5)])
        await intake.accept([update(7, 6)])
        go_on.set()
    assert sorted(done) == [1, 2, 3, 7]
    assert [one.update_id for one in await database.run(inbox.waiting)] == [1, 2, 3, 7]


async def test_a_job_that_fails_outside_the_handlers_is_parked_and_the_chat_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "RETRY_SECONDS", 0)
    tries: list[int] = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        tries.append(one.arrived.update_id)
        if one.arrived.update_id == 1:
            raise ZeroDivisionError

    async with working(database, work) as intake:
        await intake.accept([update(1, 5), update(2, 5)])
    assert tries == [1, 1, 1, 2]
    assert await database.run(inbox.parked) == 1


async def test_a_stored_update_that_cannot_be_read_is_set_aside_and_the_others_go_on(database: Database) -> None:
    left = [update(1, 8), update(2, 9), update(3, 9), update(4, 9)]
    stored = [inbox.Arrived(one["update_id"], chat_of(one), json.dumps(one)) for one in left]
    done = []

    def use_case(connection: Connection) -> None:
        inbox.store(connection, stored, NOW)
        for number, body in ((1, '{"update_id":'), (2, "sealed$0123abcd$" + "A" * 60)):
            connection.exec_driver_sql("UPDATE inbox SET body = ? WHERE update_id = ?", (body, number))

    async def work(one: Delivered, _attempt: Attempt) -> None:
        done.append(one.arrived.update_id)

    await database.run(use_case)
    async with working(database, work):
        pass
    assert done == [3, 4]
    assert await database.run(inbox.parked) == 2
    assert await database.run(lambda tx: [one.body for one in inbox.load(tx, [1, 2, 3])]) == [stored[2].body]
