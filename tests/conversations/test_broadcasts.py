"""A member of the team writes to many: composed in the chat, released per language, sent, watched, answered."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.message import Words
from bot.db import schema
from bot.telegram import wakes
from tests.conversations.people import (
    GOALS,
    SUMMARY,
    Going,
    below,
    consenting,
    plain,
    rows,
    said,
    say,
    sees_button,
    sees_no_button,
    tap,
    town,
    walk,
)
from tests.conversations.test_staff import admin
from tests.phones import Phone
from tests.running import Lotse
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
OPENINGS = "Neue Angebote"


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock looks after broadcasts more often than people wait."""
    monkeypatch.setattr(wakes, "BROADCAST_SECONDS", 0.3)


async def willing(lotse: Lotse, name: str) -> Phone:
    """Somebody who has agreed to openings."""
    phone = await consenting(lotse, name)
    await phone.tap(OPENINGS)
    await sees_button(phone, f"✅ {OPENINGS}")
    await tap(phone, "Weiter", GOALS)
    await walk(phone, SUMMARY)
    return phone


async def speaks(phone: Phone, name: str) -> None:
    """They choose another language."""
    await below(phone, await phone.send("/language"), "Bitte wählen Sie Ihre Sprache")
    await phone.tap(name)
    await sees_no_button(phone, name)


async def messages(boss: Phone) -> None:
    """The list of broadcasts."""
    await below(boss, await boss.send("/staff"), "Ihre Rolle")
    await tap(boss, "Nachrichten", "Nachricht")


async def compose(boss: Phone) -> None:
    """A message with a button for those who are interested, and the German text released."""
    await messages(boss)
    await tap(boss, "Neue Nachricht", "Schreiben Sie den Text jetzt in diesen Chat")
    await say(boss, "Die Bäckerei sucht <zwei> {Leute}.", "Entwurf")
    assert "Die Bäckerei sucht <zwei> {Leute}." in plain(boss.last)
    await boss.tap("An mich schicken")
    await sees_button(boss, "Warum ich?")
    await messages(boss)
    await tap(boss, "Die Bäckerei sucht", "Noch keine Sprache ist freigegeben")
    assert "Sie erreicht 2 Menschen." in plain(boss.last)
    await sees_no_button(boss, "Senden")
    await tap(boss, "Einstellungen", "Stimmt alles?")
    await tap(boss, "Knopf", "Welcher Knopf steht darunter?")
    await tap(boss, "Ich habe Interesse", "Stimmt alles?")
    await tap(boss, "Partner", "Wem dürfen wir sagen")
    await say(boss, "Bäckerei Beispiel", "Stimmt alles?")
    await tap(boss, "Speichern", "Erfährt, wer Interesse hat: Bäckerei Beispiel")
    await tap(boss, "Text", "Entwurf")
    await tap(boss, "Freigeben", "1 Person wartet auf: Arabisch.")


async def read(boss: Phone, hope: str, beginning: str = "Die Bäckerei sucht") -> None:
    """Its page, from the list."""
    await messages(boss)
    await tap(boss, beginning, hope)


async def translate(boss: Phone) -> None:
    """The Arabic text is written and released while it goes out."""
    await read(boss, "✅ gesendet: 1")
    await tap(boss, "Sprachen", "ist freigegeben")
    await tap(boss, "Arabisch (1)", "Schreiben Sie den Text jetzt")
    await say(boss, "المخبز يبحث عن شخصين.", "Entwurf")
    await boss.tap("Freigeben")


async def correct(boss: Phone, lea: Phone) -> None:
    """The German text is corrected, also where it stands already."""
    await read(boss, "gesendet: 2")
    await tap(boss, "Berichtigen", "Zum Ändern")
    await say(boss, "Die Bäckerei sucht drei Leute.", "den alten Text")
    assert "zwei" in plain(lea.last)
    await boss.tap("Freigeben")
    await lea.reads("Die Bäckerei sucht drei Leute.")
    await read(boss, "in den Chats geändert: 1 von 1")


