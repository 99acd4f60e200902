"""Delivery by webhook: the secret, tries again, order, connections at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.simulator.server import Simulator
from bot.simulator.webhook import SECRET_HEADER
from tests.phones import Phone, Phones
from tests.simulator.conftest import Api
from tests.waiting import LIMIT


class Hook:
    """A bot's webhook: takes updates down, answers what it is told to (200 otherwise)."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[Any] = []
        self.secrets: list[str | None] = []
        self.answers: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.inside = self.most = 0
        self._news = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        self.inside += 1
        self.most = max(self.most, self.inside)
        async with self._news:
            self.got.append(await request.json())
            self.secrets.append(request.headers.get(SECRET_HEADER))
            self._news.notify_all()
        await self.gate.wait()
        self.inside -= 1
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(LIMIT), self._news:
            await self._news.wait_for(condition)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got if "message" in update]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def emptied(simulator: Simulator) -> None:
    """Wait until nothing is left to deliver."""
    async with asyncio.timeout(LIMIT):
        while simulator.world.updates.waiting():
            await simulator.world.updates.arrived.wait(None)


async def test_updates_come_with_the_secret(api: Api, hook: Hook, simulator: Simulator, amal: Phone) -> None:
    await api.call("setWebhook", url=hook.url, secret_token="only-you")
    await amal.send("Hallo")
    await emptied(simulator)
    assert hook.texts() == ["/start", "Hallo"]
    assert hook.secrets == ["only-you", "only-you"]
    assert (await api.call("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.usefixtures("amal")
async def test_without_a_secret_there_is_no_header(api: Api, hook: Hook, simulator: Simulator) -> None:
    await api.call("setWebhook", url=hook.url)
    await emptied(simulator)
    assert (hook.texts(), hook.secrets) == (["/start"], [None])


async def test_what_is_not_taken_comes_again_before_what_follows(
    api: Api, hook: Hook, simulator: Simulator, amal: Phone
) -> None:
    hook.answers = [500, 302, 404, 200]
    await amal.send("danach")
    await api.call("setWebhook", url=hook.url)
    await emptied(simulator)
    assert hook.texts() == ["/start"] * 4 + ["danach"]
    info = await api.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"


@pytest.mark.usefixtures("amal")
async def test_a_hook_that_is_not_there_is_told(api: Api, hook: Hook, simulator: Simulator) -> None:
    await api.call("setWebhook", url="http://127.0.0.1:1/hook")
    async with asyncio.timeout(LIMIT):
        while "last_error_message" not in (info := await api.call("getWebhookInfo")):
            continue
    assert info["last_error_message"] == "Webhook connection closed"
    assert info["pending_update_count"] == 1
    await api.call("setWebhook", url=hook.url)
    await emptied(simulator)
    assert hook.texts() == ["/start"]


async def test_chats_and_kinds_do_not_wait_for_each_other(
    api: Api, hook: Hook, simulator: Simulator, phones: Phones, amal: Phone
) -> None:
    hook.gate.clear()
    await api.call("setWebhook", url=hook.url)
    await amal.send("zweite")
    await amal.tap_data("x", answered=False)
    await amal.block()
    other = await phones.new("Olena", "uk")
    await other.send("andere")
    await hook.until(lambda: len(hook.got) == 4)
    assert sorted(hook.texts()) == ["/start", "andere"]
    hook.gate.set()
    await emptied(simulator)
    assert len(hook.got) == 5
    assert hook.most == 4


async def test_no_more_connections_than_allowed(api: Api, hook: Hook, simulator: Simulator, phones: Phones) -> None:
    for name in "abcde":
        await (await phones.new(name, "de")).send(name)
    hook.gate.clear()
    await api.call("setWebhook", url=hook.url, max_connections=2)
    await hook.until(lambda: len(hook.got) == 2)
    hook.gate.set()
    await emptied(simulator)
    assert (len(hook.got), hook.most) == (5, 2)


async def test_every_update_twice(api: Api, hook: Hook, simulator: Simulator, phones: Phones, amal: Phone) -> None:
    await phones.fault("twice")
    await amal.send("a")
    await api.call("setWebhook", url=hook.url)
    await emptied(simulator)
    assert hook.texts() == ["/start", "/start", "a", "a"]


async def test_out_of_order(api: Api, hook: Hook, simulator: Simulator, phones: Phones, amal: Phone) -> None:
    await phones.fault("shuffle")
    await amal.send("a")
    await api.call("setWebhook", url=hook.url)
    await emptied(simulator)
    assert hook.texts() == ["a", "/start"]
