"""`run.json`: a process is found by it, never a stranger with its number."""

from __future__ import annotations

import fcntl
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import run_file
from bot.run_file import ReloadRefused, RunFile, found

Signals = list[tuple[int, int]]


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Signals:
    """Whom we signalled; nobody is really."""
    sent: Signals = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    return sent


@pytest.fixture
async def held(tmp_path: Path) -> RunFile:
    """A process that runs on the folder."""
    return await RunFile.hold(tmp_path, tmp_path / "content", "minden", "one")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_file, "PAUSE", 0)


def written(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / run_file.NAME).read_text(encoding="utf-8"))
    return told


async def test_who_runs_is_found_with_its_content(tmp_path: Path, held: RunFile) -> None:
    with found(tmp_path) as other:
        running = other.read()
    assert (running.pid, running.revision) == (os.getpid(), "one")
    assert (Path(running.folder), running.town) == (tmp_path / "content", "minden")
    held.close()


async def test_the_demo_is_found_where_nobody_else_runs(tmp_path: Path) -> None:
    demo = await RunFile.hold(tmp_path / "demo", tmp_path, "minden", "demo")
    with found(tmp_path) as other:
        assert other.read().revision == "demo"
    main = await RunFile.hold(tmp_path, tmp_path, "minden", "main")
    with found(tmp_path) as other:
        assert other.read().revision == "main"
    demo.close()
    main.close()


async def test_nobody_is_signalled_by_what_an_earlier_run_left(
    tmp_path: Path, held: RunFile, signals: Signals
) -> None:
    left = written(tmp_path)
    held.close()
    (tmp_path / run_file.NAME).write_text(json.dumps(left), encoding="utf-8")
    with pytest.raises(ReloadRefused, match="No Lotse runs on"), found(tmp_path) as other:
        other.reload()
    assert signals == []


def test_without_a_file_nobody_runs(tmp_path: Path) -> None:
    with pytest.raises(ReloadRefused, match="No Lotse runs on"), found(tmp_path):
        pass


async def test_the_number_of_another_machine_is_not_used(tmp_path: Path, held: RunFile, signals: Signals) -> None:
    told = written(tmp_path)
    (tmp_path / run_file.NAME).write_text(json.dumps({**told, "machine": "another"}), encoding="utf-8")
    with found(tmp_path) as other, pytest.raises(ReloadRefused, match="in a container"):
        other.reload()
    assert signals == []
    held.close()


async def test_a_process_of_another_account_is_named(
    tmp_path: Path, held: RunFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_ours(_pid: int, _number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", not_ours)
    with found(tmp_path) as other, pytest.raises(ReloadRefused, match="belongs to another account"):
        other.reload()
    held.close()


async def test_a_file_of_another_account_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_ours(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", not_ours)
    with pytest.raises(ReloadRefused, match="belongs to another account"), found(tmp_path):
        pass


async def test_the_answer_is_the_one_to_our_question(
    tmp_path: Path, held: RunFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier reload said, and one that began before we asked, is no answer to us."""
    held.say("before", 1, ("an old fault",))
    answers = iter([("still the one before", 2), ("ours", 2**62)])
    monkeypatch.setattr(os, "kill", lambda _pid, _number: None)
    monkeypatch.setattr("bot.run_file.time.sleep", lambda _: held.say(*next(answers), ()))
    with found(tmp_path) as other:
        running = other.reload()
    assert (running.revision, running.refused) == ("ours", ())
    held.close()


async def test_on_a_busy_machine_an_answer_may_take_most_of_a_minute(
    tmp_path: Path, held: RunFile, signals: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1

    def sleep(_: float) -> None:
        nonlocal now
        now += 5 * 10**9
        if now > 50 * 10**9:
            held.say("ours", now, ())

    monkeypatch.setattr("bot.run_file.time.monotonic_ns", lambda: now)
    monkeypatch.setattr("bot.run_file.time.sleep", sleep)
    with found(tmp_path) as other:
        assert other.reload().revision == "ours"
    assert signals == [(os.getpid(), signal.SIGHUP)]
    held.close()


async def test_who_does_not_answer_is_not_waited_for_for_ever(
    tmp_path: Path, held: RunFile, signals: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_file, "LIMIT", 0.0)
    with found(tmp_path) as other, pytest.raises(ReloadRefused, match="No answer within 0 seconds"):
        other.reload()
    assert signals == [(os.getpid(), signal.SIGHUP)]
    held.close()


async def test_who_ends_while_asked_is_not_waited_for(
    tmp_path: Path, held: RunFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "kill", lambda _pid, _number: held.close())
    with found(tmp_path) as other, pytest.raises(ReloadRefused, match="has ended in the meantime"):
        other.reload()


async def test_a_second_process_on_the_folder_runs_without_the_file(tmp_path: Path, held: RunFile) -> None:
    with capture_logs() as logged:
        second = await RunFile.hold(tmp_path, tmp_path, "minden", "two")
    assert [one["event"] for one in logged] == ["run_file_not_written"]
    second.say("two", 5, ())
    assert written(tmp_path)["revision"] == "one"
    second.close()
    assert written(tmp_path)["revision"] == "one"
    held.close()


async def test_a_folder_that_cannot_be_written_is_no_reason_not_to_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with capture_logs() as logged:
        without = await RunFile.hold(tmp_path / "file", tmp_path, "minden", "one")
    assert [one["event"] for one in logged] == ["run_file_not_written"]
    without.say("two", 5, ())
    without.close()


async def test_who_only_looks_does_not_keep_a_process_from_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = (tmp_path / run_file.NAME).open("a+b")
    fcntl.flock(looking, fcntl.LOCK_SH)

    async def later(_: float) -> None:
        looking.close()

    monkeypatch.setattr("bot.run_file.asyncio.sleep", later)
    held = await RunFile.hold(tmp_path, tmp_path, "minden", "one")
    assert written(tmp_path)["revision"] == "one"
    held.close()
