"""A rolling update: the program from before the newest migration goes on beside this one, on the new tables."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.content.loader import Content
from bot.db.migrate import MIGRATIONS
from bot.db.schema import HEAD
from bot.telegram.sender import BATCH
from tests.cluster.balancer import SECRET
from tests.cluster.replicas import FIRST, cluster
from tests.databases import KEY_FILE
from tests.faults import books
from tests.faults.machine import LEFT_ALONE, LIMIT, ROOT
from tests.faults.people import answering, more_answers
from tests.faults.telegram import TOKEN
from tests.ports import free_port

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
DELIVERIES = 600
REVISION = "SELECT version_num FROM alembic_version"


class Former:
    """A process of the former program, with what `Member` needs of a bot."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    async def stop(self) -> None:
        """SIGTERM."""
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(LIMIT):
            assert await self._process.wait() == 0

    async def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        await self._process.wait()


def git(*words: str) -> bytes:
    """What git says here."""
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603, S607


def former_program(folder: Path) -> Path:
    """The program as it was before the newest migration came, unpacked; the history has to be there for that."""
    if not (ROOT / ".git").exists():
        pytest.skip("no history: the former program cannot be had")
    (newest,) = MIGRATIONS.glob(f"versions/{HEAD}_*.py")
    came = (
        "log",
        "-m",
        "--first-parent",
        "--diff-filter=A",
        "--format=%H",
        "-1",
        "--",
        str(newest.relative_to(ROOT)),
    )
    commit = git(*came).decode().strip()
    assert commit, "the newest migration is not committed, or the clone is shallow: fetch the whole history"
    archive = folder / "former.tar"
    archive.write_bytes(git("archive", f"{commit}^", "bot", "handlers", "content"))
    place = folder / "former"
    place.mkdir()
    subprocess.run(["tar", "-xf", str(archive), "-C", str(place)], check=True)  # noqa: S603, S607
    assert not list((place / "bot/db/migrations/versions").glob(f"{HEAD}_*.py"))
    return place


async def start_former(place: Path, folder: Path, url: str, telegram: str, port: int) -> Former:
    """Start the former program as an operator does."""
    await asyncio.to_thread(folder.mkdir)
    environment = {name: os.environ[name] for name in LEFT_ALONE if name in os.environ and name != "PYTHONPATH"}
    environment |= {
        "PYTHONPATH": str(place),
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "KEY_FILE": str(KEY_FILE),
        "CONTENT_DIR": str(place / "content"),
        "WEBHOOK_URL": "https://lotse.test",
        "WEBHOOK_SECRET": SECRET,
        "PORT": str(port),
        "BACKUP_DAILY": "0",
        "FLOOD_LIMIT": "0",
    }
    with (folder / "log.txt").open("ab") as log:
        return Former(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=environment, cwd=folder, stdout=log, stderr=log
            )
        )


@pytest.mark.row(34)
async def test_the_former_program_goes_on_beside_this_one_on_the_new_tables(
    new_postgres_url: str, tmp_path: Path, town: Content
) -> None:
    place = await asyncio.to_thread(former_program, tmp_path)
    async with cluster(tmp_path, new_postgres_url, town) as cast:
        port, folder = free_port(), tmp_path / "replica-former"
        bot = await start_former(place, folder, new_postgres_url, cast.telegram.url, port)
        former = await cast.join(bot, folder, port)
        before = await cast.read.ask(REVISION)
        people = cast.people(10)
        # The first program with replicas follows one that knows no turns: words that both see at the same moment may
        # have to be written once more.
        async with answering(people, 3.0, each=1):
            await more_answers(cast.crowd)
            new = await cast.start()
            assert [before, await cast.read.ask(REVISION)] != [[(HEAD,)], [(HEAD,)]]
            await books.fill(new_postgres_url, range(FIRST, FIRST + DELIVERIES))
            taken = dict(cast.telegram.taken)
            await more_answers(cast.crowd, 20)
            both = [cast.telegram.taken[one.address] - taken.get(one.address, 0) for one in (former, new)]
            assert min(both) > 0, "one of them has done nothing"
            await cast.end(former)
            await more_answers(cast.crowd, 10)
        await cast.quiet()
        assert await cast.read.ask(REVISION) == [(HEAD,)]
        await cast.reckon("the former program beside this one", people, DELIVERIES, BATCH)
