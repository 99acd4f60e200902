"""The bot and its operator: a backup each night, a file that is damaged, a disk that is full, a kill in between."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import log
from bot.backup import folder, making, opening, pending
from bot.backup.dump import Wanted
from bot.backup.folder import Last
from bot.backup.making import Order
from bot.backup.nightly import Nightly
from bot.backup.refused import BackupRefused, BackupStopped
from bot.cli import main
from bot.db import sqlite
from bot.db.engine import DatabaseAway, open_database
from bot.db.migrate import revision
from bot.db.schema import HEAD
from bot.settings import Settings, read
from bot.telegram.common import Common
from bot.telegram.wakes import Wakes
from tests import databases
from tests.backup.conftest import MADE_AT, backed_up, fill, stored
from tests.db.test_migrations import at_first, on
from tests.running import CONTENT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SMALL = 10
"""Steps from the first revision to the newest at which a process is killed: more with later revisions."""


def settings_of(folder: Path, **more: Any) -> Settings:
    return read(_env_file=None, data_dir=folder, **more)


class Ear:
    """What the log is told."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def info(self, event: str, **_: object) -> None:
        self.events.append(event)

    error = info


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    made = Ear()
    monkeypatch.setattr(log, "get", lambda: made)
    return made


@pytest.mark.row(27)
async def test_one_backup_a_night_off_the_loop_whatever_the_clock_does(tmp_path: Path, ear: Ear) -> None:
    databases.sqlite_with_tables(tmp_path / "lotse.db")
    now = [datetime(2026, 11, 26, 12, tzinfo=UTC)]
    nightly = Nightly(settings_of(tmp_path), lambda: now[0], lambda at: (at - 3 * HOUR).date())
    made: list[int] = []
    for step, expected in (
        (0 * HOUR, 1),  # none is there: at once
        (HOUR, 1),
        (13 * HOUR, 1),  # two in the morning
        (2 * HOUR, 2),
        (-HOUR, 2),  # an hour back, and ahead again
        (HOUR, 2),
        (DAY, 3),
        (-5 * DAY, 4),  # days back: what is of the future does not count
        (HOUR, 4),
        (400 * DAY, 5),
    ):
        now[0] += step
        await nightly.back_up()
        made.append(len(ear.events))
        assert made[-1] == expected, f"after {step}"
    assert set(ear.events) == {"backup_made"}


