"""The load server brings updates to webhooks as Telegram and a proxy do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from benchmarks.hooks import Hooks
from benchmarks.people import Person
from benchmarks.wire import Connection, Refused, Respond
from tests.waiting import until

SECRET = "a-secret-that-is-long-enough-for-a-webhook"


class Process:
    """What listens at one address, and answers when it is told to."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self.asking: list[Respond] = []

    async def listen(self) -> str:
        """Open a port; the address."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self._call), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/telegram"

    def take(self) -> None:
        """Answer whoever waited longest."""
        self.asking.pop(0)(b"true")

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _call(self, _: bytes, body: bytes, respond: Respond) -> None:
        self.came.append(body)
        self.asking.append(respond)


@pytest.fixture
async def hooks() -> AsyncIterator[Hooks]:
    made = Hooks()
    yield made
    await made.close()


@pytest.fixture
async def processes(hooks: Hooks) -> AsyncIterator[list[Process]]:
    made = [Process(), Process()]
    for one in made:
        hooks.add(await one.listen(), SECRET)
    yield made
    for one in made:
        one.close()


def person(number: int) -> Person:
    return Person(number, "de")


async def test_processes_are_called_in_turn_and_at_the_same_time(hooks: Hooks, processes: list[Process]) -> None:
    for number in range(4):
        hooks.bring(person(number), b"%d" % number)
    await until(lambda: [len(one.came) for one in processes] == [2, 2], "two calls of each")
    assert sorted(processes[0].came + processes[1].came) == [b"0", b"1", b"2", b"3"]
    assert hooks.number == 2


async def test_the_next_update_of_a_chat_comes_when_the_former_one_was_taken(
    hooks: Hooks, processes: list[Process]
) -> None:
    first, second = processes
    for update in (b"a", b"b", b"c"):
        hooks.bring(person(1), update)
    hooks.bring(person(2), b"of another chat")
    await until(lambda: second.came == [b"of another chat"], "the other chat's")
    assert first.came == [b"a"]
    first.take()
    await until(lambda: first.came == [b"a", b"b"], "the next one")
    assert second.came == [b"of another chat"]
    first.take()
    await until(lambda: second.came == [b"of another chat", b"c"], "the last one")


async def test_what_is_not_taken_is_brought_to_the_next(hooks: Hooks, processes: list[Process]) -> None:
    first, second = processes
    hooks.bring(person(1), b"a")
    await until(lambda: len(first.asking) == 1, "a call")
    first.asking.pop()(Refused(b"not now"))
    await until(lambda: second.came == [b"a"], "another call")


async def test_a_process_that_has_ended_is_passed_by(hooks: Hooks, processes: list[Process]) -> None:
    first, second = processes
    first.close()
    hooks.bring(person(1), b"a")
    await until(lambda: second.came == [b"a"], "a call of the other one")
