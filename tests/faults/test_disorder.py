"""Updates that come three times, in a mixed order, or under numbers that start again lower."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, so that a failure comes again
from pathlib import Path

import pytest

from bot.content.loader import Content
from tests.amounts import amount
from tests.catalogue import count
from tests.faults import audit
from tests.faults.machine import PARKED, Machine, ask
from tests.faults.people import Crowd, answering, more_answers
from tests.faults.telegram import Telegram
from tests.faults.walking import THIRD, at_second_question
from tests.running import Lotse

pytestmark = pytest.mark.faults


@pytest.mark.row(13, 14)
async def test_whole_batches_that_come_three_times_in_mixed_order_count_once(tmp_path: Path, town: Content) -> None:
    chance, answers = random.Random(14), amount("DISORDER")  # noqa: S311
    async with Telegram(repeats=3, mix=chance.shuffle) as telegram:
        crowd = Crowd(telegram, town, chance)
        people = [crowd.person(number) for number in range(20)]
        machine = Machine(telegram, tmp_path)
        await machine.ready()
        async with answering(people, impatience=0.2):
            await more_answers(crowd, answers)
        await machine.quiet(answers)
        assert machine.ask(PARKED) == [(0,)]
        assert await machine.stop() == 0
        machine.scan()
    assert crowd.faults + audit.differences(audit.stored_in(machine.database, town), people) == []
    assert telegram.delivered >= 3 * telegram.put_in
    count("answers among updates that come three times", answers)


@pytest.mark.row(14)
@pytest.mark.parametrize("number", [5, 400_000_000, 2_000_000_000])
async def test_numbers_may_start_again_anywhere_after_a_quiet_week(lotse: Lotse, number: int) -> None:
    person = await at_second_question(lotse.phones)
    await lotse.phones.ask("POST", "/api/updates", next_id=number)
    await person.tap("A1")
    await person.reads(THIRD)
    await person.tap("Zurück")
    await person.reads("Wie gut ist Ihr Deutsch heute?")
    levels = "SELECT value FROM answer WHERE question_id = 'german_level'"
    assert ask(lotse.settings.data_dir / "lotse.db", levels) == [('"A1"',)]
