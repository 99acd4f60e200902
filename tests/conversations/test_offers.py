"""Offers, registration and reminders, from the phone's side: real content, real HTTP, a clock that is moved."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.content.calendar_file import read
from bot.content.loader import Content
from bot.db import beside, schema
from bot.services.offers.synchronising import rehearsed
from bot.services.reminders import preview
from bot.services.turn import Turn
from tests.conversations.people import (
    DONE,
    GOALS,
    SUMMARY,
    Going,
    below,
    consenting,
    finished,
    plain,
    rows,
    sees_button,
    sees_no_button,
    tap,
    town,
    walk,
)
from tests.conversations.test_staff import admin
from tests.running import minden
from tests.waiting import until

EVENT = "Info-Abend: Wege ins Studium"


def elsewhere() -> Content:
    """The file says another room for the first of the evenings."""
    degree = minden().offers["info_degree"]
    first, *others = degree.meetings
    moved = replace(degree, meetings=(replace(first, room="A 102"), *others))
    return replace(minden(), offers={**minden().offers, "info_degree": moved})


async def test_from_the_list_to_the_reminder(tmp_path: Path) -> None:
    time = Going(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        anna = await finished(lotse)
        await until(lambda: rows(lotse.settings, schema.meeting), "meetings")
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
        told = beside.read(lotse.settings.database_url, lambda tx: rehearsed(Turn(tx, elsewhere(), time())))
        assert [one.what for one in told] == [
            "info_degree on 2026-12-10 18:00 becomes 2026-12-10 18:00, room A 102; 1 people are told"
        ]
        coming = beside.read(
            lotse.settings.database_url, lambda tx: preview.preview(Turn(tx, minden(), time()), anna.id, 60)
        )
        assert [(one.at.isoformat(), one.language, one.reason) for one in coming.coming] == [
            ("2026-12-03T17:00:00+00:00", "de", "reminders.event_week"),
            ("2026-12-09T17:00:00+00:00", "de", "reminders.event_day"),
            ("2026-12-10T15:00:00+00:00", "de", "reminders.event_hours"),
        ]
        assert all(EVENT in (one.words or "") for one in coming.coming)
        assert "Thu 2026-12-03 18:00 de reminders.event_week" in list(preview.lines(minden(), coming))
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
        await until(lambda: rows(lotse.settings, schema.meeting), "meetings")
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
        await until(lambda: rows(lotse.settings, schema.delivery, reason="no_consent"), "a skipped reminder")
        time.is_now(datetime(2026, 12, 9, 16, 0, 5, tzinfo=UTC))
        await ben.reads("zum letzten Mal")
        await tap(ben, "Weitermachen", GOALS)
        time.is_now(datetime(2027, 1, 20, 16, 0, tzinfo=UTC))
        await until(lambda: not rows(lotse.settings, schema.delivery, state="planned"), "an empty outbox")
        reasons = {(one["chat_id"], one["state"], one["reason"]) for one in rows(lotse.settings, schema.delivery)}
        late = {(anna.id, "skipped", reason) for reason in ("no_consent", "too_late")}
        assert reasons == {(ben.id, "sent", None), *late}


async def test_who_has_signed_up_for_nothing_hears_of_the_deadline_and_later_is_asked_what_is_still_true(
    tmp_path: Path,
) -> None:
    time = Going(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        anna = await consenting(lotse)
        for purpose in ("Erinnerungen", "Neue Angebote"):
            await anna.tap(f"⬜ {purpose}")
            await sees_button(anna, f"✅ {purpose}")
        await tap(anna, "Weiter", GOALS)
        await walk(anna, SUMMARY)
        await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")
        await tap(anna, "Weiter", DONE)
        coming = beside.read(
            lotse.settings.database_url, lambda tx: preview.preview(Turn(tx, minden(), time()), anna.id, 100)
        ).coming
        assert [(one.at.isoformat(), one.reason) for one in coming] == [
            ("2026-11-27T16:00:00+00:00", "reminders.new_openings"),
            ("2026-12-05T17:00:00+00:00", "reminders.deadline_days"),
            ("2026-12-12T17:00:00+00:00", "reminders.deadline_days"),
            ("2026-12-13T17:00:00+00:00", "reminders.deadline_days"),
            ("2027-01-04T17:00:00+00:00", "reminders.deadline_days"),
            ("2027-01-09T17:00:00+00:00", "reminders.deadline_days"),
            ("2027-02-14T17:00:00+00:00", "reminders.deadline_days"),
            ("2027-02-26T17:00:00+00:00", "reminders.old_answers"),
        ]
        assert "Einstufungstest Deutsch" in (coming[1].words or "")
        time.is_now(datetime(2026, 12, 5, 17, 0, 5, tzinfo=UTC))
        await anna.reads("Das passt zu Ihnen: Einstufungstest Deutsch")
        assert "Anmelden können Sie sich bis: Montag, 7. Dezember 2026, 12:00" in plain(anna.last)
        await tap(anna, "Anmelden", "Sie sind angemeldet.")
        await sees_no_button(anna, "Keine solchen Nachrichten mehr")
        time.is_now(datetime(2026, 12, 13, 17, 0, 5, tzinfo=UTC))
        await anna.reads("Das passt zu Ihnen: Besuch in einem Betrieb")
        await tap(anna, "Das ist nichts für mich", "Zu diesem Angebot schreiben wir Ihnen nicht mehr.")
        time.is_now(datetime(2027, 2, 14, 17, 0, 5, tzinfo=UTC))
        time.is_now(datetime(2027, 2, 26, 17, 0, 5, tzinfo=UTC))
        await anna.reads("Stimmt das noch? Das haben Sie uns früher gesagt:")
        assert "Ihr Deutsch hat das Niveau B1. (November 2026)" in plain(anna.last)
        await tap(anna, "Ja, alles stimmt noch", "Danke, das ist notiert.")
        told = rows(lotse.settings, schema.delivery, state="sent")
        assert [one["text_key"] for one in told] == [
            *("reminders.deadline_days", "reminders.deadline_days", "reminders.new_openings", "reminders.old_answers")
        ]


async def test_staff_say_yes_move_and_cancel_and_people_hear_of_it(tmp_path: Path) -> None:
    time = Going(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        boss, anna = await admin(lotse, "Rita"), await finished(lotse)
        await until(lambda: rows(lotse.settings, schema.meeting), "meetings")
        await anna.send("/offers")
        await anna.reads("Deutsch B2")
        await tap(anna, "Deutsch B2", "Wir prüfen Ihre Anmeldung")
        await tap(anna, "Anmelden", "Wir prüfen das noch")
        await anna.send("/events")
        await anna.reads(EVENT)
        await tap(anna, EVENT, "Donnerstag, 10. Dezember 2026, 18:00")
        await tap(anna, "Anmelden: Do., 10. Dez., 18:00", "Sie sind angemeldet.")

        await tap(boss, "Angebote und Termine", "wie viele Plätze vergeben")
        await tap(boss, "Deutsch B2", "1 von 18 Plätzen vergeben, davon 1 noch zu prüfen")
        await tap(boss, "Wer ist angemeldet?", "wartet auf Ihre Prüfung")
        await tap(boss, "Ja: Nr. 1", "Nr. 1: angemeldet")
        await anna.reads("Ihr Platz ist sicher: Deutsch B2")
        await tap(boss, "Person ohne Chat anmelden", "Wie heißt die Person?")
        await below(boss, await boss.send("Herr Kaya"), "Wie erreichen Sie die Person")
        await tap(boss, "Auslassen", "Stimmt alles?")
        await tap(boss, "Speichern", "2 von 18 Plätzen vergeben")

        await below(boss, await boss.send("/staff"), "Ihre Rolle")
        await tap(boss, "Angebote und Termine", "wie viele Plätze vergeben")
        await tap(boss, "Wege ins Studium", "Wege ins Studium")
        await tap(boss, "Do., 10. Dez., 18:00", "1 von 40 Plätzen vergeben")
        await tap(boss, "Verschieben", "Bisher: Donnerstag, 10. Dezember 2026, 18:00")
        await tap(boss, "+1 Tag", "Neu: Freitag, 11. Dezember 2026, 18:00")
        await tap(boss, "+1 Std.", "Neu: Freitag, 11. Dezember 2026, 19:00")
        await tap(boss, "Speichern", "1 von 40 Plätzen vergeben")
        time.is_now(datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
        await anna.reads("Nicht mehr: Donnerstag, 10. Dezember 2026, 18:00")
        assert "Jetzt: Freitag, 11. Dezember 2026, 19:00" in plain(anna.last)

        await tap(boss, "Absagen", "Soll dieser Termin ausfallen?")
        await tap(boss, "Ja, absagen", "Dieser Termin fällt aus.")
        time.is_now(datetime(2026, 11, 25, 10, 0, tzinfo=UTC))
        await anna.reads("Fällt aus: Info-Abend")


async def test_a_teacher_takes_attendance_and_who_is_absent_twice_hears_a_kind_word(tmp_path: Path) -> None:
    time = Going(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    async with town(tmp_path, time) as lotse:
        boss, anna = await admin(lotse, "Rita"), await finished(lotse)
        await until(lambda: rows(lotse.settings, schema.meeting), "meetings")
        await anna.send("/offers")
        await anna.reads("Deutsch B1")
        await tap(anna, "Deutsch B1", "Deutsch B1")
        await tap(anna, "Anmelden", "Sie sind angemeldet.")
        for day, label in ((19, "Mo., 18. Jan., 18:00"), (21, "Mi., 20. Jan., 18:00")):
            time.is_now(datetime(2027, 1, day, 9, 0, tzinfo=UTC))
            await below(boss, await boss.send("/staff"), "Ihre Rolle")
            await tap(boss, "Angebote und Termine", "wie viele Plätze vergeben")
            await tap(boss, "Deutsch B1", "1 von 16 Plätzen vergeben")
            await boss.tap(label)
            await sees_button(boss, "Anwesenheit")
            await tap(boss, "Anwesenheit", "Tippen Sie auf eine Person")
            for mark, then in (("⬜", "✅"), ("✅", "📩"), ("📩", "❌")):
                await boss.tap(f"{mark} Nr. 1")
                await sees_button(boss, f"{then} Nr. 1")
        await anna.reads("Wir haben Sie vermisst: Deutsch B1")
