"""The demo's clock walks: whatever is due on the way is done at its own time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from bot import clock
from bot.db import deliveries, schema
from bot.db.beside import write
from bot.db.deliveries import Kind, Planned
from bot.simulator.server import Simulator
from bot.travel import FARTHEST, Travel
from tests.conversations.people import asked, content, newcomer, rows
from tests.db.rows import new_meeting
from tests.phones import Phones
from tests.running import TOKEN, Lotse, running, settings_for

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def travel(folder: Path) -> Travel:
    return Travel(folder, f"sqlite:///{folder / 'lotse.db'}", content())


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[tuple[Lotse, Travel]]:
    """The bot and the phones with one clock."""
    time = travel(folder)
    async with (
        Simulator(token=TOKEN, clock=time.now, journey=time) as simulator,
        Phones(simulator.url) as phones,
    ):
        lotse = Lotse(settings_for(simulator, folder), phones, simulator)
        async with running(lotse.settings, now=time, moved=time.moved):
            yield lotse, time


async def test_a_jump_of_a_week_brings_every_message_at_its_own_time(tmp_path: Path) -> None:
    async with demo(tmp_path) as (lotse, time):
        anna = await asked(lotse)
        began = time()
        planned = [
            Planned(
                f"test:{after}", Kind.REMINDER, began + after, "ui.done.title", last_useful_at=began + after + HOUR
            )
            for after in (HOUR, DAY, 3 * DAY)
        ]
        await write(lotse.settings.database_url, lambda tx: deliveries.plan(tx, [(anna.id, one) for one in planned]))
        await time.go((began + 7 * DAY).timestamp())
        sent = rows(lotse.settings, schema.delivery, text_key="ui.done.title")
        assert [one["state"] for one in sent] == ["sent"] * 3
        late = [(one["sent_at"] - one["due_at"]).total_seconds() for one in sent]
        assert all(0 <= one < 60 for one in late), late
        await anna.look()
        dates = [one["date"] for one in anna.state["messages"] if "Vielen Dank" in one.get("text", "")]
        days = [(datetime.fromtimestamp(one, UTC) - began).days for one in dates]
        assert days == [0, 1, 3]
        assert time() - began >= 7 * DAY


async def test_the_page_can_go_ahead_and_is_told_why_not_where_it_cannot(tmp_path: Path) -> None:
    async with demo(tmp_path) as (lotse, time):
        seen = await lotse.phones.ask("GET", "/api/clock")
        assert (seen["zone"], seen["moments"]) == ("Europe/Berlin", [])
        after = await lotse.phones.ask("POST", "/api/clock", to=seen["now"] + 3600)
        assert 3600 <= after["now"] - seen["now"] < 3700
        for to in (seen["now"], seen["now"] + FARTHEST.total_seconds() + 7200, "tomorrow", True, None):
            with pytest.raises(AssertionError, match="400"):
                await lotse.phones.ask("POST", "/api/clock", to=to)
        assert time() - clock.now() < 2 * HOUR


async def test_without_a_journey_there_is_no_clock() -> None:
    async with Simulator(token=TOKEN) as simulator, Phones(simulator.url) as phones:
        assert await phones.ask("GET", "/api/clock") is None
        with pytest.raises(AssertionError, match="400"):
            await phones.ask("POST", "/api/clock", to=2e9)


async def test_how_far_it_is_ahead_outlives_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.travel.PATIENCE", 0.01)  # no bot runs that would do what is due
    first = travel(tmp_path)
    await first.go((first() + 2 * DAY).timestamp())
    second = travel(tmp_path)
    assert abs(second() - first()) < HOUR
    assert second() - clock.now() > DAY


@pytest.mark.parametrize("words", ["", "{", "[]", '{"ahead_seconds": "soon"}', '{"ahead_seconds": 1e400}'])
def test_a_broken_file_means_real_time(tmp_path: Path, words: str) -> None:
    (tmp_path / "clock.json").write_text(words, encoding="utf-8")
    assert travel(tmp_path)() - clock.now() < HOUR


def test_time_never_runs_behind(tmp_path: Path) -> None:
    (tmp_path / "clock.json").write_text(json.dumps({"ahead_seconds": -1e6}), encoding="utf-8")
    assert abs(travel(tmp_path)() - clock.now()) < HOUR


async def test_the_day_before_ones_meeting_is_a_place_to_go(tmp_path: Path) -> None:
    async with demo(tmp_path) as (lotse, time):
        await newcomer(lotse)  # the tables are there now
        starts = (time() + 10 * DAY).replace(microsecond=0)

        def register(tx: Connection) -> None:
            held = new_meeting(tx, "info_degree", original="x", starts_at=starts, ends_at=starts + HOUR)
            row = {"offer_id": "info_degree", "meeting_id": held, "state": "registered", "queued_at": time()}
            tx.execute(insert(schema.registration), row)

        await write(lotse.settings.database_url, register)
        moments = (await lotse.phones.ask("GET", "/api/clock"))["moments"]
        assert [one["at"] for one in moments] == [(starts - DAY).timestamp()]
        assert "Wege ins Studium" in moments[0]["label"]
