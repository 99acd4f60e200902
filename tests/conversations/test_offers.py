"""Offers, registration and reminders, from the phone's side: real content, real HTTP, a clock that is moved."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

from bot.content.calendar_file import read
from bot.db import schema
from tests.conversations.people import GOALS, Going, consenting, eventually, finished, rows, sees_no_button, tap, town

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
        await tap(anna, "⬜ Erinnerungen", "Sie sind angemeldet.")
        await sees_no_button(anna, "⬜ Erinnerungen")
        await anna.tap("In meinen Kalender")
        await anna.settled(lambda seen: "document" in seen.last_message, "a file")
        file = anna.last_message["document"]
        assert (file["file_name"], file["mime_type"]) == ("info_degree.ics", "text/calendar")
        found = read(b64decode(lotse.simulator.world.files[1]["data"]), "Europe/Berlin", time())
        assert [(one.start.isoformat(), one.title) for one in found.meetings] == [("2026-12-10T18:00:00", EVENT)]
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


async def test_who_does_not_agree_is_not_reminded_and_who_left_in_the_middle_is_thrice(tmp_path: Path) -> None:
    time = Going(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        anna, ben = await finished(lotse), await consenting(lotse, "Ben")
        await eventually(lambda: rows(lotse.settings, schema.meeting), "meetings")
        await tap(ben, "⬜ Erinnerungen", "Dürfen wir Ihnen schreiben?")
        await tap(ben, "Weiter", GOALS)
        await anna.send("/events")
        await anna.reads(EVENT)
        await tap(anna, EVENT, "Donnerstag, 10. Dezember 2026, 18:00")
        await tap(anna, "Anmelden: Do., 10. Dez., 18:00", "Sie sind angemeldet.")
        for day, words in ((26, "noch nicht fertig"), (29, "fehlen noch ein paar")):
            time.is_now(datetime(2026, 11, day, 16, 0, 5, tzinfo=UTC))
            await ben.reads(words)
        time.is_now(datetime(2026, 12, 3, 17, 0, 5, tzinfo=UTC))
        await eventually(lambda: rows(lotse.settings, schema.delivery, reason="no_consent"), "a skipped reminder")
        time.is_now(datetime(2026, 12, 9, 16, 0, 5, tzinfo=UTC))
        await ben.reads("zum letzten Mal")
        await tap(ben, "Weitermachen", GOALS)
        time.is_now(datetime(2027, 1, 20, 16, 0, tzinfo=UTC))
        await eventually(lambda: not rows(lotse.settings, schema.delivery, state="planned"), "an empty outbox")
        reasons = {(one["chat_id"], one["state"], one["reason"]) for one in rows(lotse.settings, schema.delivery)}
        late = {(anna.id, "skipped", reason) for reason in ("no_consent", "too_late")}
        assert reasons == {(ben.id, "sent", None), *late}
