"""The server of the benchmark of limits: it refuses as Telegram does, and knows whose waits it measures."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import select

from benchmarks.announcing import FIRST, planned
from benchmarks.limits import LOADS, LimitedServer, Load, faults, report
from benchmarks.places import our_content
from bot.db.engine import open_database
from bot.db.schema import delivery
from bot.settings import FREE_RATE, LARGEST_RATE

FEW = Load(FREE_RATE, 2, 2, 3)


@pytest.mark.parametrize("rate", [5, FREE_RATE])
async def test_what_goes_beyond_the_limit_is_refused_and_not_heard(rate: int) -> None:
    server = LimitedServer(Load(rate, rate + 1, 1, 1))
    url = await server.listen()
    async with aiohttp.ClientSession() as session:
        answers = []
        for number in range(rate + 1):
            said = {"chat_id": FIRST + number, "text": "Hallo"}
            async with session.post(f"{url}/bot1/sendMessage", json=said) as answer:
                answers.append((answer.status, await answer.json()))
    server.close()
    assert [status for status, _ in answers] == [200] * rate + [429]
    assert answers[-1][1]["parameters"] == {"retry_after": 1}
    assert (len(server.heard), server.limits.refused) == (rate, 1)
    assert f"{rate + 1} deliveries, {rate} heard" in faults(server, rate)


async def _play(server: LimitedServer) -> None:
    """One tap, a delivery, a tap, a delivery, a tap; each person acts once, for there is one new message a second."""
    url = await server.listen()
    server.begin()
    people = list(server.persons)
    async with aiohttp.ClientSession() as session:

        async def say(chat_id: int) -> None:
            async with session.post(f"{url}/bot1/sendMessage", json={"chat_id": chat_id, "text": "Hallo"}) as answer:
                assert answer.ok

        for number, chat_id in enumerate(people):
            server.act()
            await say(chat_id)
            if number < FEW.deliveries:
                await say(FIRST + number)
    server.close()


async def test_a_tap_between_deliveries_counts_as_busy_and_others_as_idle() -> None:
    server = LimitedServer(FEW)
    await _play(server)
    assert (len(server.idle.waits), server.idle.messages) == (2, 2)
    assert (len(server.busy.waits), server.busy.messages) == (1, 1)
    assert server.waiting == 0
    assert faults(server, FEW.deliveries) == ""
    assert "1 sent by the table" in faults(server, 1)


async def test_the_report_puts_taps_in_between_beside_idle_ones() -> None:
    server = LimitedServer(FEW)
    await _play(server)
    server.heard[:] = [100.0, 100.2]
    server.idle.waits[:], server.busy.waits[:] = [0.01, 0.02], [0.03]
    cells = "1 (1 messages) | 0.2 | 2.000 | 2.000 to 2.000 | 20.0 | 30.0 | 1.50 | 20.0 | 30.0 | 1.50 | 0 |"
    assert f"| 30 | 1 | 2 | {cells}" in report([[server]])


async def test_rounds_are_a_median_and_their_taps_are_looked_at_together() -> None:
    rounds = [LimitedServer(FEW) for _ in range(3)]
    for server, seconds in zip(rounds, (0.1, 0.4, 0.2), strict=True):
        await _play(server)
        server.heard[:] = [100.0, 100.0 + seconds]
        server.idle.waits[:], server.busy.waits[:] = [0.01], [seconds]
    said = report([rounds])
    assert "| 30 | 3 | 2 | 3 (3 messages) | 0.2 | 2.000 | 1.000 to 4.000 | 10.0 | 200.0 |" in said
    assert "400.0" in said


def test_both_rates_are_played() -> None:
    assert [one.rate for one in LOADS] == [FREE_RATE, LARGEST_RATE]
    assert LOADS[0].tenth == Load(FREE_RATE, 60, 6, 20)


async def test_the_broadcast_is_planned_for_everybody(database_url: str) -> None:
    opened = await open_database(database_url)
    await planned(opened, our_content(), 7, timedelta(minutes=1))
    found = await opened.run(lambda tx: tx.execute(select(delivery.c.chat_id, delivery.c.state)).all())
    assert sorted(found) == [(FIRST + number, "planned") for number in range(7)]
    await opened.close()
