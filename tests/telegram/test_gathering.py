"""Things that are written together: each is written once, and nobody waits for those that come later."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.telegram.gathering import Gathering


class Book:
    """What is written when it is let."""

    def __init__(self) -> None:
        self.pages: list[list[int]] = []
        self.wrong: Exception | None = None
        self.let = asyncio.Semaphore(0)

    async def write(self, numbers: Sequence[int]) -> None:
        """One page."""
        self.pages.append(list(numbers))
        await self.let.acquire()
        if self.wrong is not None:
            raise self.wrong


@pytest.fixture
def book() -> Book:
    return Book()


async def _until_waiting() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_comes_meanwhile_is_written_together(book: Book) -> None:
    gathering = Gathering(book.write)
    async with asyncio.TaskGroup() as nursery:
        for number in range(4):
            nursery.create_task(gathering.add(number))
            await _until_waiting()
        book.let.release()
        book.let.release()
    assert book.pages == [[0], [1, 2, 3]]


async def test_nobody_waits_for_those_who_come_later(book: Book) -> None:
    gathering = Gathering(book.write)
    async with asyncio.TaskGroup() as nursery:
        first = nursery.create_task(gathering.add(1))
        await _until_waiting()
        second = nursery.create_task(gathering.add(2))
        book.let.release()
        await first
        await _until_waiting()
        assert not second.done()
        book.let.release()
    assert book.pages == [[1], [2]]


async def test_an_error_comes_to_those_it_is_about(book: Book) -> None:
    gathering = Gathering(book.write)
    async with asyncio.TaskGroup() as nursery:
        failing = [nursery.create_task(_caught(gathering, number)) for number in (1, 2)]
        await _until_waiting()
        book.wrong = ValueError("full")
        book.let.release()
        await asyncio.gather(*failing)
        book.wrong = None
        good = nursery.create_task(_caught(gathering, 3))
        book.let.release()
    assert [one.result() for one in (*failing, good)] == ["full", "full", ""]
    assert book.pages == [[1, 2], [3]]


async def test_who_no_longer_waits_disturbs_nobody(book: Book) -> None:
    gathering = Gathering(book.write)
    async with asyncio.TaskGroup() as nursery:
        gone, stays = (nursery.create_task(gathering.add(number)) for number in (1, 2))
        await _until_waiting()
        gone.cancel()
        book.let.release()
        await stays
    assert book.pages == [[1, 2]]


async def _caught(gathering: Gathering[int], number: int) -> str:
    try:
        await gathering.add(number)
    except ValueError as error:
        return str(error)
    return ""
