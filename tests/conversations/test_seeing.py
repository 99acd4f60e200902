"""Over the real wire: what a conversation leaves in numbers and in the log, and the page of the admins."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import httpx
import pytest

from bot import run_file
from bot.cli import main
from bot.db.schema import HEAD
from bot.services.health import alarms
from bot.settings import Settings
from bot.simulator.server import Simulator
from bot.telegram import wakes
from tests.conversations.people import below, newcomer, tap
from tests.conversations.test_staff import admin
from tests.databases import KEY_FILE
from tests.phones import Phones
from tests.ports import free_port
from tests.running import TOKEN, Lotse, running, settings_for
from tests.waiting import until


async def met(settings: Settings) -> None:
    """Wait until the bot has met Telegram, however slow the machine is."""
    await until(lambda: run_file.username(settings.data_dir), "a bot that knows its name")


async def test_an_admin_hears_when_the_disk_is_short_and_when_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakes, "ALARM_SECONDS", 1)
    async with Simulator(token=TOKEN) as simulator, Phones(simulator.url, simulator.app) as phones:
        settings = settings_for(simulator, tmp_path)
        async with running(settings):
            await met(settings)
            boss = await admin(Lotse(settings, phones, simulator), "Rita")
            with monkeypatch.context() as patch:
                for limit in ("SHORT", "ROOM"):
                    patch.setattr(alarms, limit, 2**60)
                await boss.reads("Der Platz auf der Festplatte wird knapp.")
            await boss.reads("Auf der Festplatte ist wieder Platz.")


async def test_numbers_log_and_page_of_a_running_bot(
    tmp_path: Path, log_lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    async with Simulator(token=TOKEN) as simulator, Phones(simulator.url, simulator.app) as phones:
        settings = settings_for(simulator, tmp_path, health_port=port, log_level="DEBUG")
        async with running(settings), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as web:
            lotse = Lotse(settings, phones, simulator)
            await met(settings)
            boss = await admin(lotse, "Rita Canary")
            lea = await newcomer(lotse, "Lea Canary")
            await below(lea, await lea.send("/status"), "nicht")
            await below(boss, await boss.send("/status"), "Wie es Lotse geht")
            assert "Alles läuft" in boss.last_message["text"]
            assert "Verbindung zu Telegram: Abfrage" in boss.last_message["text"]
            assert "Letzte Sicherung: noch keine" in boss.last_message["text"]
            assert "nicht bekannt" not in boss.last_message["text"]
            await tap(boss, "Neu ansehen", "Wie es Lotse geht")
            assert (await web.get("/healthz")).status_code == 200

            async def is_ready() -> bool:
                return (await web.get("/readyz")).status_code != 503

            await until(is_ready, "a bot that is ready")
            ready = await web.get("/readyz")
            assert (ready.status_code, ready.json()["missing"]) == (200, [])
            told = (await web.get("/metrics")).text
            monkeypatch.setenv("DATA_DIR", str(tmp_path))
            monkeypatch.setenv("DATABASE_URL", settings.database_url)
            monkeypatch.setenv("KEY_FILE", str(KEY_FILE))
            capsys.readouterr()
            assert main(["status", "--json"]) == 0
            found = json.loads(capsys.readouterr().out)
            assert (found["ok"], found["running"], found["mode"], found["schema"]) == (True, True, "polling", HEAD)
            assert found["started_at"] is not None
            assert main(["status"]) == 0
            assert "has been running since" in capsys.readouterr().out
    people = {"Canary", "Rita", str(boss.id), str(lea.id)}
    assert not [one for one in people if re.search(rf"\b{one}\b", told)]
    assert not [one for one in ("Canary", TOKEN) if one in log_lines.getvalue()]
    for name in ("update_committed_seconds_count", "update_answered_seconds_count", "database_commit_size_count"):
        number = re.search(rf"^lotse_{name} (\S+)$", told, re.MULTILINE)
        assert number is not None, name
        assert float(number[1]) >= 3, name
    assert re.search(r'^lotse_updates_total{kind="message",outcome="handled"} [1-9]', told, re.MULTILINE)
    assert re.search(
        r'^lotse_telegram_calls_total{method="sendMessage",outcome="answered"} [1-9]', told, re.MULTILINE
    )
    assert re.search(r'^lotse_wakes_total{outcome="done",wake="seats"} [1-9]', told, re.MULTILINE)
