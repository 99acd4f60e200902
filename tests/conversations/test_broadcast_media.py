"""A picture or file goes with a message to many: sent by its id, corrected, exchanged, taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.db import schema
from bot.telegram import wakes
from tests.conversations.people import Going, plain, rows, say, sees_button, tap, town
from tests.conversations.test_broadcasts import messages, willing
from tests.conversations.test_staff import admin
from tests.phones import Phone
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PICTURE = b"\x89PNG not much of a picture"
PDF = b"%PDF-1.7 not much of a paper"


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock looks after broadcasts more often than people wait."""
    monkeypatch.setattr(wakes, "BROADCAST_SECONDS", 0.3)


async def compose(boss: Phone) -> None:
    """A German text that is released, and the page for what goes with it."""
    await messages(boss)
    await tap(boss, "Neue Nachricht", "Schreiben Sie den Text jetzt in diesen Chat")
    await say(boss, "Komm zum <Fest>!", "Entwurf")
    await tap(boss, "Freigeben", "Sie erreicht 1 Person.")
    await tap(boss, "Bild oder Datei", "Schicken Sie jetzt ein Bild")


async def test_a_picture_goes_out_is_corrected_answered_and_taken_back(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss, lea = await admin(lotse, "Rita"), await willing(lotse, "Lea")
        await compose(boss)
        await boss.send_picture("fest.png", PICTURE, album=7)
        await boss.reads("Ich habe das erste genommen.")
        assert "Ein Bild geht mit." in plain(boss.last)
        await boss.send_picture("zweites.png", PICTURE + b"2", album=7)
        await boss.send_thing("sticker")
        await boss.reads("Das kann nicht mitgehen.")
        kept = rows(lotse.settings, schema.broadcast)[0]["media"]
        assert (kept["medium"], kept["size"], kept["group"]) == ("photo", len(PICTURE), "7")

        await boss.tap("An mich schicken")
        await boss.settled(lambda seen: "photo" in seen.last_message, "the picture")
        assert plain(boss.last) == "Komm zum <Fest>!"
        await sees_button(boss, "Warum ich?")
        await messages(boss)
        await tap(boss, "Komm zum", "Ein Bild geht mit.")
        await tap(boss, "Senden", "jetzt senden?")
        await boss.tap("Ja, senden")
        await lea.settled(lambda seen: "photo" in seen.last_message, "the picture")
        assert plain(lea.last) == "Komm zum <Fest>!"
        first = lea.last_message["message_id"]

        await messages(boss)
        await tap(boss, "Komm zum", "gesendet: 1")
        await tap(boss, "Sprachen", "ist freigegeben")
        await tap(boss, "Deutsch (1)", "Zum Ändern")
        await say(boss, "Kommt zum Fest im Park!", "den alten Text")
        await boss.tap("Freigeben")
        await lea.settled(lambda seen: plain(seen.last) == "Kommt zum Fest im Park!", "the other words")
        assert lea.last_message["message_id"] == first
        assert "photo" in lea.last_message

        await messages(boss)
        await tap(boss, "Kommt zum", "gesendet: 1")
        await tap(boss, "Bild oder Datei", "sofort an der Stelle des alten")
        await boss.send_file("plan.pdf", PDF, "application/pdf")
        await boss.reads("Eine Datei geht mit: plan.pdf")
        await lea.settled(lambda seen: "document" in seen.last_message, "the file in the place of the picture")
        assert lea.last_message["message_id"] == first
        assert plain(lea.last) == "Kommt zum Fest im Park!"

        await lea.tap("Keine solchen Nachrichten")
        await sees_no_rows(lea)
        assert "document" in lea.last_message
        await messages(boss)
        await tap(boss, "Kommt zum", "gesendet: 1")
        await tap(boss, "Beenden oder", "Zurücknehmen: Sie wird bei 1")
        await boss.tap("Zurücknehmen")
        await lea.settled(lambda seen: seen.last_message.get("message_id") != first, "nothing of it")
        methods = {one["method"] for one in await lotse.phones.calls() if one["chat_id"] == str(lea.id)}
        assert {"sendPhoto", "editMessageMedia", "editMessageCaption", "deleteMessage"} <= methods


async def sees_no_rows(phone: Phone) -> None:
    await phone.settled(lambda seen: not seen.buttons, "no buttons")


async def test_a_file_whose_name_lies_does_not_go_and_a_true_one_does(tmp_path: Path) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss, lea = await admin(lotse, "Rita"), await willing(lotse, "Lea")
        await compose(boss)
        await boss.send_file("plan.pdf", PDF, "application/x-msdownload")
        await boss.reads("Ihr Name muss dazu passen.")
        await boss.send_file("leer.pdf", b"", "application/pdf")
        await boss.reads("Die Datei ist leer")
        await lea.send_file("plan.pdf", PDF, "application/pdf")
        assert rows(lotse.settings, schema.broadcast)[0]["media"] is None
        await boss.send_file("plan.pdf", PDF, "application/pdf")
        await boss.reads("Eine Datei geht mit: plan.pdf")
        await tap(boss, "Wegnehmen", "Schicken Sie jetzt ein Bild")
        await boss.send_file("plan.pdf", PDF, "application/pdf")
        await boss.reads("Eine Datei geht mit: plan.pdf")
        await tap(boss, "Zurück", "Eine Datei geht mit: plan.pdf")
        await tap(boss, "Senden", "jetzt senden?")
        await boss.tap("Ja, senden")
        await lea.settled(lambda seen: "document" in seen.last_message, "the file")
        assert lea.last_message["document"]["file_name"] == "plan.pdf"
        await until(lambda: rows(lotse.settings, schema.delivery, kind="broadcast", state="sent"), "its record")
