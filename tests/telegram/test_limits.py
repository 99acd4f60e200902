"""What leaves waits when Telegram says so; who floods waits alone. In jumping time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.telegram.flood import WINDOW, Flood
from bot.telegram.gate import PAUSES, SPACING, Gate
from bot.telegram.transport import NotSent, OutcomeUnknown
from tests.telegram import fake_time
from tests.telegram.fake_time import now

# ---- the gate


def answering(*outcomes: TelegramError | str) -> tuple[Callable[[], Awaitable[str]], list[float]]:
    """A call with these outcomes in turn, and when it was made."""
    left = list(outcomes)
    made: list[float] = []

    async def call() -> str:
        made.append(now())
        outcome = left.pop(0)
        if isinstance(outcome, str):
            return outcome
        raise outcome

    return call, made


def wait(seconds: float) -> RetryAfter:
    return RetryAfter(timedelta(seconds=seconds))


def test_a_call_that_goes_well_is_made_once() -> None:
    call, made = answering("done")
    assert fake_time.run(Gate().send(call)) == "done"
    assert made == [0.0]


@pytest.mark.row(8)
def test_no_call_is_repeated_before_the_time_is_over() -> None:
    call, made = answering(wait(344), wait(1), "done")
    assert fake_time.run(Gate().send(call)) == "done"
    assert made == [0.0, 344.0, 345.0]


@pytest.mark.row(8)
def test_everybody_is_silent_while_one_has_to_wait() -> None:
    first, first_made = answering(wait(30), "first")
    other, other_made = answering("other")

    async def both() -> None:
        gate = Gate()

        async def later() -> None:
            await asyncio.sleep(10)
            await gate.send(other)

        await asyncio.gather(gate.send(first), later())

    fake_time.run(both())
    assert (first_made, other_made) == ([0.0, 30.0], [30.0 + SPACING])


def test_a_shorter_time_to_wait_does_not_open_a_gate_that_is_closed_for_longer() -> None:
    async def both() -> list[tuple[str, float]]:
        gate = Gate()
        made: list[tuple[str, float]] = []

        async def told_to_wait(name: str, seconds: float) -> None:
            left = [wait(seconds)]

            async def call() -> None:
                made.append((name, now()))
                await asyncio.sleep(1)  # both are on their way before the first is told
                if left:
                    raise left.pop()

            await gate.send(call)

        await asyncio.gather(told_to_wait("long", 60), told_to_wait("short", 2))
        return made

    assert fake_time.run(both()) == [("long", 0.0), ("short", 0.0), ("long", 61.0), ("short", 61.0 + SPACING)]


@pytest.mark.row(5)
def test_what_provably_never_left_is_tried_again_for_a_while() -> None:
    call, made = answering(NotSent("refused"), NotSent("refused"), "done")
    assert fake_time.run(Gate().send(call)) == "done"
    assert made == [0.0, PAUSES[0], PAUSES[0] + PAUSES[1]]


def test_what_never_leaves_is_given_up_in_the_end() -> None:
    call, made = answering(*[NotSent("refused")] * (len(PAUSES) + 1))
    with pytest.raises(NotSent):
        fake_time.run(Gate().send(call))
    assert len(made) == len(PAUSES) + 1


@pytest.mark.parametrize("error", [OutcomeUnknown("reset"), BadRequest("no"), TelegramError("odd")], ids=repr)
def test_nothing_that_may_have_arrived_is_sent_twice(error: TelegramError) -> None:
    call, made = answering(error, "twice")
    with pytest.raises(type(error)):
        fake_time.run(Gate().send(call))
    assert made == [0.0]


# ---- flood


async def passed(gate: Flood, key: int, times: int) -> list[float]:
    moments = []
    for _ in range(times):
        await gate.pass_through(key)
        moments.append(now())
    return moments


def test_a_person_may_do_so_much_at_once_and_then_waits_for_the_window() -> None:
    assert fake_time.run(passed(Flood(3), 1, 7)) == [0.0, 0.0, 0.0, WINDOW, WINDOW, WINDOW, 2 * WINDOW]


def test_a_person_who_is_not_too_fast_never_waits() -> None:
    async def slowly() -> float:
        gate = Flood(3)
        for _ in range(50):
            await gate.pass_through(1)
            await asyncio.sleep(WINDOW / 3)
        return now()

    assert fake_time.run(slowly()) == pytest.approx(50 * WINDOW / 3)


def test_in_no_window_more_than_the_limit_passes() -> None:
    async def hastily() -> list[float]:
        gate = Flood(4)
        moments = []
        for number in range(60):
            await gate.pass_through(1)
            moments.append(now())
            await asyncio.sleep((number * 7 % 5) / 2)
        return moments

    moments = fake_time.run(hastily())
    assert all(later - earlier >= WINDOW for earlier, later in zip(moments, moments[4:], strict=False))


def test_others_do_not_wait_for_who_floods() -> None:
    async def three() -> list[list[float]]:
        gate = Flood(2)
        return list(await asyncio.gather(*(passed(gate, key, times) for key, times in ((1, 9), (2, 2), (3, 1)))))

    flooding, *others = fake_time.run(three())
    assert flooding[-1] == 4 * WINDOW
    assert others == [[0.0, 0.0], [0.0]]


def test_a_limit_of_nothing_lets_everything_pass() -> None:
    assert fake_time.run(passed(Flood(0), 1, 500)) == [0.0] * 500


def test_who_stops_waiting_leaves_no_trace_in_the_gate() -> None:
    first, _ = answering(wait(30), "first")
    last, last_made = answering("last")

    async def impatient(gate: Gate) -> None:
        async def never() -> str:
            return "too late"

        await asyncio.sleep(1)
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await gate.send(never)

    async def all_of_them() -> None:
        gate = Gate()
        await asyncio.gather(gate.send(first), *(impatient(gate) for _ in range(20)))
        await gate.send(last)

    fake_time.run(all_of_them())
    assert last_made == [30.0]
