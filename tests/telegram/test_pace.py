"""Telegram's limits in any sliding window, deliveries and taps mixed; replies hardly wait. In jumping time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random  # noqa: TID251 - seeded, so that a failure comes again

import pytest

from bot.telegram import pace
from bot.telegram.pace import CHAT_SECONDS, GROUP_SECONDS, IN_A_GROUP, PATIENCE, Pace
from tests.telegram import fake_time
from tests.telegram.fake_time import now

RATE = 30


def most_in(times: Sequence[float], window: float) -> int:
    """The most of these moments that lie in any window of that length."""
    ordered, first, most = sorted(times), 0, 0
    for last, time in enumerate(ordered):
        while ordered[first] <= time - window:
            first += 1
        most = max(most, last - first + 1)
    return most


async def deliver(limits: Pace, number: int, arrived: list[float], travel: float = 0.004) -> None:
    """Send so many deliveries one after the other; each arrives somewhere on its way."""
    async with asyncio.TaskGroup() as nursery:
        for _ in range(number):
            place = await limits.delivery()
            nursery.create_task(_arrive(place, arrived, travel))


async def _arrive(place: pace.Place, arrived: list[float], travel: float) -> None:
    with place:
        await asyncio.sleep(travel / 2)
        arrived.append(now())
        await asyncio.sleep(travel / 2)


async def tap_at(at: float, limits: Pace, chat_id: int, waits: list[float], arrived: list[float]) -> None:
    """Reply to a tap at that time; how long it waited for its place, and when it arrived."""
    await asyncio.sleep(at)
    asked = now()
    place = await limits.reply(chat_id)
    waits.append(now() - asked)
    await _arrive(place, arrived, 0.004)


def test_deliveries_alone_keep_the_limit_and_hardly_lose_by_it() -> None:
    arrived: list[float] = []
    fake_time.run(deliver(Pace(RATE), 3000, arrived))
    assert most_in(arrived, 1.0) <= RATE
    assert max(arrived) <= 3000 / RATE * 1.03


def test_three_thousand_deliveries_with_three_hundred_taps_in_between() -> None:
    chance = Random(4)  # noqa: S311
    arrived: list[float] = []
    waits: list[float] = []

    async def both() -> None:
        limits = Pace(RATE)
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(deliver(limits, 3000, arrived))
            for number in range(300):
                nursery.create_task(tap_at(chance.uniform(0, 108), limits, number, waits, arrived))

    fake_time.run(both())
    assert len(arrived) == 3300
    assert most_in(arrived, 1.0) <= RATE
    assert max(arrived) <= 3300 / RATE * 1.03
    waits.sort()
    assert waits[len(waits) // 2] <= 0.02
    assert max(waits) <= 0.1


def test_taps_never_wait_for_taps_and_never_long() -> None:
    async def many(deliveries: int) -> list[float]:
        limits, waits = Pace(RATE), list[float]()

        async def tap() -> None:
            asked = now()
            with await limits.reply(1):
                waits.append(now() - asked)

        for _ in range(deliveries):
            with await limits.delivery():
                pass
        await asyncio.gather(*(tap() for _ in range(500)))
        return waits

    assert set(fake_time.run(many(0))) == {0.0}
    assert max(fake_time.run(many(RATE))) <= PATIENCE


def test_twenty_people_who_tap_at_the_same_moment_do_not_break_the_limit() -> None:
    arrived: list[float] = []

    async def tap(limits: Pace, chat_id: int) -> None:
        await asyncio.sleep(5)
        await _arrive(await limits.reply(chat_id), arrived, 0.004)

    async def both() -> None:
        limits = Pace(RATE)
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(deliver(limits, 300, arrived))
            for number in range(20):
                nursery.create_task(tap(limits, number))

    fake_time.run(both())
    assert len(arrived) == 320
    assert most_in(arrived, 1.0) <= RATE


def test_a_delivery_lets_the_replies_that_wait_go_first() -> None:
    async def order() -> list[str]:
        limits, went = Pace(RATE), list[str]()
        for _ in range(RATE):
            with await limits.delivery():
                pass

        async def reply() -> None:
            with await limits.reply(1):
                went.append("reply")

        async def delivery() -> None:
            with await limits.delivery():
                went.append("delivery")

        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(delivery())
            for _ in range(3):
                nursery.create_task(reply())
        return went

    assert fake_time.run(order()) == ["reply", "reply", "reply", "delivery"]


@pytest.mark.parametrize(("rate", "longer"), [(1, 1.28), (7, 1.04), (300, 1.03), (1000, 1.03)])
def test_other_rates_are_kept_too(rate: int, longer: float) -> None:
    arrived: list[float] = []
    fake_time.run(deliver(Pace(rate), rate * 20, arrived))
    assert most_in(arrived, 1.0) <= rate
    assert max(arrived) <= 20 * longer


@pytest.mark.parametrize("rate", [300, 1000])
def test_at_higher_rates_a_tap_hardly_waits_either(rate: int) -> None:
    chance = Random(9)  # noqa: S311
    arrived: list[float] = []
    waits: list[float] = []

    async def both() -> None:
        limits = Pace(rate)
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(deliver(limits, rate * 10, arrived))
            for number in range(100):
                nursery.create_task(tap_at(chance.uniform(0, 9), limits, number, waits, arrived))

    fake_time.run(both())
    assert most_in(arrived, 1.0) <= rate
    waits.sort()
    assert waits[90] <= 0.02
    assert max(waits) <= 0.1


@pytest.mark.parametrize("leg", [0.001, 0.03, 0.15])
def test_a_line_on_which_some_take_longer_keeps_the_limit(leg: float) -> None:
    chance = Random(6)  # noqa: S311
    arrived: list[float] = []

    async def travel(place: pace.Place) -> None:
        with place:
            await asyncio.sleep(leg + chance.choice((0.0, 0.0, 0.002, 0.02, 0.2)))
            arrived.append(now())
            await asyncio.sleep(leg + chance.choice((0.0, 0.01, 0.1)))

    async def taps(limits: Pace, nursery: asyncio.TaskGroup) -> None:
        for number in range(60):
            await asyncio.sleep(0.5)
            nursery.create_task(travel(await limits.reply(number)))

    async def both() -> None:
        limits = Pace(RATE)
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(taps(limits, nursery))
            for _ in range(900):
                nursery.create_task(travel(await limits.delivery()))

    fake_time.run(both())
    assert most_in(arrived, 1.0) <= RATE


def test_after_a_long_wait_deliveries_do_not_come_in_a_heap() -> None:
    async def late() -> list[float]:
        arrived: list[float] = []
        limits = Pace(RATE)
        await deliver(limits, 5, [])
        await asyncio.sleep(60)
        await deliver(limits, RATE, arrived)
        return arrived

    assert most_in(fake_time.run(late()), 0.2) <= 8


def test_slow_answers_cost_little() -> None:
    arrived: list[float] = []
    fake_time.run(deliver(Pace(RATE), 900, arrived, travel=2.0))
    assert max(arrived) <= 900 / RATE * 1.05 + 2.0


def test_without_a_limit_nothing_waits() -> None:
    arrived: list[float] = []
    fake_time.run(deliver(Pace(0), 5000, arrived, travel=0.0))
    assert max(arrived) == 0.0


def test_one_chat_hears_once_a_second_and_a_group_twenty_times_a_minute() -> None:
    async def closed() -> list[float]:
        limits, found = Pace(RATE), list[float]()
        found.append(limits.chat_closed_for(5))
        limits.note(5)
        found.append(limits.chat_closed_for(5))
        await asyncio.sleep(CHAT_SECONDS)
        found.append(limits.chat_closed_for(5))
        for _ in range(IN_A_GROUP):
            limits.note(-5)
            await asyncio.sleep(2)
        found.append(limits.chat_closed_for(-5))
        return found

    assert fake_time.run(closed()) == pytest.approx([0.0, CHAT_SECONDS, 0.0, GROUP_SECONDS - 2 * IN_A_GROUP])


def test_a_place_that_is_not_used_is_free_again() -> None:
    async def given_back() -> float:
        limits = Pace(1)
        for _ in range(3):
            (await limits.delivery()).give_back()
        with await limits.reply(1):
            return now()

    assert fake_time.run(given_back()) < 2.1


def test_places_left_free_for_other_processes_are_kept_by_deliveries() -> None:
    chance = Random(6)  # noqa: S311
    arrived: list[float] = []
    here: list[float] = []

    async def elsewhere(limits: Pace, number: int) -> None:
        for _ in range(number):
            await asyncio.sleep(chance.uniform(0.1, 0.4))
            limits.elsewhere(1)
            arrived.append(now())

    async def scenario() -> None:
        limits = Pace(RATE)
        limits.leave_free(6)
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(elsewhere(limits, 60))
            await deliver(limits, 400, here)

    fake_time.run(scenario())
    assert most_in([*arrived, *here], 1.0) <= RATE
    assert most_in(here, 1.0) >= RATE - 6


def test_places_left_free_are_there_for_a_burst_elsewhere_also_after_a_delay_of_deliveries() -> None:
    arrived: list[float] = []

    async def elsewhere(limits: Pace, at: float) -> None:
        await asyncio.sleep(at)
        for _ in range(6):
            limits.elsewhere(1)
            arrived.append(now())

    async def scenario() -> None:
        limits = Pace(RATE)
        limits.leave_free(6)
        async with asyncio.TaskGroup() as nursery:
            for at in (
                0.5,
                9.98,
            ):  # the second one when all but one of a delayed second's deliveries are in the window
                nursery.create_task(elsewhere(limits, at))
            await deliver(limits, 24, arrived)
            await asyncio.sleep(9 - now())
            await deliver(limits, 48, arrived)

    fake_time.run(scenario())
    assert most_in(arrived, 1.0) <= RATE


async def _with_replies_elsewhere(left_free: int, every: float, number: int) -> float:
    """When so many deliveries have arrived, while others reply every so many seconds."""

    async def elsewhere(limits: Pace) -> None:
        while True:
            await asyncio.sleep(every)
            limits.elsewhere(1)

    limits = Pace(RATE)
    limits.leave_free(left_free)
    async with asyncio.TaskGroup() as nursery:
        others = nursery.create_task(elsewhere(limits))
        await deliver(limits, number, [])
        others.cancel()
    return now()


def test_deliveries_do_not_wait_for_replies_elsewhere_that_keep_to_the_places_left_to_them() -> None:
    assert fake_time.run(_with_replies_elsewhere(6, 0.25, 240)) <= 240 / (RATE - 6) * 1.03


def test_deliveries_wait_for_replies_elsewhere_beyond_the_places_left_to_them() -> None:
    assert fake_time.run(_with_replies_elsewhere(2, 0.07, 240)) >= 240 / (RATE - 1 / 0.07)


def test_however_many_places_are_left_free_deliveries_go_on() -> None:
    arrived: list[float] = []

    async def scenario() -> None:
        limits = Pace(RATE)
        limits.leave_free(RATE)
        await deliver(limits, 3, arrived)

    fake_time.run(scenario())
    assert most_in(arrived, 1.0) == 1
    assert max(arrived) <= 3


def test_nobody_waits_for_a_delivery_that_was_not_sent() -> None:
    async def scenario() -> list[float]:
        limits, waits = Pace(RATE), list[float]()
        (await limits.delivery()).give_back()
        for _ in range(RATE + 10):
            asked = now()
            with await limits.reply(1):
                waits.append(now() - asked)
        return waits

    assert set(fake_time.run(scenario())) == {0.0}
