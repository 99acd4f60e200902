"""kill -9 at random moments and at every named point, while forty people answer and every batch comes twice."""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - seeded, so that a failure comes again
import re
from pathlib import Path

import pytest

from bot.content.loader import Content
from tests.amounts import amount
from tests.catalogue import count
from tests.faults import audit
from tests.faults.machine import OWED, PARKED, WAITING, Machine, end_all
from tests.faults.nest import Bot, Nest
from tests.faults.people import Crowd, answering
from tests.faults.sums import note
from tests.faults.telegram import Telegram

pytestmark = pytest.mark.faults
ROOT = Path(__file__).parents[2]
PEOPLE = 40
IMPATIENT = 0.4
"""Every fourth person repeats what the bot leaves unanswered for so many seconds; the others wait."""
BATCHES = {"after_store": 20, "before_confirm": 20}
"""Points that are reached once a batch are counted up to this; the others, once an update, up to ONCE_AN_UPDATE."""
ONCE_AN_UPDATE = 120


ELSEWHERE = ("delivery_", "backup_", "restore_", "migrated")
"""How the points of deliveries, backups and migrations begin."""


def points() -> list[str]:
    """The named points that answers come by, as the code has them; the others have tests of their own."""
    found: set[str] = set()
    for file in (ROOT / "bot").rglob("*.py"):
        found |= set(re.findall(r'failpoints\.reached\("(\w+)"\)', file.read_text(encoding="utf-8")))
    return sorted(one for one in found if not one.startswith(ELSEWHERE))


class Killing:
    """A machine that is killed again and again, and what was found in it each time."""

    def __init__(self, telegram: Telegram, machine: Machine, nest: Nest, chance: random.Random) -> None:
        self.kills = self.owed = self.waiting = 0
        self._nest = nest
        self._telegram = telegram
        self._machine = machine
        self._chance = chance

    async def at_random(self) -> None:
        """Run, and kill: mostly up to 0.8 s after it began to fetch, sometimes while it still starts."""
        polls = self._telegram.polls
        bot = await self._hatch()
        if self._chance.random() < 0.8:
            await self._telegram.polled(polls)
        await asyncio.sleep(self._chance.uniform(0.05, 0.8))
        await bot.kill()
        self._count()

    async def at(self, point: str) -> None:
        """Run until the point was reached some number of times; there it kills itself."""
        kill_at = f"{point}:{self._chance.randint(1, BATCHES.get(point, ONCE_AN_UPDATE))}"
        bot = await self._hatch(kill_at)
        await bot.died()
        self._count()

    async def _hatch(self, kill_at: str = "") -> Bot:
        url = f"sqlite:///{self._machine.database}"
        return await self._nest.hatch(self._machine.folder, self._telegram.url, url, kill_at)

    def _count(self) -> None:
        self.kills += 1
        if self._machine.ask("SELECT count(*) FROM sqlite_master WHERE name = 'inbox'") == [(1,)]:
            self.owed += self._machine.ask(OWED)[0][0]
            self.waiting += self._machine.ask(WAITING)[0][0]


@pytest.mark.row(2)
def test_the_named_points_are_known() -> None:
    expected = {"after_store", "before_confirm", "in_transaction", "after_commit", "before_card", "after_card"}
    assert expected <= set(points())


@pytest.mark.row(1, 2)
async def test_no_confirmed_answer_is_lost_and_none_counts_twice(
    telegram: Telegram, tmp_path: Path, town: Content
) -> None:
    chance = random.Random(20261125)  # noqa: S311
    crowd = Crowd(telegram, town, chance)
    people = [crowd.person(number) for number in range(PEOPLE)]
    machine = Machine(telegram, tmp_path)
    random_kills, point_kills = amount("KILLS"), amount("POINT_KILLS")
    kills = [""] * random_kills + [point for point in points() for _ in range(point_kills)]
    chance.shuffle(kills)
    async with Nest() as nest, answering(people, IMPATIENT):
        killing = Killing(telegram, machine, nest, chance)
        for point in kills:
            await (killing.at(point) if point else killing.at_random())
        await machine.ready()
    await machine.quiet()
    parked = machine.ask(PARKED)[0][0]
    assert await machine.stop() == 0
    stored = audit.stored_in(machine.database, town)
    wrong = crowd.faults + audit.differences(stored, people)
    for what, number in {
        f"kills: at random moments ({random_kills}) and at {len(points())} points": killing.kills,
        "kills: updates of people": telegram.put_in,
        "kills: updates delivered to the bot, repetitions included": telegram.delivered,
        "kills: answers confirmed to people": crowd.confirmed,
        "kills: confirmed answers lost, counted twice or changed": len(wrong),
        "kills: updates found half-way in the inbox and finished later": killing.waiting,
        "kills: cards owed at the moment of a kill, shown after it": killing.owed,
        "kills: cards people saw again": crowd.reshown,
        "kills: outdated cards below newer ones": crowd.outdated,
        "kills: updates parked": parked,
    }.items():
        note(what, number)
    count("kills at random moments", random_kills, 1)
    count("updates", telegram.put_in, 1)
    count(f"kills at {len(points())} points", killing.kills - random_kills, 2)
    machine.scan()
    assert not wrong
    assert parked == 0
    assert killing.kills == len(kills)


async def test_what_a_test_leaves_running_is_ended_behind_it(telegram: Telegram, tmp_path: Path) -> None:
    left = Machine(telegram, tmp_path)
    await left.start()
    end_all()
    await left.died()
