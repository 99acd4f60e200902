"""The webhook takes in only what Telegram sends, and answers 200 only after it is stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.db import inbox
from bot.db.engine import Database, DatabaseAway, open_database
from bot.settings import Settings, read
from bot.telegram import web
from bot.telegram.flood import Flood
from bot.telegram.intake import Attempt, Delivered, Intake
from tests import databases
from tests.amounts import amount
from tests.catalogue import count

SECRET = "a-secret-of-forty-characters-0123456789_"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {"update_id": 7, "message": {"chat": {"id": 1}}}


def settings_with(**given: Any) -> Settings:
    return read(
        **{
            "_env_file": None,
            "bot_token": SecretStr("123456789:test-token-of-nobody-0123456789"),
            "webhook_url": "https://bot.example",
            "webhook_secret": SecretStr(SECRET),
        }
        | given
    )


@dataclass
class Hook:
    """The web application with a database behind it."""

    client: httpx.AsyncClient
    database: Database
    intake: Intake
    path: str
    handled: list[int]

    async def post(self, body: bytes, secret: str | bytes | None = SECRET) -> int:
        """The status of one call."""
        headers = {} if secret is None else {HEADER: secret}
        answer = await self.client.post(self.path, content=body, headers=headers)  # type: ignore[arg-type]
        return answer.status_code

    async def stored(self) -> list[int]:
        """The updates in the inbox."""
        return [one.update_id for one in await self.database.run(inbox.waiting)]


@pytest.fixture
async def hook(tmp_path: Path) -> AsyncIterator[Hook]:
    database = await open_database(databases.sqlite_with_tables(tmp_path / "lotse.db"))
    handled: list[int] = []

    async def work(one: Delivered, _attempt: Attempt) -> None:
        handled.append(one.arrived.update_id)

    async with asyncio.TaskGroup() as nursery:
        intake = Intake(database, work, nursery, clock=lambda: datetime(2026, 11, 25, tzinfo=UTC), flood=Flood(0))
        await intake.recover()
        settings = settings_with()
        transport = httpx.ASGITransport(web.build(settings, intake, database))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as client:
            yield Hook(client, database, intake, settings.webhook_path, handled)
    await database.close()


@pytest.mark.row(39)
async def test_an_update_is_stored_when_it_is_answered_and_handled_once(hook: Hook) -> None:
    body, times = json.dumps(UPDATE).encode(), amount("HOOKS")
    assert await hook.post(body) == 200
    assert await hook.stored() == [7]
    for _ in range(times):
        assert await hook.post(body) == 200
    assert hook.handled == [7]
    count("calls of each kind", times)


@pytest.mark.row(39)
@pytest.mark.parametrize(
    "secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), b"\xff\xfe\xe4", "ä".encode()], ids=repr
)
async def test_who_does_not_know_the_secret_is_turned_away_and_stores_nothing(
    hook: Hook, secret: str | bytes | None
) -> None:
    for _ in range(amount("HOOKS")):
        assert await hook.post(json.dumps(UPDATE).encode(), secret) == 401
    assert await hook.stored() == []


@pytest.mark.row(39)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b"{}",
        b'{"update_id":"7"}',
        b'{"update_id":true}',
        b'{"update_id":7.5}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_what_is_no_update_is_refused(hook: Hook, body: bytes) -> None:
    for _ in range(amount("HOOKS")):
        assert await hook.post(body) == 400
    assert await hook.stored() == []


@pytest.mark.row(39)
async def test_what_is_far_too_large_is_refused(hook: Hook) -> None:
    body = json.dumps(UPDATE | {"x": "y" * web.LARGEST_UPDATE}).encode()
    assert await hook.post(body) == 413
    assert await hook.stored() == []


@pytest.mark.row(39)
async def test_while_the_database_is_away_telegram_is_asked_to_come_again(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> None:
        raise DatabaseAway

    with monkeypatch.context() as patch:
        patch.setattr(hook.database, "run", away)
        assert await hook.post(json.dumps(UPDATE).encode()) == 503
        assert (await hook.client.get("/health")).status_code == 503
    assert await hook.stored() == []
    assert await hook.post(json.dumps(UPDATE).encode()) == 200


async def test_who_is_full_asks_telegram_to_come_again(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Intake, "full", True)
    assert await hook.post(json.dumps(UPDATE).encode()) == 503
    assert await hook.stored() == []


async def test_health_tells_counts_and_nothing_else(hook: Hook) -> None:
    await hook.post(json.dumps(UPDATE).encode())
    await hook.database.run(lambda tx: inbox.park(tx, 7, "KeyError"))
    answer = await hook.client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "waiting": hook.intake.waiting, "parked": 1})


async def test_nothing_else_answers(hook: Hook) -> None:
    for path in ("/", "/telegram", "/telegram/", hook.path + "x", "/docs"):
        assert (await hook.client.post(path, content=b"{}", headers={HEADER: SECRET})).status_code == 404
    assert (await hook.client.get(hook.path)).status_code == 405


async def test_without_a_webhook_there_is_only_health(hook: Hook) -> None:
    settings = settings_with(webhook_url="")
    transport = httpx.ASGITransport(web.build(settings, hook.intake, hook.database))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as client:
        assert (await client.post(settings.webhook_path, headers={HEADER: SECRET})).status_code == 404
        assert (await client.get("/health")).status_code == 200
