"""The demo's clock walks: whatever is due on the way is done at its own time."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from datetime import time as hour_of_day
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert

from bot import clock
from bot.core.timing import local_time
from bot.db import beside, schema
from bot.db.beside import write
from bot.db.engine import DatabaseRefused, UseCase
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.simulator.server import Simulator
from bot.travel import FARTHEST
from tests.conversations.people import asked, newcomer, rows
from tests.db.rows import new_meeting
from tests.demo.travelling import Since, demo, travel
from tests.phones import Phones
from tests.running import TOKEN, Lotse

T = TypeVar("T")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINDEN, EVENING = ZoneInfo("Europe/Berlin"), hour_of_day(18)
"""Where the town is, and when it reminds people of the next day."""


async def test_a_jump_of_a_week_brings_every_message_at_its_own_time(tmp_path: Path) -> None:
    async with demo(tmp_path) as (lotse, time):
        anna = await asked(lotse)
        began = time().replace(microsecond=0)  # messages are dated by whole seconds
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
    async with Simulator(token=TOKEN) as simulator, Phones(simulator.url, simulator.app) as phones:
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
        await register(lotse, starts)
        moments = (await lotse.phones.ask("GET", "/api/clock"))["moments"]
        evening = datetime.combine(local_time(starts, MINDEN).date() - DAY, EVENING, MINDEN)
        assert [one["at"] for one in moments] == [evening.timestamp()]
        assert "Wege ins Studium" in moments[0]["label"]


@pytest.mark.parametrize("night", [(2027, 3, 28), (2027, 10, 31)])
async def test_the_day_before_is_one_of_the_calendar_on_the_nights_when_the_clock_changes(
    tmp_path: Path, night: tuple[int, int, int]
) -> None:
    async with demo(tmp_path) as (lotse, _):
        await newcomer(lotse)
        await register(lotse, datetime(*night, 18, tzinfo=MINDEN))
    evening = datetime(*night, 18, tzinfo=MINDEN) - DAY  # as wall clocks count
    long_before = Since(datetime(2027, 3, 1, tzinfo=UTC), tmp_path)
    assert [one.at for one in await long_before.moments()] == [evening.timestamp()]


async def register(lotse: Lotse, starts: datetime) -> None:
    """Somebody comes to an evening that starts then."""

    def transaction(tx: Connection) -> None:
        held = new_meeting(tx, "info_degree", original="x", starts_at=starts, ends_at=starts + HOUR)
        row = {"offer_id": "info_degree", "meeting_id": held, "state": "registered", "queued_at": starts - 20 * DAY}
        tx.execute(insert(schema.registration), row)

    await write(lotse.settings.database_url, transaction)


async def test_while_the_bot_has_its_database_for_itself_nothing_that_is_due_is_passed_by(tmp_path: Path) -> None:
    async with demo(tmp_path) as (lotse, time):
        anna = await asked(lotse)
        began = time()
        due = began + 3 * HOUR
        one = Planned("test", Kind.REMINDER, due, "ui.done.title", last_useful_at=due + HOUR)
        await write(lotse.settings.database_url, lambda tx: deliveries.plan(tx, [(anna.id, one)]))
        refusing = itertools.count()

        def read(url: str, question: UseCase[T]) -> T:
            if next(refusing) % 2 == 0:
                raise DatabaseRefused
            return beside.read(url, question)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.travel.beside", SimpleNamespace(read=read))
            await time.go((began + DAY).timestamp())
        assert [row["state"] for row in rows(lotse.settings, schema.delivery, text_key="ui.done.title")] == ["sent"]
