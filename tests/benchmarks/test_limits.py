"""The server of the benchmark of limits: it refuses as Telegram does, and knows whose waits it measures."""

from __future__ import annotations

import aiohttp

from benchmarks.limits import FIRST, LimitedServer
from bot.simulator.limits import OVERALL


async def test_what_goes_beyond_the_limit_is_refused_and_not_heard() -> None:
    server = LimitedServer()
    server.wanted = OVERALL + 1
    url = await server.listen()
    async with aiohttp.ClientSession() as session:
        answers = []
        for number in range(OVERALL + 1):
            said = {"chat_id": FIRST + number, "text": "Hallo"}
            async with session.post(f"{url}/bot1/sendMessage", json=said) as answer:
                answers.append((answer.status, await answer.json()))
    server.close()
    assert [status for status, _ in answers] == [200] * OVERALL + [429]
    assert answers[-1][1]["parameters"] == {"retry_after": 1}
    assert (len(server.heard), server.limits.refused) == (OVERALL, 1)


async def test_a_tap_between_deliveries_counts_as_busy_and_others_as_idle() -> None:
    server = LimitedServer()
    server.wanted = 2
    url = await server.listen()
    server.begin()
    people = list(server.persons)
    async with aiohttp.ClientSession() as session:

        async def say(chat_id: int) -> None:
            async with session.post(f"{url}/bot1/sendMessage", json={"chat_id": chat_id, "text": "Hallo"}) as answer:
                assert answer.ok

        for number, chat_id in enumerate(people[:3]):
            server.act()
            await say(chat_id)
            if number < 2:
                await say(FIRST + number)
    server.close()
    assert (len(server.idle.waits), server.idle.messages) == (2, 2)
    assert (len(server.busy.waits), server.busy.messages) == (1, 1)
    assert server.waiting == 0
