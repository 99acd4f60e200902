"""The life of an opening, word for word: written in German, read in six languages, answered, corrected, filled."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.content.locales import german_name
from bot.db import schema
from tests.conversations.by_hand import Looks, follows
from tests.conversations.people import Going, Time, below, plain, rows, say, sees_button, sees_no_button, tap, town
from tests.conversations.persona import Persona
from tests.conversations.test_broadcasts import messages, read
from tests.conversations.test_staff import PAYLOAD, admin
from tests.conversations.transcripts import Golden
from tests.phones import Phone
from tests.running import Lotse
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
GERMAN = "Ausbildung in der Pflege: 2 freie Plätze."
PEOPLE = {"ar": "Samir", "en": "Grace", "fa": "Reza", "fr": "Aminata", "tr": "Elif", "uk": "Olena"}
TEXTS = {
    "ar": "تدريب مهني في التمريض: مكانان شاغران.",
    "en": "Apprenticeship in nursing: 2 free places.",
    "fa": "کارآموزی در پرستاری: 2 جای خالی.",
    "fr": "Apprentissage en soins : 2 places libres.",
    "tr": "Hemşirelikte meslek eğitimi: 2 boş yer.",
    "uk": "Навчання за фахом медсестри: 2 вільні місця.",
}
TOLD = {"text_key": "ui.interest.told_filled", "state": "sent"}
CORRECTED = "Apprentissage en soins infirmiers : 2 places libres."


async def compose(boss: Phone) -> None:
    """With a button for those who are interested, in German and the six languages, each released by a human."""
    await messages(boss)
    await tap(boss, "Neue Nachricht", "Schreiben Sie den Text jetzt in diesen Chat")
    await say(boss, GERMAN, "Entwurf")
    await tap(boss, "Freigeben", "6 Menschen warten auf:")
    await tap(boss, "Einstellungen", "Stimmt alles?")
    await tap(boss, "Knopf", "Welcher Knopf steht darunter?")
    await tap(boss, "Ich habe Interesse", "Stimmt alles?")
    await tap(boss, "Speichern", "Nachricht 1")
    for language, text in TEXTS.items():
        await translate(boss, language, text)
    await read(boss, "Sie erreicht 6 Menschen.", GERMAN[:20])
    assert "warten auf" not in plain(boss.last)


async def translate(boss: Phone, language: str, text: str) -> None:
    """One language is written, and stood for."""
    await read(boss, "Nachricht 1", GERMAN[:20])
    await tap(boss, "Sprachen", "ist freigegeben")
    await tap(boss, f"{german_name(language)} (1)", "Nachricht 1")
    await say(boss, text, text)
    await tap(boss, "Freigeben", "Freigegeben von Rita")


async def of_author(boss: Phone) -> str:
    """What the author saw, without what is another word each time: the link, and the minute of a tap."""
    seen = PAYLOAD.sub("team-...", await boss.transcript())
    return re.sub(r"(Interesse seit: .*, )\d\d:\d\d", r"\g<1>...", seen)


async def sent(lotse: Lotse, number: int) -> None:
    """So many people have got it, and that is written down."""
    been = {"kind": "broadcast", "state": "sent"}
    await until(lambda: len(rows(lotse.settings, schema.delivery, **been)) == number, f"{number} records")


async def changed(lotse: Lotse, round_: int, number: int) -> None:
    """So many copies were changed in a round."""
    last = {"cause": f"broadcast:1:{round_}", "state": "sent"}
    await until(lambda: len(rows(lotse.settings, schema.delivery, **last)) == number, f"round {round_}")


async def goes_out(lotse: Lotse, boss: Phone, time: Time, looks: Looks, last: Phone) -> None:
    """It goes out before the author's eyes; the last one's phone cannot be reached at first."""
    await lotse.phones.fault("500", method="sendMessage", chat_id=last.id)
    await tap(boss, "Ja, senden", "Die Empfänger werden gerade zusammengestellt")
    await boss.transcript()
    await looks()
    await sent(lotse, len(PEOPLE) - 1)
    await follows(looks, boss, "5 von 6")
    await boss.transcript()
    await lotse.phones.calm()
    time.is_now(time() + timedelta(minutes=10))
    await sent(lotse, len(PEOPLE))
    await follows(looks, boss, "6 von 6")
    await boss.reads("✅ Ihre Nachricht 1 ist draußen. Gesendet: 6.")


async def test_the_life_of_an_opening_in_six_languages(tmp_path: Path, golden: Golden, looks: Looks) -> None:
    time = Going(START)
    async with town(tmp_path, time) as lotse:
        boss = await admin(lotse, "Rita")
        people = {
            language: await Persona.comes(lotse, name, language, "", "openings") for language, name in PEOPLE.items()
        }
        samir, grace, olena = people["ar"], people["en"], people["uk"]
        await compose(boss)
        await tap(boss, "Senden", "jetzt senden?")
        assert "An 6 Menschen." in plain(boss.last)
        await goes_out(lotse, boss, time, looks, olena.phone)
        for language, one in people.items():
            await one.phone.reads(TEXTS[language])

        await samir.taps(samir.ui("button.interest"), samir.ui("interest.given"))
        await boss.reads("Jemand hat Interesse an Ihrer Nachricht 1")
        await olena.taps(olena.ui("button.interest"), olena.ui("interest.given"))
        await olena.phone.tap(olena.ui("button.interest_back"))
        await sees_button(olena.phone, olena.ui("button.interest"))
        await grace.taps(grace.ui("button.unwanted"), grace.ui("interest.not_me"))
        await people["fa"].phone.tap(people["fa"].ui("button.why"))
        await people["fa"].phone.reads_toast(people["fa"].ui("why.everybody"))
        assert [row["state"] for row in rows(lotse.settings, schema.interest)] == ["open", "withdrawn"]
        await read(boss, "gesendet: 6", GERMAN[:20])
        await tap(boss, "Wer hat Interesse?", "Interesse an Nachricht 1: 1 Person")
        await tap(boss, "Nr. 1", "Noch hat niemand angerufen")
        await tap(boss, "Gesprochen", "Interesse an Nachricht 1")

        await translate(boss, "fr", CORRECTED)
        await people["fr"].phone.reads(CORRECTED)
        await changed(lotse, 1, 1)
        for one in people.values():
            await one.phone.transcript()  # everybody has looked before it changes again
        await adds_a_link(boss)
        await changed(lotse, 2, 6)
        for language in ("fa", "fr", "tr", "uk"):
            await sees_button(people[language].phone, people[language].ui("button.link"))
        await follows(looks, boss, "geändert: 6 von 6")
        for one in people.values():
            await one.phone.transcript()
        await read(boss, "gesendet: 6", GERMAN[:20])
        await tap(boss, "Beenden oder", "Ist vergeben: Bei 6 Menschen")
        await tap(boss, "Ist vergeben", "Vergeben: Die Knöpfe sind weg")
        for one in people.values():
            if one is not samir:
                await one.phone.reads(one.ui("interest.filled"))
        await until(lambda: len(rows(lotse.settings, schema.delivery, **TOLD)) == 1, "a word to who waits")
        await changed(lotse, 3, 6)
        for language, one in people.items():
            golden(f"opening_{language}", await one.phone.transcript())

        await follows(looks, boss, "geändert: 6 von 6")
        await tap(boss, "Beenden oder", "Zurücknehmen: Sie wird bei 6 Menschen gelöscht")
        await tap(boss, "Zurücknehmen", "Sie wurde zurückgenommen")
        await changed(lotse, 4, 6)
        await follows(looks, boss, "geändert: 6 von 6")
        golden("opening_author", await of_author(boss))
        for language in ("en", "fa", "tr", "uk"):
            await one_has_nothing(people[language].phone, TEXTS[language])
        await one_has_nothing(people["fr"].phone, CORRECTED)


async def one_has_nothing(phone: Phone, text: str) -> None:
    """Nothing of the message is left in the chat."""
    await phone.settled(lambda seen: text not in plain(seen.screen()), "nothing of it")


async def adds_a_link(boss: Phone) -> None:
    """What was forgotten: the link below it."""
    await read(boss, "gesendet: 6", GERMAN[:20])
    await tap(boss, "Knopf, Link, Tag", "Stimmt alles?")
    await tap(boss, "Link", "Soll ein Link darunter stehen?")
    await say(boss, "https://example.org/pflege", "Stimmt alles?")
    await tap(boss, "Speichern", "Link: https://example.org/pflege")


PARTNER = "Pflegeheim Musterhaus"


async def opening(boss: Phone, name: str) -> None:
    """A new opening of the partner by the form, for everybody."""
    await below(boss, await boss.send("/staff"), "Ihre Rolle")
    await tap(boss, "Freie Stellen", "wie viele Menschen Interesse haben")
    await tap(boss, "Neue freie Stelle", "Was ist frei?")
    await tap(boss, "Ausbildung", "Wie heißt die Stelle?")
    await say(boss, name, "Worum geht es?")
    await say(boss, "Start ist im Sommer.", "Wer bietet sie an?")
    await tap(boss, "Auslassen", "Wie heißt der Ort?")
    await tap(boss, "Auslassen", "Gibt es einen Link dazu?")
    await tap(boss, "Auslassen", "Bis zu welchem Tag ist sie zu haben?")
    await tap(boss, "Auslassen", "Wem dürfen wir sagen, wer Interesse hat?")
    await say(boss, PARTNER, "Welches Deutsch braucht man mindestens?")
    await tap(boss, "Auslassen", "Welche Ziele passen dazu?")
    await tap(boss, "Auslassen", "Stimmt alles?")
    await tap(boss, "Speichern", "Art: Ausbildung")


async def offer(boss: Phone) -> None:
    """A new opening, and the message about it, in German."""
    await opening(boss, GERMAN)
    await tap(boss, "Zu wem passt sie?", "Sie passt zu 6 Menschen")
    await tap(boss, "Diesen Menschen schreiben", "Start ist im Sommer.")
    await tap(boss, "Freigeben", "6 Menschen warten auf:")


async def opens(boss: Phone, hope: str) -> None:
    """The page of the opening."""
    await below(boss, await boss.send("/staff"), "Ihre Rolle")
    await tap(boss, "Freie Stellen", "wie viele Menschen Interesse haben")
    await tap(boss, GERMAN[:20], hope)


async def test_the_life_of_an_opening_that_is_an_offer_in_six_languages(
    tmp_path: Path, golden: Golden, looks: Looks
) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss = await admin(lotse, "Rita")
        people = {
            language: await Persona.comes(lotse, name, language, "", "openings") for language, name in PEOPLE.items()
        }
        await offer(boss)
        for language, text in TEXTS.items():
            await translate(boss, language, text)
        await read(boss, "Sie erreicht 6 Menschen.", GERMAN[:20])
        await tap(boss, "Senden", "jetzt senden?")
        await tap(boss, "Ja, senden", "Die Empfänger werden gerade zusammengestellt")
        await boss.transcript()
        await looks()
        for language, one in people.items():
            await one.phone.reads(TEXTS[language])
        await sent(lotse, len(PEOPLE))
        await follows(looks, boss, "6 von 6")
        await boss.reads("✅ Ihre Nachricht 1 ist draußen. Gesendet: 6.")

        # By the message, by the card behind it, and by the list: one interest each.
        samir, grace, aminata, olena = people["ar"], people["en"], people["fr"], people["uk"]
        await samir.taps(samir.ui("button.interest"), PARTNER)
        await samir.taps(samir.ui("button.interest_yes"), PARTNER)
        await boss.reads("Jemand hat Interesse")
        # The opening's own card has no translation: it is German under a mark, its buttons with it. What one agrees
        # to is asked in one's own language.
        await aminata.phone.tap(aminata.ui("button.details"))
        await aminata.phone.reads("Start ist im Sommer.")
        await tap(aminata.phone, "Ich habe Interesse", PARTNER)
        await tap(aminata.phone, aminata.ui("button.interest_yes"), "Wir geben Ihre Angaben weiter an")
        await below(grace.phone, await grace.phone.send("/openings"), "only in German so far")
        await tap(grace.phone, grace.ui("button.apart"), "Start ist im Sommer.")
        await tap(grace.phone, "Ich habe Interesse", PARTNER)
        await grace.phone.tap(grace.ui("button.interest_no"))
        await sees_button(grace.phone, "Ich habe Interesse")
        await olena.taps(olena.ui("button.unwanted"), olena.ui("interest.not_me"))
        told = [(row["offer_id"], row["broadcast_id"]) for row in rows(lotse.settings, schema.interest)]
        assert told == [("own_1", None)] * 2

        await opens(boss, "wartet auf Sie: 2")
        await tap(boss, "Wer hat Interesse?", "(2 Menschen)")
        await tap(boss, "Nr. 1", "Die Angaben dürfen weitergegeben werden an")
        await tap(boss, "Hat geklappt", "(2 Menschen)")
        await opens(boss, "hat geklappt: 1")
        await tap(boss, "Ist vergeben", "Ist die Stelle vergeben?")
        await tap(boss, "Ist vergeben", "🔒 Vergeben")
        for language in ("fa", "tr"):
            await people[language].phone.reads(people[language].ui("interest.filled"))
        await samir.phone.reads(samir.ui("interest.won"))
        await until(lambda: len(rows(lotse.settings, schema.delivery, **TOLD)) == 1, "a word to who waits")
        await changed(lotse, 1, 6)
        golden("offered_author", await of_author(boss))
        await tap(grace.phone, "Ich habe Interesse", "Leider schon vergeben.")
        await sees_no_button(grace.phone, "Ich habe Interesse")
        for language, one in people.items():
            golden(f"offered_{language}", await one.phone.transcript())
