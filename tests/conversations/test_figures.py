"""Needs and reports over the real wire: pages, files drawn behind the commit, and the form a line leads to."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

from bot.db.engine import open_database
from tests.conversations.people import Going, below, newcomer, streets, tap
from tests.conversations.test_staff import admin
from tests.phones import Phone
from tests.running import Lotse, running
from tests.services.figures.crowd import NOW, fill, needing

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


async def file_of(lotse: Lotse, boss: Phone, label: str, name: str, number: int) -> bytes:
    """The file that a button brings."""
    await boss.tap(label)
    await boss.settled(lambda seen: seen.last_message.get("document", {}).get("file_name") == name, name)
    return b64decode(lotse.simulator.world.files[number]["data"])


async def test_needs_and_reports_in_the_chat(tmp_path: Path) -> None:
    time = Going(START)
    async with streets(tmp_path, time) as lotse:
        database = await open_database(lotse.settings.database_url)
        childcare = {"support": ("childcare",)}
        await database.run(lambda tx: fill(tx, [needing("B1", "evenings", more=childcare)] * 17, NOW))
        await database.close()
        async with running(lotse.settings, now=time, moved=time.moved):
            lea = await newcomer(lotse, "Lea")
            await below(lea, await lea.send("/needs"), "nicht")
            boss = await admin(lotse, "Rita")
            await below(boss, await boss.send("/report"), "Welches Quartal?")
            page = await file_of(lotse, boss, "4. Quartal 2026", "minden-2026-Q4.html", 1)
            assert "Bericht über das 4. Quartal 2026" in page.decode()
            needed = "17 Personen (Niveau: B1) möchten abends B2 lernen, mit Kinderbetreuung: 0 freie Plätze"
            await below(boss, await boss.send("/needs"), needed)
            picture = await file_of(lotse, boss, "Bild", "bedarf-2026-11-25.png", 2)
            assert picture.startswith(b"\x89PNG")
            workbook = await file_of(lotse, boss, "Excel", "bedarf-2026-11-25.xlsx", 3)
            assert workbook.startswith(b"PK")
            await below(boss, await boss.send("/needs"), needed)
            await tap(boss, "Nr. 2", "Dazu passt kein offener Kurs")
            await tap(boss, "Zurück", needed)
            await tap(boss, "Schreiben", "Schreiben Sie den Text jetzt")
            await below(boss, await boss.send("/needs"), needed)
            await tap(boss, "Kurs", "Wie heißt das Angebot?")
