"""The bot starts while Telegram answers badly, and leaves nothing open where it must not start."""

from __future__ import annotations

import asyncio
import gc
import warnings
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import app
from bot.simulator.server import Simulator
from bot.telegram import polling
from bot.telegram.polling import Refused, RefusedForNow
from tests.faults.walking import at_first_question
from tests.phones import Phones
from tests.running import running, settings_for
from tests.waiting import LIMIT

pytestmark = pytest.mark.faults


@pytest.mark.row(9)
@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "setMyCommands"])
@pytest.mark.parametrize("kind", ["429", "500", "502_html", "empty", "cut_json", "reset_before", "reset_after"])
async def test_a_start_survives_a_call_that_goes_wrong(
    simulator: Simulator, phones: Phones, tmp_path: Path, kind: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PAUSES", (0.1, 0.2))
    await phones.fault(kind, method=method, times=2)
    async with asyncio.timeout(LIMIT), running(settings_for(simulator, tmp_path)):
        await at_first_question(phones)


@pytest.mark.row(10)
async def test_a_refused_token_leaves_nothing_open(simulator: Simulator, phones: Phones, tmp_path: Path) -> None:
    await phones.fault("401", method="getMe")
    with pytest.raises(Refused, match="Telegram does not know this BOT_TOKEN"):
        await app.run(settings_for(simulator, tmp_path), asyncio.Event())
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        gc.collect()
    assert [str(one.message) for one in complaints] == []


@pytest.mark.row(10)
async def test_an_address_that_telegram_cannot_find_yet_is_refused_for_now(
    simulator: Simulator, phones: Phones, tmp_path: Path
) -> None:
    await phones.fault("400", method="setWebhook")
    hook: dict[str, Any] = {"webhook_url": "https://bot.example", "webhook_secret": SecretStr("s" * 32), "port": 0}
    with pytest.raises(RefusedForNow, match="Check WEBHOOK_URL"):
        await app.run(settings_for(simulator, tmp_path, **hook), asyncio.Event())


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once Telegram was called in vain; after that nothing is tried again in the time of a test."""
    pause, tried = polling.pause_after, asyncio.Event()

    async def pause_after(error: Exception, failures: int) -> None:
        tried.set()
        await pause(error, failures)

    monkeypatch.setattr(polling, "pause_after", pause_after)
    monkeypatch.setattr(polling, "PAUSES", (3600.0,))  # longer than the test: the stop ends it, or nothing does
    return tried


@pytest.mark.row(4, 5)
async def test_a_stop_is_heard_while_telegram_is_still_away(
    simulator: Simulator, tmp_path: Path, tried: asyncio.Event
) -> None:
    settings = settings_for(simulator, tmp_path, telegram_api_url="http://127.0.0.1:1")
    with capture_logs() as logged:
        async with asyncio.timeout(LIMIT), running(settings):
            await tried.wait()
    assert {one["advice"] for one in logged if one["event"] == "telegram_paused"} == {polling.UNREACHABLE}


@pytest.mark.row(9)
@pytest.mark.parametrize("body", [b'{"ok":true,"result":{"id":666,"first_name":"a mock"}}', b"<html>Welcome</html>"])
async def test_what_is_no_bot_api_is_named_as_such(
    simulator: Simulator, tmp_path: Path, tried: asyncio.Event, body: bytes
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with capture_logs() as logged:
        async with server, asyncio.timeout(LIMIT), running(settings_for(simulator, tmp_path, telegram_api_url=url)):
            await tried.wait()
    assert {one["advice"] for one in logged if one["event"] == "telegram_paused"} == {polling.STRANGE}