async def test_a_backup_is_made_in_a_thread_and_ends_when_the_bot_does(
    tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases.sqlite_with_tables(tmp_path / "lotse.db")
    threads: list[str] = []
    make = Order.make

    def noted(self: Order, stop: Wanted) -> tuple[Path, Last]:
        threads.append(threading.current_thread().name)
        nightly.stop()
        return make(self, stop)

    monkeypatch.setattr(Order, "make", noted)
    nightly = Nightly(settings_of(tmp_path), lambda: MADE_AT, lambda at: at.date())
    await fill(f"sqlite:///{tmp_path / 'lotse.db'}", range(1, 2))
    await nightly.back_up()
    assert threads != []
    assert threads[0] != threading.main_thread().name
    assert ear.events == []
    assert sorted(path.name for path in (tmp_path / "backups").glob("lotse*")) == []


@pytest.mark.parametrize("wanted", [True, False])
async def test_the_clock_wakes_the_backup_where_one_is_wanted(tmp_path: Path, wanted: bool) -> None:
    nightly = Nightly(settings_of(tmp_path), lambda: MADE_AT, lambda at: at.date())
    nothing: Any = None
    wakes = Wakes(
        Common(nothing, nothing, lambda: MADE_AT), nothing, nothing, None, nightly.back_up if wanted else None
    )
    wakes.start()
    woken = [job.func for job in wakes._scheduler.get_jobs()]
    wakes.stop()
    assert (nightly.back_up in woken) == wanted


async def test_a_backup_that_fails_is_said_and_tried_again_in_an_hour(tmp_path: Path, ear: Ear) -> None:
    now = [MADE_AT]
    nightly = Nightly(settings_of(tmp_path), lambda: now[0], lambda at: at.date())
    for step in (0 * HOUR, HOUR / 2, HOUR / 4):
        now[0] += step
        await nightly.back_up()
    assert ear.events == ["backup_failed"], "there is no database"
    databases.sqlite_with_tables(tmp_path / "lotse.db")
    now[0] += HOUR / 4
    await nightly.back_up()
    assert ear.events == ["backup_failed", "backup_made"]


def damage(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    if how == "header":
        content[:100] = b"x" * 100
    elif how == "cut":
        content = content[: len(content) // 2 + 100]
    else:
        content[4096 + 8 : 4096 + 400] = b"\xff" * 392
    path.write_bytes(content)
    if how != "closed":
        path.with_name("lotse.db-wal").write_bytes(b"left by a power cut")


@pytest.mark.row(22)
@pytest.mark.parametrize("how", ["header", "cut", "page", "closed"])
async def test_a_damaged_file_is_said_with_the_newest_good_backup_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    path, place = tmp_path / "lotse.db", tmp_path / "backups"
    url = databases.sqlite_with_tables(path)
    await fill(url)
    before = await stored(url)
    good = await backed_up(url, place)
    (await backed_up(url, place, now=MADE_AT + DAY)).write_bytes(b"lotse backup 1\nbroken")
    damage(path, how)
    broken = path.read_bytes()
    more = {"BOT_TOKEN": "1234567890:" + "x" * 35, "TELEGRAM_API_URL": "http://127.0.0.1:1"}
    process = spawned(["run"], tmp_path, CONTENT_DIR=str(CONTENT), **more)
    _, said = await asyncio.to_thread(process.communicate, None, 60)
    assert process.returncode == 2
    assert "is damaged" in said
    assert f"lotse restore {good}" in said
    assert "Traceback" not in said
    assert path.read_bytes() == broken
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KEY_FILE", str(databases.KEY_FILE))
    assert await asyncio.to_thread(main, ["restore", str(good)]) == 2, "it is still there"
    for one in tmp_path.glob("lotse.db*"):  # noqa: ASYNC240
        one.unlink()
    assert await asyncio.to_thread(main, ["restore", str(good)]) == 0
    after = await stored(url)
    assert after["answer"] == before["answer"]


async def test_a_damaged_page_fails_the_backup_and_leaves_the_older_ones(tmp_path: Path) -> None:
    url, place = databases.sqlite_with_tables(tmp_path / "lotse.db"), tmp_path / "backups"
    await fill(url)
    await backed_up(url, place)
    with closing(sqlite3.connect(tmp_path / "lotse.db")) as connection:
        [page] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'answer'").fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray((tmp_path / "lotse.db").read_bytes())
    content[(page - 1) * size : (page - 1) * size + 50] = b"\xff" * 50
    (tmp_path / "lotse.db").write_bytes(content)
    with pytest.raises(BackupRefused, match="is damaged"):
        await backed_up(url, place, now=MADE_AT + DAY)
    assert len(folder.backups(place)) == 1


@pytest.mark.row(21)
async def test_a_full_disk_in_a_migration_changes_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'lotse.db'}"
    await on(url, at_first)
    with closing(sqlite3.connect(tmp_path / "lotse.db")) as connection:
        [pages] = connection.execute("PRAGMA page_count").fetchone()
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, f"PRAGMA max_page_count={pages + 5}"))
    with pytest.raises(DatabaseAway, match="disk is full"):
        await open_database(url)
    monkeypatch.undo()
    assert await on(url, revision) == "0001"
    assert await on(url, lambda tx: tx.scalar(text("SELECT count(*) FROM answer"))) == 3
    await (await open_database(url)).close()
    assert await on(url, revision) == HEAD


