"""Many of each trouble on the way to Telegram, and clocks that jump: nothing lost, twice or too early."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random  # noqa: TID251 - seeded, so that a failure comes again
from typing import Any

import pytest
from telegram.error import RetryAfter, TelegramError

from bot.content.loader import Content
from bot.db.outbox.deliveries import Kind
from bot.telegram.transport import READ_SECONDS, OutcomeUnknown, ServerTrouble
from tests.amounts import amount, seed
from tests.catalogue import count
from tests.telegram import post_office
from tests.telegram.fake_time import now
from tests.telegram.post_office import PostOffice, Trouble, play

LONG = 400 * 24 * 3600.0
"""Seconds; they jump."""


async def rest(office: PostOffice) -> list[dict[str, Any]]:
    """The outbox once nothing waits any more."""
    end = now() + LONG
    while any(row["state"] in {"planned", "claimed"} for row in await office.rows()):
        assert now() < end, "something waits for ever"
        await office.pass_time(600)
    return await office.rows()


@pytest.mark.row(6, 7)
@pytest.mark.parametrize("takes", [0.005, READ_SECONDS], ids=["reset", "silence"])
@pytest.mark.parametrize("share", [0.01, 0.1, 1.0])
def test_a_minute_in_which_nobody_knows_what_arrived(content: Content, share: float, takes: float) -> None:
    chance, people = Random(seed(6)), 200  # noqa: S311
    in_doubt = Counter[int]()

    def judge(given: dict[str, Any]) -> Trouble | None:
        if now() > 60 + takes or chance.random() >= share:
            return None
        in_doubt[given["chat_id"]] += 1
        return OutcomeUnknown("reset")

    async def scene(office: PostOffice) -> None:
        office.line.judge, office.line.takes = judge, takes
        await office.people(people)
        await office.plan(range(1, people, 2), kind=Kind.BROADCAST)
        await office.plan(range(2, people + 1, 2))
        rows = await rest(office)
        tries = Counter(chat_id for _, chat_id in office.line.came)
        assert sorted(tries) == list(range(1, people + 1))
        for row in rows:
            doubts = in_doubt[row["chat_id"]]
            most = 0 if row["kind"] == "broadcast" else 1
            assert tries[row["chat_id"]] == 1 + min(doubts, most)
            assert row["state"] == ("sent" if doubts <= most else "unknown")
            assert (row["unknown_at"] is not None) == (doubts > 0)

    play(content, scene)
    assert in_doubt
    count("calls nobody knows of", in_doubt.total())


@pytest.mark.row(8)
def test_in_a_storm_of_429_nothing_is_lost_and_nobody_calls_too_early(content: Content) -> None:
    chance, people = Random(seed(8)), amount("FLOODS")  # noqa: S311
    told: list[tuple[float, float]] = []

    def judge(_: dict[str, Any]) -> Trouble | None:
        early = [at for at, until in told[-3:] if at < now() < until]
        assert not early, "they call although told to wait"
        if chance.random() >= 0.3:
            return None
        told.append((now(), now() + (seconds := chance.randint(1, 344))))
        return RetryAfter(timedelta(seconds=seconds))

    async def scene(office: PostOffice) -> None:
        office.line.judge = judge
        await office.people(people)
        await office.plan(range(1, people + 1))
        rows = await rest(office)
        assert {(row["state"], row["tries"]) for row in rows} == {("sent", 1)}
        assert len(office.line.came) == people + len(told)

    play(content, scene)
    count("messages", people)
    count("429", len(told))


@pytest.mark.row(9)
@pytest.mark.parametrize(
    ("trouble", "doubted"), [(ServerTrouble("HTTP 500"), False), (OutcomeUnknown("page"), True)], ids=["5xx", "page"]
)
def test_many_answers_that_are_none_stop_nobody(content: Content, trouble: TelegramError, doubted: bool) -> None:
    errors = amount("ERRORS")
    first: set[int] = set()

    def judge(given: dict[str, Any]) -> Trouble | None:
        chat_id = given["chat_id"]
        if chat_id > errors or chat_id in first:
            return None
        first.add(chat_id)
        return trouble

    async def scene(office: PostOffice) -> None:
        office.line.judge = judge
        await office.people(2 * errors)
        await office.plan(range(1, 2 * errors + 1))
        rows = await rest(office)
        assert {row["state"] for row in rows} == {"sent"}
        assert {row["chat_id"] for row in rows if row["unknown_at"]} == (first if doubted else set())
        assert len(office.line.came) == 3 * errors

    play(content, scene)
    count("answers that are none", errors)


JUMPS = {
    "an hour ahead": [(600, 3600)],
    "an hour back": [(600, -3600)],
    "a day ahead": [(600, 86400)],
    "a day ahead and back again": [(600, 86400), (1200, -86400)],
    "a little every minute": [(60 * minute, 0.5) for minute in range(1, 100)],
}


@pytest.mark.row(27)
@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)
def test_a_clock_that_jumps_makes_nothing_early_and_nothing_twice(
    content: Content, jumps: list[tuple[float, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, steady = amount("JUMPS"), post_office.clock

    def clock() -> datetime:
        return steady() + timedelta(seconds=sum(by for at, by in jumps if at <= now()))

    monkeypatch.setattr(post_office, "clock", clock)
    said: list[tuple[int, datetime]] = []

    def judge(given: dict[str, Any]) -> Trouble | None:
        said.append((given["chat_id"], clock()))
        return None

    async def scene(office: PostOffice) -> None:
        office.line.judge = judge
        await office.people(number)
        begin = clock()
        due = {one: begin + timedelta(seconds=one * 10_800 / number) for one in range(1, number + 1)}
        for one, at in due.items():
            await office.plan([one], due_at=at)
        while any(state != "sent" for state in await office.states()):
            await office.pass_time(60)
            office.sender.look_after()  # as the clock does each minute
            assert now() < LONG, "something waits for ever"
        assert sorted(chat_id for chat_id, _ in said) == sorted(due)
        assert not [one for one, at in said if at < due[one]], "said too early"
        assert all(row["unknown_at"] is None for row in await office.rows())

    play(content, scene)
    count("reminders among jumps", number)
