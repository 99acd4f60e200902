"""A replica that is frozen, or cut off from the database: the others take over, and it notices when it comes back."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.db import replica
from bot.telegram.sender import BATCH
from tests.amounts import amount
from tests.cluster.replicas import Cluster, Member, cluster
from tests.faults.line import Line
from tests.faults.people import answering, more_answers
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
DELIVERIES = 1500


def test_who_is_gone_is_replaced_within_ten_seconds() -> None:
    slowest = replica.LEASE + 2 * replica.BEAT  # the last renewal, a look just before its end, and the next one
    assert slowest < 10
    assert replica.MARGIN >= replica.BEAT / 2
    assert replica.PATIENCE < replica.LEASE


async def has_begun_anew(cast: Cluster, member: Member) -> None:
    """Wait until a replica has noticed, and is one of them again."""

    async def is_so() -> bool:
        names = [str(name) for _, name in await cast.read.ask("SELECT number, name FROM replica")]
        return bool(member.events("begun_anew")) and any(f"/{member.bot.pid}/" in name for name in names)

    await until(is_so, "it to notice that others took over")


@pytest.mark.row(25)
async def test_one_that_was_frozen_notices_that_others_took_over(
    postgres_url: str, tmp_path: Path, town: Content
) -> None:
    async with cluster(tmp_path, postgres_url, town, DELIVERIES) as cast:
        first, second, *_ = await cast.start_all()
        people = cast.people(10)
        async with answering(people, 1.0):
            await more_answers(cast.crowd)
            await cast.storm.called(BATCH)
            first.signal(signal.SIGSTOP)
            await cast.led_by(second)
            await more_answers(cast.crowd, 20)
            await asyncio.sleep(amount("FROZEN"))
            first.signal(signal.SIGCONT)
            await has_begun_anew(cast, first)
            await more_answers(cast.crowd, 20)
        assert await cast.leads(second)
        await cast.quiet()
        await cast.reckon("one that leads frozen and thawed", people, DELIVERIES, BATCH)


@pytest.mark.row(25)
async def test_one_that_is_cut_off_from_the_database_stands_back(
    postgres_url: str, tmp_path: Path, town: Content
) -> None:
    async with cluster(tmp_path, postgres_url, town, DELIVERIES) as cast, Line(postgres_url) as line:
        first = await cast.start(line.url)
        second, *_ = await cast.start_all()
        people = cast.people(10)
        async with answering(people, 1.0):
            await more_answers(cast.crowd)
            await cast.storm.called(BATCH)
            line.cut()
            await cast.led_by(second)
            await more_answers(cast.crowd, 20)
            line.mend()
            await has_begun_anew(cast, first)
            await more_answers(cast.crowd, 20)
        await cast.quiet()
        await cast.reckon("one that leads cut off from the database", people, DELIVERIES, BATCH)
