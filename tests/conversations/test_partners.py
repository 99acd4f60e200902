"""A partner over the real wire: invited from the desk, told of whoever agrees, answers, and sees it go."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.db import schema
from tests.conversations.people import Going, below, plain, rows, tap, town
from tests.conversations.persona import Persona
from tests.conversations.test_opening import PARTNER, opening
from tests.conversations.test_staff import admin
from tests.conversations.transcripts import Golden
from tests.phones import Phone
from tests.running import Lotse
from tests.waiting import until

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TITLE = "Lehre im Pflegeheim"
LINK = re.compile(r"partner-[\w-]{32}")


async def partners_page(boss: Phone) -> None:
    await below(boss, await boss.send("/staff"), "Ihre Rolle")
    await tap(boss, "Freie Stellen", "wie viele Menschen Interesse haben")
    await boss.tap("🤝 Partner")
    await boss.reads("hat einen Chat")
    label = next(one for one in boss.buttons if one.endswith(PARTNER))
    await tap(boss, label, PARTNER)


async def invited(lotse: Lotse, boss: Phone) -> Phone:
    """The partner opens the link, and Rita says who it is."""
    await partners_page(boss)
    await tap(boss, "Einladen", "Einladung für")
    payload = next(word for word in plain(boss.last).replace("start=", " ").split() if word.startswith("partner-"))
    petra = await lotse.phones.new("Petra", "de")
    await petra.start(payload)
    await petra.reads("Das Team bestätigt noch")
    await boss.reads("wartet auf Bestätigung")
    await partners_page(boss)
    await tap(boss, "Bestätigen", "Chat von Petra")
    await petra.reads("Bestätigt.")
    return petra


async def agrees(person: Persona) -> None:
    """On the opening's card: interested, and yes to what is told."""
    await below(person.phone, await person.phone.send("/openings"), TITLE)
    await tap(person.phone, TITLE, "Start ist im Sommer.")
    await tap(person.phone, "Ich habe Interesse", PARTNER)
    await tap(person.phone, "Ja, weitergeben", "Wir geben Ihre Angaben weiter an")


async def test_a_partner_hears_of_whoever_agrees_and_no_longer_than_that(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Going(START)) as lotse:
        boss = await admin(lotse, "Rita")
        await opening(boss, TITLE)
        samir = await Persona.comes(lotse, "Samir", "de", "", "openings")
        await samir.answers("goals", "job")
        await samir.answers("german_level", "B1")
        petra = await invited(lotse, boss)
        await agrees(samir)
        await petra.reads(f"Jemand interessiert sich für: {TITLE}")
        await petra.tap("📞 Wir haben gesprochen")
        await petra.reads("Sie sagen: Wir haben gesprochen.")
        assert [row["state"] for row in rows(lotse.settings, schema.interest)] == ["called"]
        await below(samir.phone, await samir.phone.send("/mine"), "Es hat schon jemand mit Ihnen gesprochen")
        sent = await petra.send("Danke!")
        await below(petra, sent, "Hier schreiben wir Ihnen")
        await petra.transcript()
        await below(samir.phone, await samir.phone.send("/forget"), "löschen")
        await samir.phone.tap("Ja, alles löschen")
        away = {"text_key": "partner.away", "state": "sent"}
        await until(lambda: len(rows(lotse.settings, schema.delivery, **away)) == 1, "the message goes")
        await petra.look()
        assert "Jemand interessiert sich" not in str(petra.state["messages"])
        golden("partner_petra", LINK.sub("partner-...", await petra.transcript()))
        golden("partner_samir", await samir.phone.transcript())
