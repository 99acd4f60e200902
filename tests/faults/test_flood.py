"""A person who floods is slowed; everybody else is answered at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.simulator.server import Simulator
from bot.telegram import intake
from tests.faults.machine import ask
from tests.faults.walking import at_first_question
from tests.phones import Phones
from tests.running import Lotse, running, settings_for

pytestmark = pytest.mark.faults
MESSAGES = 200


@pytest.fixture
async def strict(
    simulator: Simulator, phones: Phones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Lotse]:
    monkeypatch.setattr(intake, "DRAIN_SECONDS", 0.5)
    settings = settings_for(simulator, tmp_path, flood_limit=5)
    async with running(settings):
        yield Lotse(settings, phones, simulator)


async def test_two_hundred_messages_slow_their_sender_alone(strict: Lotse) -> None:
    flooder = await strict.phones.new("Flut", "de")
    for number in range(MESSAGES):
        await strict.phones.ask("POST", f"/api/phones/{flooder.id}/messages", text=f"noch eine Nachricht {number}")
    await at_first_question(strict.phones)
    waiting = "SELECT chat_id, count(*) FROM inbox WHERE body IS NOT NULL GROUP BY chat_id"
    [(who, left)] = ask(strict.settings.data_dir / "lotse.db", waiting)
    assert who == flooder.id
    assert left > MESSAGES / 2
