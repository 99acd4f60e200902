"""Answers of the Bot API that no program should choke on: it goes on, and only the poison is left behind."""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - seeded
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.content.loader import Content
from tests.databases import sqlite_with_tables
from tests.faults.canary import scan_file
from tests.faults.nest import Nest
from tests.faults.people import Crowd, answering, more_answers
from tests.faults.telegram import Telegram

pytestmark = pytest.mark.faults
PATIENCE = 180.0
"""Seconds all people wait at the very most; whoever is stopped waits for ever."""


def deep(levels: int) -> str:
    return f',"message":{"[" * levels}{"]" * levels}'


POISON = {
    "a deep nest": (deep(100_000), None),
    "a number of five thousand digits": (f',"message":{"9" * 5_000}', None),
    "an update number beyond 64 bits": ("", 1 << 70),
    "a chat number beyond 64 bits": (f',"message":{{"chat":{{"id":{1 << 70},"type":"private"}}}}', None),
}


@pytest.mark.row(15)
@pytest.mark.parametrize("name", POISON)
async def test_a_poisonous_update_stops_nobody(telegram: Telegram, tmp_path: Path, town: Content, name: str) -> None:
    rest, number = POISON[name]
    await survive(telegram, tmp_path, town, lambda: telegram.put_raw(rest, number))


@pytest.mark.row(9)
@pytest.mark.parametrize("answer", ["{}", '{"ok":true}', '{"ok":true,"result":true}', '{"ok":true,"result":null}'])
async def test_an_odd_answer_stops_nobody(telegram: Telegram, tmp_path: Path, town: Content, answer: str) -> None:
    await survive(telegram, tmp_path, town, lambda: telegram.odd_answers.append(answer))


async def survive(
    telegram: Telegram, tmp_path: Path, town: Content, trouble: Callable[[], object], answers: int = 20
) -> None:
    crowd = Crowd(telegram, town, random.Random(1))  # noqa: S311
    crowd_people = [crowd.person(number) for number in range(5)]
    async with Nest() as nest:
        bot = await nest.hatch(tmp_path, telegram.url, sqlite_with_tables(tmp_path / "lotse.db"))
        async with asyncio.timeout(PATIENCE), answering(crowd_people):
            await more_answers(crowd)
            trouble()
            await more_answers(crowd, answers)
        await bot.kill()  # it has not ended by itself
    scan_file(tmp_path / "log.txt")
    assert crowd.faults == []
