"""Three replicas, of which two are killed while people answer and a broadcast goes out."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.telegram.sender import BATCH
from tests.cluster.replicas import cluster
from tests.faults.people import answering, more_answers

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
DELIVERIES = 1000


@pytest.mark.row(25)
async def test_replicas_are_killed_and_nothing_is_lost_or_counts_twice(
    postgres_url: str, tmp_path: Path, town: Content
) -> None:
    async with cluster(tmp_path, postgres_url, town, DELIVERIES) as cast:
        first, second, third = [await cast.start() for _ in range(3)]
        assert await cast.leads(first)
        people = cast.people(12)
        async with answering(people, 1.0):
            await more_answers(cast.crowd)
            await cast.kill(first)
            await cast.led_by(second)
            await more_answers(cast.crowd, 20)
            await cast.kill(third)
            await cast.start()
            await more_answers(cast.crowd, 20)
            await asyncio.sleep(0)
        await cast.quiet()
        await cast.reckon("one that leads and one other killed", people, DELIVERIES, BATCH)
    assert min(cast.telegram.taken.values()) > 0