async def test_from_the_first_word_to_the_end(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss = await admin(lotse, "Rita")
        lea, samir = await willing(lotse, "Lea"), await willing(lotse, "Samir")
        nobody = await consenting(lotse, "Uwe")
        await tap(nobody, "Weiter", GOALS)
        await speaks(samir, "العربية")
        await compose(boss)
        await tap(boss, "Senden", "jetzt senden?")
        assert "An 1 Person." in plain(boss.last)
        await tap(boss, "Ja, senden", "von")
        await lea.reads("Die Bäckerei sucht <zwei> {Leute}.")
        await boss.reads("✅ Ihre Nachricht 1 ist draußen. Gesendet: 1.")
        assert len(rows(lotse.settings, schema.delivery, kind="broadcast")) == 1

        await translate(boss)
        await samir.reads("المخبز يبحث عن شخصين.")
        assert said("ar", "button.interest") in [plain(one).removeprefix("✋ ") for one in samir.buttons]
        sent = {"kind": "broadcast", "state": "sent"}
        await until(lambda: len(rows(lotse.settings, schema.delivery, **sent)) == 2, "both records")
        await correct(boss, lea)
        assert "المخبز" in plain(samir.last)

        await samir.tap(said("ar", "button.interest"))
        await samir.tap(said("ar", "button.interest_yes"))
        await samir.reads(said("ar", "interest.given_partner", partner=Words("Bäckerei Beispiel")))
        await read(boss, "gesendet: 2")
        await tap(boss, "Beenden oder", "Ist vergeben: Bei 2 Menschen")
        await boss.tap("Ist vergeben")
        await samir.reads(said("ar", "interest.told_filled", title=Words("المخبز يبحث عن شخصين")))
        await sees_no_button(lea, "Interesse")
        await read(boss, "Vergeben: Die Knöpfe sind weg")
        await tap(boss, "Beenden oder", "Zurücknehmen: Sie wird bei 2")
        await boss.tap("Zurücknehmen")
        last = {"cause": "broadcast:1:3", "state": "sent"}
        await until(lambda: len(rows(lotse.settings, schema.delivery, **last)) == 2, "ends")
        await lea.settled(lambda seen: "Bäckerei" not in seen.screen(), "nothing of the message")


async def test_interest_is_given_after_a_yes_seen_by_staff_and_taken_back(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss, lea = await admin(lotse, "Rita"), await willing(lotse, "Lea")
        await speaks(await willing(lotse, "Samir"), "العربية")
        await compose(boss)
        await tap(boss, "Senden", "jetzt senden?")
        await tap(boss, "Ja, senden", "von")
        await lea.reads("Die Bäckerei sucht <zwei> {Leute}.")
        await tap(lea, "Ich habe Interesse", "An: Bäckerei Beispiel")
        await lea.tap("Nein, nicht")
        await sees_button(lea, "Ich habe Interesse")
        assert rows(lotse.settings, schema.interest) == []
        await tap(lea, "Ich habe Interesse", "An: Bäckerei Beispiel")
        await tap(lea, "Ja, weitergeben", "Wir geben Ihre Angaben weiter an: Bäckerei Beispiel")
        (one,) = rows(lotse.settings, schema.interest)
        assert (one["state"], one["partner"], one["language"]) == ("open", "Bäckerei Beispiel", "de")
        await boss.reads("Jemand hat Interesse an Ihrer Nachricht 1")

        await read(boss, "gesendet: 1")
        await tap(boss, "Wer hat Interesse?", "Interesse an Nachricht 1: 1 Person")
        await tap(boss, "Nr. 1", "Noch hat niemand angerufen")
        await tap(boss, "Gesprochen", "Interesse an Nachricht 1")
        await lea.send("/mine")
        await lea.reads("Es hat schon jemand mit Ihnen gesprochen")
        await lea.tap("Doch nicht: Die Bäckerei")
        await until(lambda: rows(lotse.settings, schema.interest, state="withdrawn"), "no interest")


async def test_the_audience_is_ticked_and_counted_at_every_tap(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        boss, _ = await admin(lotse, "Rita"), await willing(lotse, "Lea")
        await messages(boss)
        await tap(boss, "Neue Nachricht", "Schreiben Sie den Text jetzt")
        await say(boss, "Für Leute mit B1.", "Entwurf")
        await tap(boss, "Freigeben", "Sie erreicht 1 Person.")
        await tap(boss, "Empfänger", "Alle, die zugestimmt haben.")
        await tap(boss, "Ziele", "Was soll gelten?")
        await tap(boss, "Studieren", "Sie erreicht 0 Menschen.")
        await tap(boss, "Studieren", "Sie erreicht 1 Person.")  # not those
        await sees_button(boss, "🚫 Studieren")
        await tap(boss, "Zurück", "nicht Ziele")


async def send(boss: Phone, words: str) -> None:
    """To the one person there is, for whom it is night."""
    await messages(boss)
    await tap(boss, "Neue Nachricht", "Schreiben Sie den Text jetzt")
    await say(boss, words, "Entwurf")
    await tap(boss, "Freigeben", "Sie erreicht 1 Person.")
    await tap(boss, "Senden", "jetzt senden?")
    await tap(boss, "Ja, senden", "⏳ wartet: 1")


async def test_paused_gone_on_with_and_ended(tmp_path: Path) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        boss, lea = await admin(lotse, "Rita"), await willing(lotse, "Lea")
        time.is_now(datetime(2026, 11, 25, 22, 0, tzinfo=UTC))  # night: it waits for the morning
        await send(boss, "Guten Morgen!")
        await tap(boss, "Anhalten", "angehalten und kann weitergehen")
        await send(boss, "Der Kurs fängt an.")
        time.is_now(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
        await lea.reads("Der Kurs fängt an.")  # the sender has looked at what is due in the morning
        assert rows(lotse.settings, schema.delivery, kind="broadcast")[0]["state"] == "planned"
        await read(boss, "angehalten und kann weitergehen", "Guten Morgen!")
        await tap(boss, "Weiter senden", "Nachricht 1")
        await lea.reads("Guten Morgen!")
        await boss.reads("ist draußen")
