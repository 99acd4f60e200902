"""Replicas are killed while people answer and deliveries go out: by turns the one that leads and the last one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.telegram.sender import BATCH
from tests.amounts import amount
from tests.catalogue import count
from tests.cluster.replicas import cluster
from tests.faults.people import answering, more_answers

pytestmark = [pytest.mark.faults, pytest.mark.postgres]


@pytest.mark.row(25)
async def test_replicas_are_killed_and_nothing_is_lost_or_counts_twice(
    postgres_url: str, tmp_path: Path, town: Content
) -> None:
    number = amount("REPLICA_DELIVERIES")
    async with cluster(tmp_path, postgres_url, town, number) as cast:
        first, *others = await cast.start_all()
        assert await cast.leads(first)
        people = cast.people(12)
        async with answering(people, 1.0):
            await more_answers(cast.crowd)
            for turn in range(len(others)):
                await cast.kill(cast.members[-1 if turn % 2 else 0])
                if turn % 2:
                    await cast.start()
                else:
                    await cast.led_by(cast.members[0])
                await more_answers(cast.crowd, 20)
        await cast.quiet()
        led = (len(others) + 1) // 2
        await cast.reckon("the one that leads and others killed", people, number, led * BATCH)
    assert min(cast.telegram.taken.values()) > 0
    count("replicas at once", 1 + len(others), 25)
    count("kills of replicas", len(others), 25)
