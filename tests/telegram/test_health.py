"""Alive, ready, and in numbers: what monitoring is told, and what it is never told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, cast

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, text
from telegram.error import TimedOut

from bot import metrics
from bot.db import inbox
from bot.db.engine import Database, DatabaseAway, open_database
from bot.db.inbox import Arrived
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.schema import HEAD
from bot.services.health.seen import Seen
from bot.telegram import health, web
from bot.telegram.flood import Flood
from bot.telegram.health import AGAIN, LATELY, Health
from bot.telegram.intake import Intake
from bot.telegram.transport import Transport
from tests import databases
from tests.db.rows import new_chat
from tests.telegram.test_web import settings_with
from tests.waiting import until

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SEEN = Seen("1.2", NOW, disk_free=1_000_000, last_backup=NOW - timedelta(hours=2))


@dataclass
class Watched:
    """The web application over a database, with a line to Telegram and a sender of which a test says how they are."""

    client: httpx.AsyncClient
    database: Database
    line: Transport
    health: Health
    sends: bool = True
    asked: int = 0
    there: bool = True
    """Whether Telegram answers when it is asked."""
    trouble: Exception = field(default_factory=TimedOut)
    """What comes of that where it does not."""

    async def ask(self) -> None:
        """What the bot asks to hear whether Telegram is there."""
        self.asked += 1
        if not self.there:
            self.line.failed_at = monotonic()
            raise self.trouble
        self.line.answered_at = monotonic()

    async def missing(self) -> list[str]:
        """What keeps it from being ready; the status must fit."""
        answer = await self.client.get("/readyz")
        found: list[str] = answer.json()["missing"]
        assert answer.status_code == (503 if found else 200)
        assert answer.json()["ready"] is not bool(found)
        return found

    async def numbers(self) -> dict[str, float]:
        """Every sample by its name and labels, as Prometheus writes them."""
        answer = await self.client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        return {
            "|".join([one.name, *(f"{name}={value}" for name, value in sorted(one.labels.items()))]): one.value
            for family in text_string_to_metric_families(answer.text)
            for one in family.samples
        }


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    database = await open_database(databases.sqlite_with_tables(tmp_path / "lotse.db"))
    line = Transport()
    async with asyncio.TaskGroup() as nursery:
        intake = Intake(database, cast("Any", None), nursery, clock=lambda: NOW, flood=Flood(0))
        await intake.recover()
        holder: list[Watched] = []

        async def ask() -> None:
            await holder[0].ask()

        watch = Health(database, intake, lambda: NOW, lambda: SEEN, [line], lambda: holder[0].sends, ask)
        transport = httpx.ASGITransport(web.build(settings_with(webhook_url=""), intake, database, watch))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as client:
            holder.append(Watched(client, database, line, watch))
            line.answered_at = monotonic()
            yield holder[0]
    await database.close()


async def test_who_lives_says_so_without_looking_at_anything(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched.database, "run", None)
    answer = await watched.client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_ready_is_who_lacks_nothing(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await watched.missing() == []
    watched.sends = False
    assert await watched.missing() == ["sender"]
    watched.sends = True

    async def away(_: object) -> None:
        raise DatabaseAway

    with monkeypatch.context() as patch:
        patch.setattr(watched.database, "run", away)
        assert await watched.missing() == ["database"]
        patch.setattr(Intake, "full", True)
        assert await watched.missing() == ["database", "intake"]
    await watched.database.run(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '0001'")))
    assert await watched.missing() == ["schema"]
    await watched.database.run(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    assert await watched.missing() == [], "a newer Lotse starts beside this one"


async def test_a_database_that_does_not_answer_is_not_waited_for(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(watched.database, "run", hangs)
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    assert await watched.missing() == ["database"]


@pytest.mark.parametrize(
    ("answered", "failed", "reachable"),
    [(None, None, False), (0, None, True), (10_000, None, True), (LATELY / 2, 0, True), (2 * LATELY, 0, False)],
    ids=["never", "now", "nothing to say", "lately", "long ago"],
)
async def test_telegram_is_reachable_while_it_answers(
    watched: Watched, answered: float | None, failed: float | None, *, reachable: bool
) -> None:
    now = monotonic()
    watched.line.answered_at = None if answered is None else now - answered
    watched.line.failed_at = None if failed is None else now - failed
    assert await watched.missing() == ([] if reachable else ["telegram"])


@pytest.mark.parametrize("trouble", [TimedOut(), KeyError("id")], ids=["silence", "an answer of another shape"])
async def test_who_is_not_ready_because_of_one_call_that_failed_asks_telegram_and_is_ready(
    watched: Watched, trouble: Exception
) -> None:
    def long_ago() -> None:
        watched.line.answered_at, watched.line.failed_at = monotonic() - LATELY - AGAIN - 1, monotonic() - AGAIN - 1

    long_ago()
    watched.there, watched.trouble = False, trouble
    assert await watched.missing() == ["telegram"]
    assert await watched.missing() == ["telegram"], "not asked again at once"
    assert watched.asked == 1
    long_ago()
    watched.there = True
    assert await watched.missing() == []
    assert await watched.missing() == []
    assert watched.asked == 2


async def test_before_it_has_met_the_database_it_is_not_ready() -> None:
    transport = httpx.ASGITransport(web.build(settings_with(), cast("Any", None), cast("Any", None)))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as client:
        assert (await client.get("/readyz")).json() == {"ready": False, "missing": ["starting"]}


def fill(connection: Connection) -> None:
    """A reminder that is an hour late, a broadcast that is due, one for later, and a parked update."""
    for number, (kind, hours) in enumerate([(Kind.REMINDER, -1), (Kind.BROADCAST, -2), (Kind.NOTICE, 1)], start=1):
        new_chat(connection, number)
        due = Planned("x", kind, NOW + timedelta(hours=hours), "ui.language.ask")
        deliveries.plan(connection, [(number, due)])
    inbox.store(connection, [Arrived(7, 1, "{}"), Arrived(8, 1, "{}")], NOW)
    inbox.park(connection, 7, "KeyError")


async def test_the_tables_are_looked_at_when_asked_and_not_more_often(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watched.database.run(fill)
    seen = await watched.numbers()
    shown = {state: seen[f"lotse_outbox_deliveries|state={state}"] for state in ("planned", "due", "claimed")}
    assert shown == {"planned": 3, "due": 2, "claimed": 0}
    assert seen["lotse_outbox_oldest_due_seconds"] == 3600
    assert seen["lotse_inbox_parked"] == 1
    assert seen["lotse_backup_age_seconds"] == 7200
    assert seen["lotse_disk_free_bytes"] == 1_000_000
    assert seen["lotse_database_bytes"] > 1000
    assert seen[f"lotse_build_info|mode=polling|schema={HEAD}|version=1.2"] == 1
    assert seen["process_resident_memory_bytes"] > 0
    monkeypatch.setattr(watched.database, "run", None)  # a second look would fail
    assert (await watched.numbers())["lotse_inbox_parked"] == 1


async def test_numbers_are_told_while_the_database_is_away(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr(watched.database, "run", away)
    assert "lotse_inbox_waiting" in await watched.numbers()


async def test_the_loop_feels_its_own_lag() -> None:
    def felt() -> int:
        return sum(metrics.LAG.values[()].counts) if () in metrics.LAG.values else 0

    before = felt()
    task = asyncio.ensure_future(health.feel())  # noqa: TID251 - cancelled below
    await until(lambda: felt() > before, "a lag")
    task.cancel()


def test_names_are_prometheus_names_and_labels_are_words_of_the_program() -> None:
    names = [one.name for one in metrics.EVERY]
    assert len(set(names)) == len(names)
    for one in metrics.EVERY:
        assert re.fullmatch(r"lotse_[a-z_]+", one.name)
        assert one.what.endswith(".")
        assert set(one.labels) <= {
            *("kind", "outcome", "state", "method", "engine", "type", "level", "event", "wake"),
            *("version", "schema", "mode"),
        }, one.name
