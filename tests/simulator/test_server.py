"""The server itself: what it keeps, how it starts and stops."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.simulator.intake import LONGEST_POLL
from bot.simulator.server import Simulator
from tests.phones import Phones
from tests.simulator.conftest import TOKEN, Api, called

BUTTONS = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}

SERVE = """
import asyncio, sys
from pathlib import Path
from bot.simulator.server import Simulator
from bot.simulator.intake import LONGEST_POLL

async def main():
    async with Simulator(folder=Path(sys.argv[1]), token=sys.argv[2]) as simulator:
        print(simulator.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "simulator"
    async with Simulator(folder=folder, token=TOKEN) as simulator, Phones(simulator.url) as phones:
        amal = await phones.new("Amal", "ar")
        await amal.start("jobcenter")
        async with aiohttp.ClientSession(simulator.url) as session:
            api = Api(session)
            card = await api.call("sendMessage", chat_id=amal.id, text="Frage", reply_markup=BUTTONS)
            await api.call("setMyCommands", commands=[{"command": "help", "description": "Hilfe"}])
            await api.call("getUpdates", allowed_updates=["message", "callback_query"])
        await amal.tap("Ja", answered=False)
        await amal.look()
        before = amal.state

    async with Simulator(folder=folder, token=TOKEN) as simulator, Phones(simulator.url) as phones:
        after = await phones.ask("GET", f"/api/phones/{amal.id}")
        assert after["version"] > before["version"]
        assert after | {"version": 0} == before | {"version": 0}
        async with aiohttp.ClientSession(simulator.url) as session:
            api = Api(session)
            start, tap = await api.call("getUpdates")
            assert start["message"]["text"] == "/start jobcenter"
            assert await api.call("answerCallbackQuery", callback_query_id=tap["callback_query"]["id"], text="Gut")
            sent = await api.call("sendMessage", chat_id=amal.id, text="Weiter")
            assert sent["message_id"] == card["message_id"] + 1
            await phones.ask("POST", f"/api/phones/{amal.id}/block", blocked=True)
            assert len(await api.call("getUpdates")) == 2
        assert (await phones.new("Olena", "uk")).id == amal.id + 1


@pytest.mark.faults
async def test_nothing_that_was_answered_is_lost_by_kill_9(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVE, str(tmp_path), TOKEN, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        async with Phones(url) as phones, aiohttp.ClientSession(url) as session:
            amal = await phones.new("Amal", "ar")
            await amal.send("noch da?")
            await Api(session).call("sendMessage", chat_id=amal.id, text="ja")
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
        with contextlib.suppress(AttributeError):
            process._transport.close()  # type: ignore[attr-defined]
    async with Simulator(folder=tmp_path, token=TOKEN) as simulator, Phones(simulator.url) as phones:
        state = await phones.ask("GET", f"/api/phones/{amal.id}")
        assert [message["text"] for message in state["messages"]] == ["noch da?", "ja"]


async def test_a_busy_port_is_an_os_error() -> None:
    async with Simulator(token=TOKEN) as simulator:
        port = int(simulator.url.rpartition(":")[2])
        with pytest.raises(OSError, match="Address already in use"):
            async with Simulator(token=TOKEN, port=port):
                raise AssertionError("two servers on one port")


async def test_two_servers_on_one_folder_are_refused(tmp_path: Path) -> None:
    async with Simulator(folder=tmp_path, token=TOKEN):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            Simulator(folder=tmp_path, token=TOKEN)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Simulator(folder=tmp_path / "file" / "folder", token=TOKEN)


async def test_the_page_is_served() -> None:
    async with Simulator(token=TOKEN) as simulator, aiohttp.ClientSession(simulator.url) as session:
        async with session.get("/") as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
        async with session.get("/nothing.js") as answer:
            assert answer.status == 404


def test_a_token_of_the_wrong_shape() -> None:
    with pytest.raises(ValueError, match="a token is"):
        Simulator(token="secret")


async def test_it_stops_at_once_whoever_still_waits() -> None:
    async def opened(session: aiohttp.ClientSession, path: str) -> None:
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(path) as answer:
                await answer.read()

    async with asyncio.timeout(LONGEST_POLL - 5):
        async with Simulator(token=TOKEN) as simulator, Phones(simulator.url) as phones:
            amal = await phones.new("Amal", "ar")
            await phones.fault("hang_before", method="getMe")
            session = aiohttp.ClientSession(simulator.url)
            waits = asyncio.gather(
                opened(session, f"/bot{TOKEN}/getUpdates?timeout=50"),
                opened(session, f"/bot{TOKEN}/getMe"),
                opened(session, "/api/events"),
                opened(session, f"/api/phones/{amal.id}/wait?after=9000000000000&timeout=50"),
            )
            await called(phones)
        await waits
        await session.close()
