"""`lotse reload` and SIGHUP as an operator knows them: a process of its own, asked from outside."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import shutil
import signal
import sys
import termios
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import cli, run_file, settings
from bot.db.engine import DatabaseAway, DatabaseRefused
from bot.settings import SettingsRefused
from bot.telegram.polling import Refused, RefusedForNow
from tests.content.editing import edit
from tests.faults.machine import LEFT_ALONE, LIMIT, ROOT, Machine
from tests.faults.telegram import TOKEN, Telegram
from tests.faults.walking import THIRD
from tests.running import CONTENT
from tests.waiting import until

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """The light Bot API."""
    async with Telegram() as server:
        yield server


@pytest.fixture
def content_dir(tmp_path: Path) -> Path:
    """The real content, to be changed."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
async def machine(telegram: Telegram, tmp_path: Path, content_dir: Path) -> AsyncIterator[Machine]:
    """A bot that runs."""
    made = Machine(telegram, tmp_path)
    polls = telegram.polls
    await made.start(CONTENT_DIR=str(content_dir))
    await made.first_poll(polls)
    yield made
    assert await made.stop() == 0, made.last_words()


async def reload(data: Path) -> tuple[int, str, str]:
    """`lotse reload`: its exit code and what it prints."""
    environment = {name: os.environ[name] for name in LEFT_ALONE if name in os.environ}
    environment |= {"DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "reload"),
        env=environment,
        cwd=data,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(LIMIT):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


def logged(machine: Machine, event: str) -> bool:
    return f'"event": "{event}"' in machine.log.read_text(encoding="utf-8")


async def test_it_says_that_the_bot_has_taken_over(machine: Machine, tmp_path: Path, content_dir: Path) -> None:
    edit(content_dir / "minden" / "questionnaire.yaml", THIRD, "Und wo?")
    code, out, err = await reload(tmp_path)
    assert (code, err) == (0, "")
    assert out.startswith("taken over: revision ")
    revision = out.split()[-1]
    assert f'"revision": "{revision}", "event": "content_taken"' in machine.log.read_text(encoding="utf-8")
    ran = "SELECT revision FROM content_run ORDER BY id DESC LIMIT 1"
    await until(lambda: machine.ask(ran) == [(revision,)], "the row of the new content")


async def test_a_fault_is_printed_and_the_bot_hears_nothing(
    machine: Machine, tmp_path: Path, content_dir: Path
) -> None:
    (content_dir / "minden" / "questionnaire.yaml").write_bytes(b"quark: [\n")
    code, out, err = await reload(tmp_path)
    assert (code, out) == (1, "")
    assert "minden/questionnaire.yaml:" in err
    assert "Nothing was changed" in err
    assert not logged(machine, "content_refused")


async def test_without_a_bot_it_says_so(tmp_path: Path) -> None:
    code, out, err = await reload(tmp_path)
    assert (code, out) == (2, "")
    assert err == f"No Lotse runs on {tmp_path}. If one does elsewhere, set DATA_DIR as it is set there.\n"


async def test_sighup_is_heard_while_telegram_is_still_away(
    telegram: Telegram, tmp_path: Path, content_dir: Path
) -> None:
    machine = Machine(telegram, tmp_path)
    await machine.start(CONTENT_DIR=str(content_dir), TELEGRAM_API_URL=NOWHERE)
    await until((tmp_path / run_file.NAME).exists, "the bot to say that it runs")
    machine._process.send_signal(signal.SIGHUP)
    await until(lambda: logged(machine, "content_taken"), "the content to be read anew")
    assert not logged(machine, "started")
    assert await machine.stop() == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DatabaseAway("Cannot use PostgreSQL."), 3),
        (RefusedForNow("Telegram refuses to start."), 3),
        (DatabaseRefused("The password is wrong."), 2),
        (Refused("Telegram does not know this token."), 2),
    ],
)
def test_the_exit_code_says_whether_another_try_may_help(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: object) -> int:
        raise error

    monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "run": fails})
    assert cli.main(["run"]) == code
    assert capsys.readouterr().err == f"{error}\n"


@pytest.mark.parametrize("command", ["run", "demo"])
def test_from_its_first_line_on_sighup_does_not_end_it(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings are read before anything else; the signal comes while they are."""
    deadly: list[int] = []

    def read() -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        raise SettingsRefused

    monkeypatch.setattr(settings, "read", read)
    before = signal.signal(signal.SIGHUP, lambda number, _: deadly.append(number))
    try:
        assert cli.main([command]) == cli.CANNOT_START
    finally:
        signal.signal(signal.SIGHUP, before)
    assert deadly == []


async def test_a_terminal_that_is_closed_ends_what_was_started_in_it(tmp_path: Path, content_dir: Path) -> None:
    ours, theirs = pty.openpty()
    environment: dict[str, Any] = {name: os.environ[name] for name in LEFT_ALONE if name in os.environ}
    environment |= {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": NOWHERE, "DATA_DIR": str(tmp_path)}
    environment |= {"CONTENT_DIR": str(content_dir), "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env=environment,
        cwd=tmp_path,
        stdin=theirs,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    try:
        await until((tmp_path / run_file.NAME).exists, "the bot to say that it runs")
        os.close(ours)
        async with asyncio.timeout(LIMIT):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
