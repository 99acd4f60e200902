"""People go on talking to a bot whose database came back from a backup."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot import clock
from bot.backup import nightly, restoring
from bot.simulator.server import Simulator
from tests.backup.conftest import written
from tests.db.rows import answers_of, participant_of
from tests.faults.machine import OWED, ask
from tests.faults.walking import SECOND, THIRD, at_second_question
from tests.phones import Phones
from tests.running import running, settings_for
from tests.waiting import until


async def test_a_card_of_the_lost_time_is_old_and_the_person_goes_on_from_where_the_backup_was(
    simulator: Simulator, phones: Phones, tmp_path: Path
) -> None:
    settings = settings_for(simulator, tmp_path)
    async with running(settings):
        person = await at_second_question(phones)
        # Else the backup has a card that is owed, and it is shown once more.
        await until(lambda: ask(tmp_path / "lotse.db", OWED) == [(0,)], "a card that is noted as shown")
        path, _ = await asyncio.to_thread(nightly.order(settings, clock.now).make)
        await person.tap("A1")
        await person.reads(THIRD)
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"lotse.db{end}").unlink(missing_ok=True)
    found = await asyncio.to_thread(
        restoring.restore, path, None, settings.database_url, [settings.backups], clock.now
    )
    assert found.sums["chat"].rows == 1
    async with running(settings):
        await person.tap(person.buttons[0])  # of the third question, which the database never saw
        await person.reads(SECOND)
        await person.tap("A2")
        await person.reads(THIRD)
    answers, _ = await written(settings.database_url, lambda tx: answers_of(tx, participant_of(tx, person.id).id))
    assert answers["german_level"].value == "A2"
