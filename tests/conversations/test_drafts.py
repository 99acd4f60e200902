"""A machine drafts the message about an opening: names and dates come back as they must, in every language."""

from __future__ import annotations

from pathlib import Path

from bot.db import schema
from tests.conversations.people import Going, rows, say, tap, town
from tests.conversations.persona import Persona
from tests.conversations.test_broadcasts import read
from tests.conversations.test_opening import GERMAN, PARTNER, START, opening
from tests.conversations.test_staff import admin
from tests.translation import services
from tests.waiting import until

TEXT = f"Das {PARTNER} lädt ein: am 10. Dezember um 18:00."


async def test_a_machine_reads_neither_the_partner_of_an_opening_nor_a_date(tmp_path: Path) -> None:
    async with (
        services.running(services.libretranslate) as service,
        town(tmp_path, Going(START), translator="libretranslate", translator_url=service.url) as lotse,
    ):
        boss = await admin(lotse, "Rita")
        await Persona.comes(lotse, "Samir", "ar", "", "openings")
        await opening(boss, GERMAN)
        await tap(boss, "Zu wem passt sie?", "Sie passt zu")
        await tap(boss, "Diesen Menschen schreiben", "Start ist im Sommer.")
        await say(boss, TEXT, "Entwurf")
        await tap(boss, "Freigeben", "wartet auf:")
        await read(boss, "Nachricht 1", TEXT[:14])
        await tap(boss, "Sprachen", "ist freigegeben")
        await boss.tap("Fehlende übersetzen lassen")
        await until(lambda: len(rows(lotse.settings, schema.broadcast_text, machine=True)) == 7, "seven drafts")
        assert not any(name in f"{one.body!r}" for one in service.asked for name in (PARTNER, "Dezember", "18:00"))
        texts = {row["language"]: row["text"] for row in rows(lotse.settings, schema.broadcast_text)}
        assert not any(row["doubts"] for row in rows(lotse.settings, schema.broadcast_text))
        assert all(PARTNER in text and "18:00" in text for text in texts.values())
        assert "10 ديسمبر" in texts["ar"]
