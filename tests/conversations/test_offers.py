"""Offers, registration and reminders, from the phone's side: real content, real HTTP, a clock that is moved."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.db import schema
from tests.conversations.people import Going, eventually, finished, rows, tap, town

EVENT = "Info-Abend: Wege ins Studium"


async def test_from_the_list_to_the_reminder(tmp_path: Path) -> None:
    time = Going(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        anna = await finished(lotse)
        await eventually(lambda: rows(lotse.settings, schema.meeting), "meetings")
        await anna.send("/events")
        await anna.reads(EVENT)
        await tap(anna, EVENT, "Donnerstag, 10. Dezember 2026, 18:00")
        await tap(anna, "Anmelden: Do., 10. Dez., 18:00", "Sie sind angemeldet.")
        await eventually(lambda: rows(lotse.settings, schema.registration, state="registered"), "a seat")
        planned = rows(lotse.settings, schema.delivery, state="planned")
        assert [(one["text_key"], one["due_at"].isoformat()) for one in planned] == [
            ("reminders.event_week", "2026-12-03T17:00:00+00:00"),
            ("reminders.event_day", "2026-12-09T17:00:00+00:00"),
            ("reminders.event_hours", "2026-12-10T15:00:00+00:00"),
        ]
        time.is_now(datetime(2026, 12, 3, 17, 0, tzinfo=UTC))
        await anna.reads("Bitte vormerken: Info-Abend")
        await anna.tap("Ja, ich komme")
        await anna.reads("Sie kommen.")
        time.is_now(datetime(2026, 12, 9, 17, 0, tzinfo=UTC))
        await anna.reads("Bald ist es so weit")
        await anna.tap("Ich kann nicht kommen")
        await anna.reads("Sie kommen nicht")
        assert rows(lotse.settings, schema.registration)[0]["state"] == "given_back"
        assert [one["state"] for one in rows(lotse.settings, schema.delivery)] == ["sent", "sent", "skipped"]
