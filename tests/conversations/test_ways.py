"""The same conversation on PostgreSQL, and by webhook."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.telegram import web
from tests.conversations.people import (
    DONE,
    SUMMARY,
    SUPPORT,
    Time,
    answers_of,
    asked,
    chat_of,
    finished,
    plain,
    say,
    streets,
    tap,
    town,
)
from tests.running import Lotse, running
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "made-up-secret-of-forty-characters-0001"


@pytest.mark.postgres
@pytest.mark.asyncio(loop_scope="function")
async def test_on_postgresql_a_person_comes_to_the_finished_profile(tmp_path: Path, postgres_url: str) -> None:
    time = Time()
    async with streets(tmp_path, time, database_url=postgres_url) as lotse:
        async with running(lotse.settings, now=time):
            anna = await finished(lotse)
        async with running(lotse.settings, now=time):
            await say(anna, "/profile", SUMMARY)
            assert "Sie möchten Deutsch lernen und Arbeit finden." in plain(anna.last)
            assert "Hilfe: Dazu möchten Sie nichts sagen." in plain(anna.last)
            await tap(anna, "✏️ Deutsch", "Wie gut ist Ihr Deutsch heute?")
            await tap(anna, "C1", SUMMARY)
            await tap(anna, "Ja, alles stimmt", DONE)
            await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
            await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
            await say(anna, "/start", "Bitte wählen Sie Ihre Sprache")


@contextlib.asynccontextmanager
async def by_webhook(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lotse]:
    """A bot with a webhook on a free port, once Telegram's side knows of it."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    monkeypatch.setattr(web, "listen", lambda _settings: listener)
    url = f"http://127.0.0.1:{port}"
    settings = {"webhook_url": url, "webhook_secret": SecretStr(SECRET), "port": port}
    async with town(folder, Time(), **settings) as lotse:
        await until(lambda: lotse.simulator.world.updates.webhook is not None, "the webhook to be set")
        yield lotse


async def test_by_webhook_a_person_comes_to_the_finished_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with by_webhook(tmp_path, monkeypatch) as lotse:
        anna = await finished(lotse)
        assert len(answers_of(lotse, anna)) == 12
        assert "getUpdates" not in {one["method"] for one in await lotse.phones.calls()}


async def test_by_webhook_every_update_may_come_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with by_webhook(tmp_path, monkeypatch) as lotse:
        await lotse.phones.fault("twice")
        anna = await asked(lotse, SUPPORT)
        assert answers_of(lotse, anna)["hours"] == 10
        said = [one["text"] for one in anna.state["messages"] if not one.get("outgoing")]
        assert len(said) == 2, "the card that was edited, and the one below the typed answer"


async def test_the_webhook_refuses_what_does_not_come_from_telegram(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with by_webhook(tmp_path, monkeypatch) as lotse, aiohttp.ClientSession(lotse.settings.webhook_url) as wire:
        path = lotse.settings.webhook_path

        async def status(body: bytes, secret: str | None = SECRET, where: str = path) -> int:
            headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
            async with wire.post(where, data=body, headers=headers) as answer:
                return answer.status

        update = b'{"update_id": 1, "message": {"chat": {"id": 77}}}'
        assert await status(update, secret=None) == 401
        assert await status(update, secret="") == 401
        assert await status(update, secret=SECRET + "x") == 401
        assert await status(update, secret="ä".encode().decode("latin-1")) == 401
        assert await status(update, where="/telegram/guess") == 404
        assert await status(update, where="/") == 404
        ids = (b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": null}')
        for garbage in (b"", b"not json", b"[]", b"{}", b"\xff\xfe", b"[" * 9000, *ids):
            assert await status(garbage) == 400, garbage[:20]
        assert await status(b'{"update_id": 2, "x": "' + b"x" * 1_000_000 + b'"}') == 413
        assert await status(update) == 200
        assert await status(update) == 200, "a repeated one is taken and changes nothing"
        async with wire.get(path) as answer:
            assert answer.status == 405
        anna = await lotse.phones.new("Anna", "de")
        await say(anna, "/start", "Bitte wählen Sie Ihre Sprache")
        assert chat_of(lotse, anna) is not None


async def test_health_says_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with by_webhook(tmp_path, monkeypatch) as lotse, aiohttp.ClientSession(lotse.settings.webhook_url) as wire:

        async def health() -> Any:
            async with wire.get("/health") as answer:
                return answer.status, await answer.json()

        assert await health() == (200, {"ok": True, "waiting": 0, "parked": 0})
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        rubbish = {"update_id": 5, "message": {"chat": {"id": 77}}}
        async with wire.post(lotse.settings.webhook_path, json=rubbish, headers=headers) as answer:
            assert answer.status == 200

        async def is_parked() -> bool:
            return bool((await health())[1]["parked"] == 1)

        await until(is_parked, "one that is set aside")


async def test_a_bot_that_polls_takes_the_webhook_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    async with streets(tmp_path, time) as lotse:
        with monkeypatch.context() as patch:
            patch.setattr(web, "listen", lambda _settings: listener)
            url = f"http://127.0.0.1:{port}"
            changes = {"webhook_url": url, "webhook_secret": SecretStr(SECRET), "port": port}
            async with running(lotse.settings.model_copy(update=changes), now=time):
                anna = await asked(lotse)
        await anna.tap("Studieren")
        async with running(lotse.settings, now=time):
            await anna.settled(lambda seen: "✅ Studieren" in [plain(one) for one in seen.buttons], "the tick")
