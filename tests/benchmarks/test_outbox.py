"""The benchmarks of the outbox do what they say: everything is sent, and their sums are right. Nothing is timed."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import select

from benchmarks import growth, lateness, outbox, planning, senders, speed
from benchmarks.lateness import unavoidable
from benchmarks.places import our_content
from benchmarks.senders import Job
from benchmarks.sink import Sink
from benchmarks.speed import AIOGRAM, LOTSE, NAMES, PTB, RAW, REMINDERS, Sent, found
from benchmarks.table import Finding, findings
from bot.db.engine import open_database
from bot.db.outbox import outbox_numbers
from bot.db.schema import chat, delivery, participant

FEW = 250


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The benchmarks settle what is in memory; the tests behind them want it back as it was."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture
async def sink() -> AsyncIterator[tuple[Sink, str]]:
    made = Sink()
    yield made, await made.listen()
    made.close()


@pytest.mark.parametrize("name", senders.SENDERS)
async def test_each_sender_sends_a_message_to_every_chat(name: str, sink: tuple[Sink, str]) -> None:
    server, url = sink
    seconds, cpu = await senders.SENDERS[name](Job(url, FEW))
    assert server.take().messages == FEW
    assert server.take().messages == 0
    assert seconds > 0
    assert cpu >= 0


async def test_every_reminder_has_its_lateness(sink: tuple[Sink, str]) -> None:
    found = await lateness.late(sink[1], FEW, 1000)
    assert len(found) == FEW == sink[0].take().messages
    assert found == sorted(found)
    assert found[0] > 0


@pytest.mark.parametrize(
    ("number", "rate", "share", "seconds"),
    [(10_000, 300, 0.99, 33.0), (1000, 30, 0.99, 33.0), (30, 30, 0.99, 0.0), (31, 30, 1.0, 1.0), (1, 30, 0.5, 0.0)],
)
def test_what_a_limit_makes_unavoidable(number: int, rate: int, share: float, seconds: float) -> None:
    assert unavoidable(number, rate, share) == seconds


async def test_the_databases_of_growth_hold_what_is_said(database_url: str) -> None:
    opened = await open_database(database_url)
    await opened.run(lambda tx: growth.fill(tx, 1000))
    for question in growth.QUESTIONS:
        await opened.run(question)
    states = await opened.run(outbox_numbers.counts)
    assert [(state.value, count.number) for state, count in states.items()] == [("planned", 1000)]
    assert len(await opened.run(lambda tx: tx.execute(select(participant.c.id)).all())) == 500
    due = await opened.run(lambda tx: tx.execute(select(delivery.c.due_at).distinct()).scalars().all())
    assert len(due) == 500
    assert max(due) < growth.NOW
    await opened.close()


async def test_moving_an_event_plans_everything_for_everybody(database_url: str) -> None:
    seconds = await planning.opened(database_url, our_content(), 20, 1)
    assert {what: len(each) for what, each in seconds.items()} == {planning.PLAN: 1, planning.MOVE: 1}
    opened = await open_database(database_url)
    assert await opened.run(planning.planned) == 20 * 4
    await opened.close()


async def test_a_sender_that_stops_too_early_gives_no_figure(
    monkeypatch: pytest.MonkeyPatch, sink: tuple[Sink, str]
) -> None:
    monkeypatch.setattr(outbox, "over", lambda _: asyncio.sleep(0))
    with pytest.raises(AssertionError, match="were to be sent"):
        await senders.SENDERS["broadcast"](Job(sink[1], FEW))


def _rounds(*speeds: dict[str, float]) -> list[dict[str, Sent]]:
    """Rounds with so many messages a second each; all others make 100."""
    return [{name: Sent(1000, 1000 / one.get(name, 100.0), 1.0, 0.5) for name in NAMES} for one in speeds]


def test_speed_is_judged_within_each_round() -> None:
    # The second round ran on a machine ten times as slow: what counts is the median of the rounds' own ratios.
    fast = {RAW: 4000.0, AIOGRAM: 1500.0, PTB: 1600.0, LOTSE: 2000.0, REMINDERS: 1000.0}
    slow = {name: speed / 10 for name, speed in fast.items()}
    assert speed.ratio(_rounds(fast, slow, slow), LOTSE, RAW) == pytest.approx(0.5)
    judged = found(_rounds(fast, slow, slow))
    assert [one.reached for one in judged] == [True, True, True, None, None]
    behind = {**fast, LOTSE: 1400.0}
    assert [one.reached for one in found(_rounds(behind, behind, fast))][:3] == [False, False, False]


def test_the_table_has_a_line_for_every_sender() -> None:
    shown = speed.table(_rounds({LOTSE: 200.0}, {LOTSE: 300.0}, {LOTSE: 100.0}))
    assert f"| {LOTSE} | 200 | 100 to 300 | 1.00 | 2.00 | 15% |" in shown
    assert all(f"| {name} | " in shown for name in NAMES)


def test_findings_say_what_was_reached() -> None:
    shown = findings([Finding("a", "1", "2", True), Finding("b", "3", "2", False), Finding("c", "3", "-", None)])
    assert shown.splitlines()[3:] == [
        "| a | 1 | 2 | reached |",
        "| b | 3 | 2 | **not reached** |",
        "| c | 3 | - |  |",
    ]


async def test_people_have_a_seat_and_a_chat_of_their_own(database_url: str) -> None:
    opened = await open_database(database_url)
    await opened.run(lambda tx: outbox.people(tx, 3, outbox.MORNING, 2**40))
    found = await opened.run(lambda tx: tx.execute(select(chat.c.id)).scalars().all())
    assert found == [2**40, 2**40 + 1, 2**40 + 2]
    await opened.close()
