"""The database of replicas breaks down in the middle of work; and a lock holds all connections of the pool."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.content.loader import Content
from bot.db import replica
from bot.db.postgres import POOL
from bot.telegram.sender import BATCH
from tests import databases
from tests.cluster.replicas import cluster
from tests.faults.own_postgres import OwnServer, own_server
from tests.faults.people import answering, more_answers
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
DELIVERIES = 1500
BUSY = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'"""


@pytest.fixture
def server() -> Iterator[OwnServer]:
    """One that may be broken down; others are at work on the common one."""
    with own_server() as server:
        yield server


@pytest.mark.row(23)
async def test_the_database_breaks_down_under_load_and_comes_back(
    server: OwnServer, tmp_path: Path, town: Content
) -> None:
    with databases.postgres_with_tables(server.url) as database:
        async with cluster(tmp_path, database, town, DELIVERIES) as cast:
            members = await cast.start_all()
            people = cast.people(10)
            async with answering(people, 2.0):
                await more_answers(cast.crowd)
                await cast.storm.called(BATCH)
                await asyncio.to_thread(server.end)
                await until(lambda: all(one.events("database_away") for one in members), "all to notice")
                await asyncio.to_thread(server.begin)
                await more_answers(cast.crowd, 20)
            await cast.quiet()
            assert not any(one.events("begun_anew") for one in members), "all were there all the time"
            await cast.reckon("the database breaks down under load", people, DELIVERIES, 2 * BATCH)


@asynccontextmanager
async def holding(url: str) -> AsyncIterator[AsyncEngine]:
    """Connections beside those of the replicas, closed whatever happens."""
    engine = create_async_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def test_a_full_pool_takes_nobodys_lease(postgres_url: str, tmp_path: Path, town: Content) -> None:
    async with holding(postgres_url) as holder, cluster(tmp_path, postgres_url, town, DELIVERIES // 3) as cast:
        first, second = await cast.start(), await cast.start()
        people = cast.people(2 * POOL + 10)
        async with answering(people, 2.0):
            await more_answers(cast.crowd)
            async with holder.begin() as lock:
                await lock.execute(text("LOCK TABLE answer IN ACCESS EXCLUSIVE MODE"))

                async def is_full() -> bool:
                    return await cast.read.number(BUSY) >= POOL

                await until(is_full, "a pool that is full")
                await asyncio.sleep(replica.LEASE + 2 * replica.BEAT)
                assert await cast.leads(first)
            await more_answers(cast.crowd, 20)
        await cast.quiet()
        assert not first.events("begun_anew") + second.events("begun_anew")
        await cast.reckon("all connections wait for a lock", people, DELIVERIES // 3, 0)
