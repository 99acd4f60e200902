"""The sender in trouble: limits, a server or a line that fails, and deliveries of which nobody knows."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from itertools import pairwise
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

import pytest

from bot.db.outbox.deliveries import Kind
from bot.services.deliveries.sending import MOST_TRIES
from bot.telegram.sender import BATCH, TROUBLES
from bot.telegram.transport import NotSent, OutcomeUnknown, ServerTrouble
from tests.telegram.fake_time import now
from tests.telegram.post_office import PostOffice


@pytest.mark.row(8)
def test_after_429_everybody_waits_and_nothing_counts_as_a_try(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        told = [(429, "Too Many Requests: retry after 5")] * 3
        office.line.judge = lambda given: told.pop() if given["chat_id"] == 10 and told else None
        office.line.refuse = partial(_with_retry_after, office, 40)  # type: ignore[method-assign]
        await office.people(60)
        await office.plan(range(1, 61))
        await office.pass_time(300)
        assert set(await office.states()) == {"sent"}
        assert {row["tries"] for row in await office.rows()} == {1}
        gaps = [later - earlier for earlier, later in pairwise(office.line.times)]
        assert len([gap for gap in gaps if gap >= 39.9]) == 3
        assert len(office.line.came) == 63

    play(scene)


def _with_retry_after(office: PostOffice, seconds: int, method: str, _: object) -> None:
    from telegram.error import RetryAfter  # noqa: PLC0415

    office.line._refusals[method].append(RetryAfter(timedelta(seconds=seconds)))


@pytest.mark.row(8)
def test_a_429_of_a_reply_stops_the_deliveries_and_the_reply_goes_first(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        await office.people(100)
        office.gate.shut(20)
        await office.plan(range(1, 101))
        replied: list[float] = []

        async def reply() -> None:
            async def call() -> None:
                replied.append(now())

            await office.gate.send(call, 7)

        await asyncio.gather(reply(), reply(), reply())
        await office.pass_time(5)
        assert max(replied) <= min(office.line.times)
        assert min(office.line.times) >= 20

    play(scene)


@pytest.mark.row(9)
def test_a_server_in_trouble_is_asked_again_later_and_later_then_given_up(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda given: ServerTrouble("HTTP 500") if given["chat_id"] == 1 else None
        await office.people(2)
        await office.plan([1, 2])
        await office.pass_time(7200)
        first, second = await office.rows()
        assert (first["state"], first["code"], first["tries"]) == ("failed", "HTTP 500", MOST_TRIES)
        assert (second["state"], second["tries"]) == ("sent", 1)
        times = [at for at, chat_id in office.line.came if chat_id == 1]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert len(times) == MOST_TRIES
        assert all(later > earlier * 1.2 for earlier, later in pairwise(gaps[:8]))

    play(scene)


@pytest.mark.row(5)
def test_ten_minutes_without_a_network_lose_nothing_and_double_nothing(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda _: NotSent("refused") if now() < 600 else None
        await office.people(200)
        await office.plan(range(1, 201), kind=Kind.BROADCAST)
        await office.pass_time(600)
        in_vain = len(office.line.came)
        assert in_vain <= BATCH + 600 / 15
        assert set(await office.states()) == {"planned"}
        await office.pass_time(900)
        assert set(await office.states()) == {"sent"}
        assert len(office.line.came) - in_vain == 200

    play(scene)


@pytest.mark.row(9)
def test_a_fifth_of_errors_does_not_hold_the_others_up(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        chance = Random(5)  # noqa: S311
        office.line.judge = lambda _: ServerTrouble("HTTP 500") if chance.random() < 0.2 else None
        await office.people(1000)
        await office.plan(range(1, 1001), kind=Kind.BROADCAST)
        await office.pass_time(120)
        assert set(await office.states()) == {"sent"}

    play(scene)


@pytest.mark.row(6)
@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.NOTICE])
def test_a_reminder_nobody_knows_of_is_marked_and_said_once_more(play: Any, kind: Kind) -> None:
    async def scene(office: PostOffice) -> None:
        lost = [OutcomeUnknown("reset")]
        office.line.judge = lambda given: lost.pop() if given["chat_id"] == 1 and lost else None
        await office.people(2)
        await office.plan([1, 2], kind=kind)
        await office.pass_time(5)
        marked, other = await office.rows()
        assert (marked["state"], marked["code"], marked["tries"]) == ("planned", "reset", 1)
        assert marked["unknown_at"] is not None
        assert other["unknown_at"] is None
        await office.pass_time(130)
        sent, _ = await office.rows()
        assert (sent["state"], sent["tries"], sent["code"]) == ("sent", 2, None)
        assert sent["unknown_at"] == marked["unknown_at"], "the mark stays"
        first, again = [at for at, chat_id in office.line.came if chat_id == 1]
        assert 60 <= again - first <= 121

    play(scene)


@pytest.mark.row(6)
def test_a_second_doubt_is_the_last(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda _: OutcomeUnknown("ServerDisconnectedError")
        await office.people(1)
        await office.plan([1])
        await office.pass_time(3600)
        (row,) = await office.rows()
        assert (row["state"], row["tries"]) == ("unknown", 2)
        assert len(office.line.came) == 2

    play(scene)


@pytest.mark.row(6)
def test_a_broadcast_nobody_knows_of_waits_for_a_human(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda given: OutcomeUnknown("HTTP 502") if given["chat_id"] == 1 else None
        await office.people(2)
        await office.plan([1, 2], kind=Kind.BROADCAST)
        await office.pass_time(86400)
        assert [(row["state"], row["code"]) for row in await office.rows()] == [
            ("unknown", "HTTP 502"),
            ("sent", None),
        ]
        assert len(office.line.came) == 2

    play(scene)


@pytest.mark.row(6)
def test_a_line_that_swallows_everything_leaves_few_in_doubt(play: Any) -> None:
    async def scene(office: PostOffice) -> None:
        office.line.judge = lambda _: OutcomeUnknown("timeout") if now() < 600 else None
        await office.people(300)
        await office.plan(range(1, 301), kind=Kind.BROADCAST)
        await office.pass_time(700)
        found = await office.states()
        assert found.count("unknown") <= TROUBLES + 600 / 15
        assert found.count("unknown") + found.count("sent") == 300

    play(scene)
