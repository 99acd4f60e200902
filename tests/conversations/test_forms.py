"""Staff make and change offers in the chat, and people hear of it: forms, calendar files, other languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from bot.content.calendar_file import Entry, written
from bot.db import schema
from tests.conversations.people import (
    Going,
    below,
    finished,
    plain,
    rows,
    said,
    say,
    sees_button,
    sees_no_button,
    streets,
    tap,
    town,
)
from tests.conversations.test_staff import admin
from tests.phones import Phone
from tests.running import Lotse, running
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


async def desk(boss: Phone) -> None:
    """The list of offers."""
    await below(boss, await boss.send("/staff"), "Ihre Rolle")
    await tap(boss, "Angebote und Termine", "wie viele Plätze vergeben")


async def new_event(boss: Phone, seats: str = "12") -> None:
    """A new offer, up to the check of all answers, and saved."""
    await desk(boss)
    await tap(boss, "Neues Angebot", "Was ist es?")
    await tap(boss, "Veranstaltung", "Wie heißt das Angebot?")
    await say(boss, "Reparatur-Café <b>{x}", "Worum geht es?")
    await say(boss, "Wir reparieren zusammen.\nKommen Sie!", "Wer bietet es an?")
    await tap(boss, "Auslassen", "Was kostet es")
    await say(boss, "0", "Wo findet es statt?")
    await tap(boss, "Vor Ort", "Wie heißt der Ort?")
    await say(boss, "Haus der Nachbarn", "Wie ist die Adresse?")
    await say(boss, "Beispielgasse 3", "Link zur Karte")
    await say(boss, "haus.example", "Er muss mit https:// beginnen")
    await say(boss, "https://haus.example/karte", "Wie viele Plätze")
    await say(boss, seats, "jede Anmeldung bestätigen")
    await tap(boss, "Nein", "Wie viele Tage vorher")
    await say(boss, "0", "Welches Deutsch braucht man")
    await tap(boss, "Auslassen", "Welche Ziele passen dazu?")
    await tap(boss, "Auslassen", "Stimmt alles?")
    await tap(boss, "Speichern", "Es gibt keine kommenden Termine.")


async def new_date(boss: Phone) -> None:
    """One new date of the offer whose page is open, by the calendar."""
    await tap(boss, "Neue Termine", "Ein Termin oder mehrere?")
    await tap(boss, "einzelner Termin", "An welchem Tag")
    await tap(boss, "Dezember", "An welchem Tag")
    await sees_button(boss, "Dezember 2026")
    await tap(boss, "10", "Um wie viel Uhr")
    await say(boss, "17 Uhr 30", "Wie viele Minuten")
    await say(boss, "90", "In welchem Raum?")
    await say(boss, "Werkstatt", "Stimmt alles?")
    await boss.tap("Speichern")


async def finds(person: Phone) -> None:
    """The new offer, behind those that fit better."""
    await person.send("/events")
    await sees_button(person, "Mehr zeigen")
    await tap(person, "Mehr zeigen", "Reparatur-Café <b>{x}")
    await tap(person, "Reparatur-Café", "Haus der Nachbarn")


def offer_of(lotse: Lotse) -> dict[str, object]:
    """The one offer that staff made or changed."""
    (found,) = rows(lotse.settings, schema.offer)
    return found


async def test_a_new_offer_from_the_form_to_the_seat_and_its_end(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        boss, lea = await admin(lotse, "Rita"), await finished(lotse, "Lea")
        await new_event(boss)
        assert "Reparatur-Café <b>{x}" in plain(boss.last)
        assert rows(lotse.settings, schema.draft) == []
        assert offer_of(lotse)["own"]
        await new_date(boss)
        await sees_button(boss, "Do., 10. Dez., 17:30")

        await finds(lea)
        assert "Wir reparieren zusammen." in plain(lea.last)
        await tap(lea, "Anmelden: Do., 10. Dez., 17:30", "Sie sind angemeldet.")

        await tap(boss, "Do., 10. Dez., 17:30", "1 von 12 Plätzen vergeben")
        await tap(boss, "Zeit, Raum und Ort ändern", "Stimmt alles?")
        await tap(boss, "Uhrzeit", "Um wie viel Uhr")
        await tap(boss, "18:30", "Stimmt alles?")
        await tap(boss, "Raum", "In welchem Raum?")
        await say(boss, "Keller", "Stimmt alles?")
        await tap(boss, "Speichern", "1 von 12 Plätzen vergeben")
        time.is_now(datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
        await lea.reads("Donnerstag, 10. Dezember 2026, 18:30")
        assert "Keller" in plain(lea.last)

        await tap(boss, "Zurück", "Reparatur-Café")
        await tap(boss, "Nicht mehr anbieten", "1 Person bekommt eine Nachricht")
        await tap(boss, "Ja, nicht mehr anbieten", "wie viele Plätze vergeben")
        await sees_no_button(boss, "Reparatur-Café")
        await lea.reads("Leider findet das nicht statt: Reparatur-Café")
        await lea.send("/events")
        await lea.reads("Info-Abend")
        await sees_no_button(lea, "Mehr zeigen")
        await tap(boss, "Nicht mehr angeboten", "Ein Tipp bietet es wieder an")
        await tap(boss, "Reparatur-Café", "wie viele Plätze vergeben")
        await sees_button(boss, "Reparatur-Café")


async def test_a_form_is_left_in_the_middle_and_gone_on_with_after_a_restart(tmp_path: Path) -> None:
    time = Going(START)
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time, moved=time.moved):
            boss = await admin(lotse, "Rita")
            await desk(boss)
            await tap(boss, "Neues Angebot", "Was ist es?")
            await tap(boss, "Kurs", "Wie heißt das Angebot?")
            await say(boss, "x" * 61, "60")
            await say(boss, "Deutsch für Eltern", "Worum geht es?")
            await tap(boss, "Zurück", "Deutsch für Eltern")
            await tap(boss, "Weiter", "Worum geht es?")
            await tap(boss, "Pause", "Ihre Rolle")
            assert rows(lotse.settings, schema.offer) == []
        async with running(lotse.settings, now=time, moved=time.moved):
            await tap(boss, "Entwurf: Angebot", "Worum geht es?")
            await tap(boss, "Pause", "Ihre Rolle")
            await tap(boss, "Angebote und Termine", "wie viele Plätze vergeben")
            await tap(boss, "Neues Angebot", "Worum geht es?")


async def test_an_offer_of_the_files_is_changed_and_translated(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        boss, lea = await admin(lotse, "Rita"), await finished(lotse, "Lea")
        await until(lambda: rows(lotse.settings, schema.meeting), "meetings")
        await lea.send("/events")
        await lea.reads("Wege ins Studium")
        await tap(lea, "Wege ins Studium", "10. Dezember 2026")
        await tap(lea, "Anmelden: Do., 10. Dez., 18:00", "Sie sind angemeldet.")

        await desk(boss)
        await tap(boss, "Wege ins Studium", "Wege ins Studium")
        await tap(boss, "Angebot ändern", "Stimmt alles?")
        await sees_no_button(boss, "✏️ Art")
        await tap(boss, "Titel", "Wie heißt das Angebot?")
        await say(boss, "Studieren in Minden", "Stimmt alles?")
        await tap(boss, "✏️ Ort", "Wie heißt der Ort?")
        await say(boss, "Rathaus", "Stimmt alles?")
        await boss.tap("Speichern")
        await sees_button(boss, "Kalenderdatei")
        assert set(offer_of(lotse)["fields"]) == {"place"}  # type: ignore[call-overload]
        await lea.reads("Anderer Ort: Studieren in Minden")

        await tap(boss, "Andere Sprachen", "Mit ✅ gibt es alle Texte")
        await sees_button(boss, "⬜ Englisch")
        await tap(boss, "Englisch", "in dieser Sprache")
        await say(boss, "Study in Minden", "Wie heißt der Ort in dieser Sprache?")
        await say(boss, "Town hall", "Stimmt alles?")
        await tap(boss, "Speichern", "Mit ✅ gibt es alle Texte")
        await sees_button(boss, "✅ Englisch")
        await tap(lea, "Mehr dazu", "Rathaus")
        await speaks(lea, "English", "Study in Minden")
        await tap(lea, "Study in Minden", "Town hall")
        # What is not translated stands apart, and is German as a whole.
        await speaks(lea, "العربية", said("ar", "offers.apart", 1))
        await tap(lea, said("ar", "button.apart"), "Studieren in Minden")


async def speaks(person: Phone, language: str, hope: str) -> None:
    """Another language, and what one's own registration is called in it."""
    await person.send("/language")
    await sees_button(person, language)
    await person.tap(language)
    await below(person, await person.send("/mine"), hope)


