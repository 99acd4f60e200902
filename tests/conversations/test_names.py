"""What people are called on lists: by their own word, for those who may see it, and only as long as they like."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.db import schema
from tests.conversations.people import (
    Going,
    below,
    finished,
    participant_of,
    plain,
    rows,
    say,
    sees_button,
    sees_no_button,
    tap,
    town,
)
from tests.conversations.test_staff import admin
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NAME = "فاطمة الزهراء"


async def test_a_name_stands_on_the_list_until_it_is_taken_back(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss, lea = await admin(lotse, "Rita"), await finished(lotse, "Lea")
        await until(lambda: rows(lotse.settings, schema.meeting), "meetings")
        await lea.send("/events")
        await lea.reads("Wege ins Studium")
        await tap(lea, "Wege ins Studium", "10. Dezember 2026")
        await sees_no_button(lea, "Name für Listen")
        await tap(lea, "Anmelden: Do., 10. Dez., 18:00", "Sie sind angemeldet.")
        await tap(lea, "Name für Listen", "Wie sollen wir Sie nennen?")
        await say(lea, "x" * 61, "60")
        await say(lea, f"  {NAME}\n", "Ihr Name ist gespeichert.")
        assert f"Auf Listen heißen Sie: {NAME}" in plain(lea.last)
        row = participant_of(lotse, lea)
        assert row is not None
        assert row["name"] == NAME

        await below(boss, await boss.send("/staff"), "Ihre Rolle")
        await tap(boss, "Angebote und Termine", "wie viele Plätze vergeben")
        await tap(boss, "Wege ins Studium", "Wege ins Studium")
        await tap(boss, "Do., 10. Dez., 18:00", "1 von 40 Plätzen vergeben")
        await tap(boss, "Wer ist angemeldet?", f"{NAME}: angemeldet")
        await tap(boss, "Zurück", "1 von 40 Plätzen vergeben")
        await tap(boss, "Anwesenheit", "Tippen Sie auf eine Person")
        await sees_button(boss, NAME)

        await tap(lea, "Name für Listen", "Wie sollen wir Sie nennen?")
        await tap(lea, "Namen löschen", "mit einer Nummer, ohne Namen")
        await tap(boss, NAME, "Tippen Sie auf eine Person")
        await sees_button(boss, "✅ Nr. ")
