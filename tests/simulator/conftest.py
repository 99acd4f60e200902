from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import telegram

from bot.simulator.server import Simulator
from tests.phones import Phone, Phones

TOKEN = "7000000001:" + "A" * 35


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Api:
    """The Bot API as it is over HTTP."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def answer(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The whole answer to a call by JSON."""
        async with self.session.post(f"/bot{TOKEN}/{method}", json=parameters) as response:
            answer: dict[str, Any] = await response.json()
            assert answer["ok"] == response.ok
            return answer

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of a call that succeeds."""
        answer = await self.answer(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **parameters: Any) -> tuple[int, str]:
        """Code and text of a call that is refused."""
        answer = await self.answer(method, **parameters)
        assert not answer["ok"], answer
        return answer["error_code"], answer["description"]


async def called(phones: Phones) -> list[dict[str, Any]]:
    """The calls of the bot, once there is one."""
    while not (calls := await phones.calls()):
        continue
    return calls


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def simulator(clock: Clock) -> AsyncIterator[Simulator]:
    async with Simulator(token=TOKEN, clock=clock, second=0.001) as running:
        yield running


@pytest.fixture
async def phones(simulator: Simulator) -> AsyncIterator[Phones]:
    async with Phones(simulator.url) as desk:
        yield desk


@pytest.fixture
async def amal(phones: Phones) -> Phone:
    """A person who has started the bot. The update about it is already taken."""
    phone = await phones.new("Amal", "ar")
    await phone.start()
    return phone


@pytest.fixture
async def api(simulator: Simulator) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession(simulator.url) as session:
        yield Api(session)


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(TOKEN, base_url=f"{simulator.url}/bot") as running:
        yield running