def in_december(day: int, hour: int) -> datetime:
    """A local time."""
    return datetime(2026, 12, day, hour, tzinfo=UTC).replace(tzinfo=None)


def calendar(*entries: tuple[str, datetime, bool], sequence: int = 0) -> bytes:
    """A file of meetings of an hour, as another program would write it."""
    return written(
        [Entry(uid, sequence, at, 60, "Termin", cancelled=gone) for uid, at, gone in entries],
        "Europe/Berlin",
        "Termine",
        START,
    )


async def test_a_calendar_file_is_looked_at_before_it_counts(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        boss, lea = await admin(lotse, "Rita"), await finished(lotse, "Lea")
        first = calendar(("a@x", in_december(10, 18), False), ("b@x", in_december(17, 18), False))
        await lea.send_file("dates.ics", first)
        await lea.reads("nur Text")
        await new_event(boss)
        await tap(boss, "Kalenderdatei", "Schicken Sie jetzt eine Kalenderdatei")
        await boss.send_file("dates.ics", b"no calendar")
        await boss.reads("kann ich nicht lesen")
        await boss.send_file("dates.ics", first)
        await boss.reads("2 neue Termine")
        assert rows(lotse.settings, schema.meeting, offer_id=offer_of(lotse)["id"]) == []
        await tap(boss, "Übernehmen", "Reparatur-Café")
        await sees_button(boss, "Do., 17. Dez., 18:00")
        await finds(lea)
        await tap(lea, "Anmelden: Do., 10. Dez., 18:00", "Sie sind angemeldet.")

        await tap(boss, "Kalenderdatei", "Schicken Sie jetzt eine Kalenderdatei")
        await boss.send_file("dates.ics", first)
        await boss.reads("2 Termine bleiben")
        await sees_no_button(boss, "Übernehmen")
        later = (("a@x", in_december(11, 19), False), ("b@x", in_december(17, 18), True))
        await boss.send_file("dates.ics", calendar(*later, sequence=1))
        await boss.reads("1 Termin ändert sich")
        assert "1 Termin fällt aus" in plain(boss.last)
        await tap(boss, "Übernehmen", "Reparatur-Café")
        await sees_button(boss, "Fr., 11. Dez., 19:00")
        time.is_now(datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
        await lea.reads("Jetzt: Freitag, 11. Dezember 2026, 19:00")


async def test_weekly_dates_without_holidays(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss = await admin(lotse, "Rita")
        await new_event(boss)
        await tap(boss, "Neue Termine", "Ein Termin oder mehrere?")
        await tap(boss, "Jede Woche", "An welchem Tag")
        await say(boss, "24.11.2026", "schon vorbei")
        await say(boss, "1.12.2026", "Um wie viel Uhr")
        await say(boss, "halb sechs", "keine Uhrzeit")
        await tap(boss, "18:00", "Wie viele Minuten")
        await say(boss, "90", "An welchen Tagen der Woche?")
        await tap(boss, "Dienstag", "An welchen Tagen der Woche?")
        await tap(boss, "Freitag", "An welchen Tagen der Woche?")
        await tap(boss, "Fertig", "Wann ist der letzte Tag?")
        await say(boss, "1. Januar 2027", "an Feiertagen aus?")
        await tap(boss, "Ja", "In welchem Raum?")
        await tap(boss, "Auslassen", "Stimmt alles?")
        await boss.tap("Speichern")
        await sees_button(boss, "Di., 1. Dez., 18:00")
        found = rows(lotse.settings, schema.meeting, offer_id=offer_of(lotse)["id"])
        held = {date.fromisoformat(str(one["original"])[:10]) for one in found}
        # Neither Christmas Day nor New Year's Day, both Fridays.
        assert {f"{day:%d.%m.}" for day in held} == {
            *("01.12.", "04.12.", "08.12.", "11.12.", "15.12.", "18.12.", "22.12.", "29.12.")
        }


async def test_somebody_without_a_chat_has_a_name_on_the_list(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss = await admin(lotse, "Rita")
        await until(lambda: rows(lotse.settings, schema.meeting), "meetings")
        await desk(boss)
        await tap(boss, "Deutsch B2", "0 von 18 Plätzen vergeben")
        await tap(boss, "Wer ist angemeldet?", "0 von 18 Plätzen vergeben")
        await tap(boss, "Person ohne Chat anmelden", "Wie heißt die Person?")
        await say(boss, "Frau Öztürk", "Wie erreichen Sie die Person")
        await say(boss, "0571 123", "Stimmt alles?")
        await tap(boss, "Speichern", "1 von 18 Plätzen vergeben")
        assert "Frau Öztürk: angemeldet" in plain(boss.last)