@pytest.mark.row(20)
async def test_a_database_locked_by_another_program_at_the_start_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'lotse.db'}"
    await on(url, at_first)
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "PRAGMA busy_timeout=10"))
    with closing(sqlite3.connect(tmp_path / "lotse.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseAway, match="locked"):
            await open_database(url)
    await (await open_database(url)).close()


def spawned(arguments: list[str], data: Path, kill_at: str = "", **more: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    environment = {**kept, "DATA_DIR": str(data), "LOTSE_KILL_AT": kill_at, **more}
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.row(2, 34)
@pytest.mark.faults
async def test_a_kill_at_a_step_of_a_migration_leaves_the_former_revision_whole(
    new_database_url: str, tmp_path: Path
) -> None:
    await on(new_database_url, at_first)
    for step in (1, 6, SMALL):
        process = spawned(["migrate"], tmp_path, f"migrated:{step}", DATABASE_URL=new_database_url)
        assert await asyncio.to_thread(process.wait, 60) == -signal.SIGKILL
        process.communicate()
        assert await on(new_database_url, revision) == "0001"
        assert await on(new_database_url, lambda tx: tx.scalar(text("SELECT count(*) FROM answer"))) == 3
    await (await open_database(new_database_url)).close()
    assert await on(new_database_url, revision) == HEAD


@pytest.mark.row(2, 35)
@pytest.mark.faults
@pytest.mark.parametrize("point", ["backup_page:1", "backup_page:9", "backup_written", "backup_there"])
async def test_a_kill_at_any_stage_of_a_backup_leaves_whole_ones_only(tmp_path: Path, point: str) -> None:
    url, place = databases.sqlite_with_tables(tmp_path / "lotse.db"), tmp_path / "backups"
    await fill(url)
    await backed_up(url, place)
    process = spawned(["backup"], tmp_path, point)
    assert await asyncio.to_thread(process.wait, 60) == -signal.SIGKILL
    process.communicate()
    newest = folder.backups(place)[-1][1]
    assert making.newest_good(place, None) == newest
    await backed_up(url, place, now=MADE_AT + DAY)
    assert list(place.glob("*.part")) == []


@pytest.mark.row(4, 35)
async def test_sigterm_ends_a_backup_between_two_pages(tmp_path: Path) -> None:
    url, place = databases.sqlite_with_tables(tmp_path / "lotse.db"), tmp_path / "backups"
    await fill(url)
    pages = 30
    for wanted in range(0, pages, 7):
        seen = iter(range(1000))
        order = Order(url, place, None, place, lambda: MADE_AT)
        try:
            await asyncio.to_thread(order.make, lambda: next(seen) >= wanted)  # noqa: B023
        except BackupStopped:
            assert folder.backups(place) == []
        assert list(place.glob("*.part")) == []


def test_the_commands_say_what_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    databases.sqlite_with_tables(tmp_path / "lotse.db")
    asyncio.run(fill(f"sqlite:///{tmp_path / 'lotse.db'}", range(1, 2)))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KEY_FILE", str(databases.KEY_FILE))
    (tmp_path / "key").write_text("k" * 40)
    assert main(["backup"]) == 0
    assert "not sealed" in capsys.readouterr().out
    monkeypatch.setenv("BACKUP_KEY_FILE", str(tmp_path / "key"))
    assert main(["backup", "--out", str(tmp_path / "usb")]) == 0
    assert "s, sealed." in capsys.readouterr().out
    [path] = (tmp_path / "usb").glob("*.backup")
    assert main(["restore", str(path), "--into", f"sqlite:///{tmp_path / 'new.db'}"]) == 0
    assert "the same as in the backup" in capsys.readouterr().out
    assert main(["move-database", "--to", f"sqlite:///{tmp_path / 'moved.db'}"]) == 0
    assert "the same as before" in capsys.readouterr().out
    assert main(["status"]) == 1, "no bot runs"
    assert "last backup: 20" in capsys.readouterr().out
    assert main(["migrate", "--plan"]) == 0
    assert "Nothing: the database is at the newest" in capsys.readouterr().out
    assert main(["move-database", "--to", "mysql://x/y"]) == 2
    assert "sqlite:///" in capsys.readouterr().err


async def test_the_plan_tells_what_is_missing_and_changes_nothing(new_database_url: str) -> None:
    await on(new_database_url, at_first)
    steps = await asyncio.to_thread(opening.read, new_database_url, pending.plan)
    assert [steps[0].revision, steps[-1].revision] == ["0002", HEAD]
    assert all(step.sentence.endswith(".") for step in steps)
    by_number = {step.revision: step for step in steps}
    assert not by_number["0002"].additive, "it rewrites drafts"
    assert by_number["0003"].additive
    assert by_number["0012"].additive
    assert by_number["0002"].rows == {"participant": 2}
    assert "may change what is there" in by_number["0002"].line()
    assert "a moment" in by_number["0002"].line()
    large = replace(by_number["0002"], rows={"participant": 2_000_000})
    assert "about 10 s; touches participant (2,000,000 rows)" in large.line()
    assert await on(new_database_url, revision) == "0001"
