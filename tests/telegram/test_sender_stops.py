"""The sender stops, is cancelled, or loses its database: nothing is lost, nothing said twice."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Connection, update
from structlog.testing import capture_logs

from bot.content.loader import Content
from bot.db import replica, schema
from bot.db.engine import DatabaseAway
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.schema import delivery
from bot.services.deliveries.sending import Hand
from bot.telegram import calls
from tests.telegram import fake_time
from tests.telegram.fake_time import now
from tests.telegram.post_office import TEXT, PostOffice, clock, post_office


@pytest.mark.row(4)
def test_a_stopping_sender_finishes_what_is_on_its_way_and_gives_the_rest_back(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.takes = 3.0
        await office.people(100)
        await office.plan(range(1, 101), kind=Kind.BROADCAST)
        await office.pass_time(0.5)
        begin = now()
        await office.sender.drain()
        assert now() - begin <= 3.1
        found = await office.states()
        assert (found.count("sent"), found.count("planned")) == (len(office.line.came), 100 - len(office.line.came))
        assert 10 < found.count("sent") < 30
        await office.pass_time(60)
        assert await office.states() == found

    play(scene)


@pytest.mark.row(4, 7)
def test_what_hangs_longer_than_a_stop_may_take_is_in_doubt(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.takes = 3600.0
        await office.people(5)
        await office.plan([1], kind=Kind.BROADCAST)
        await office.plan([2])
        await office.pass_time(1)
        begin = now()
        await office.sender.drain()
        assert now() - begin <= 10
        assert [(row["state"], row["code"]) for row in await office.rows()] == [
            ("unknown", "stopped"),
            ("planned", "stopped"),
        ]

    play(scene)


def test_a_sender_that_is_cancelled_records_what_it_knows(content: Content) -> None:
    async def main() -> None:
        async with post_office(content) as office:
            await office.people(60)
            second = asyncio.get_running_loop().create_task(_nothing())
            await second
            await office.plan(range(1, 61), kind=Kind.BROADCAST)
            await office.pass_time(0.6)
            office.sender._refused.set()
            await office.sender.drain()
            found = await office.states()
            assert set(found) == {"sent", "planned"}

    fake_time.run(main())


async def _nothing() -> None:
    """A moment."""


@pytest.mark.row(21, 23)
def test_a_database_that_is_away_is_waited_for_and_nothing_is_said_twice(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(50)
        await office.plan(range(1, 51), kind=Kind.BROADCAST)
        await office.pass_time(0.3)
        office.database.away = 5
        await office.pass_time(60)
        assert set(await office.states()) == {"sent"}
        assert len(office.line.came) == 50

    play(scene)


@pytest.mark.row(23)
def test_a_claim_whose_answer_got_lost_is_let_go(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        commit, lost = office.database.run, [1]

        async def run(use_case: Any) -> Any:
            answer = await commit(use_case)
            if lost and isinstance(answer, Hand) and answer.ready:
                lost.pop()
                raise DatabaseAway
            return answer

        office.database.run = run  # type: ignore[method-assign]
        await office.people(10)
        await office.plan(range(1, 11), kind=Kind.BROADCAST)
        await office.pass_time(30)
        assert not lost
        assert set(await office.states()) == {"sent"}
        assert len(office.line.came) == 10

    play(scene)


@pytest.mark.row(23)
def test_a_claim_that_became_known_after_it_was_looked_for_is_let_go_at_the_next_look(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        planned = [(1, Planned("late", Kind.BROADCAST, clock(), TEXT.key))]
        row = {"state": "claimed", "claimed_by": office.sender._me, "claimed_at": clock()}

        def late(connection: Connection) -> None:
            deliveries.plan(connection, planned)
            connection.execute(update(delivery).values(**row))

        await office.people(1)
        await office.database.run(late)
        office.sender.look_after()
        await office.pass_time(5)
        assert await office.states() == ["sent"]

    play(scene)


@pytest.mark.row(25)
@pytest.mark.parametrize(("number", "becomes"), [(1, "unknown"), (4, "claimed")], ids=["leads", "was taken for dead"])
def test_what_another_has_in_hand_is_for_the_one_that_leads_alone(play: Any, number: int, becomes: str) -> None:
    """One that was frozen goes on where it stood, for a moment, and others are at work by then."""

    async def scene(office: PostOffice) -> None:
        in_hand = {"state": "claimed", "claimed_by": f"{replica.HAND}2/another", "claimed_at": clock()}
        there = {"number": 1, "name": "one", "version": "0", "started_at": clock(), "until": clock()}

        def another(connection: Connection) -> None:
            deliveries.plan(connection, [(1, Planned("another's", Kind.BROADCAST, clock(), TEXT.key))])
            connection.execute(update(delivery).values(**in_hand))
            connection.execute(schema.replica.insert(), there)

        await office.people(1)
        await office.database.run(another)
        office.sender._lead = cast("Any", SimpleNamespace(number=number, may_send=True))
        office.sender._gone = replica.gone
        office.sender.look_after()
        await office.pass_time(5)
        assert await office.states() == [becomes]

    play(scene)


def test_a_mistake_of_ours_is_logged_and_the_others_go_on(play: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    send = calls.send

    async def broken(bot: Any, chat_id: int, *more: Any, **others: Any) -> Any:
        if chat_id == 1:
            raise KeyError("canary words")
        return await send(bot, chat_id, *more, **others)

    monkeypatch.setattr(calls, "send", broken)

    async def scene(office: PostOffice) -> None:
        await office.people(3)
        await office.plan([1, 2, 3], kind=Kind.BROADCAST)
        with capture_logs() as logged:
            await office.pass_time(5)
        assert await office.states() == ["unknown", "sent", "sent"]
        assert "delivery_failed" in [one["event"] for one in logged]

    play(scene)
