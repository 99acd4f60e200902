"""Two brothers on one phone, and a phone that is lost: in Arabic, word for word."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.conversations.people import plain, town
from tests.conversations.persona import Persona, Say, Time, Way
from tests.conversations.transcripts import Golden

pytestmark = pytest.mark.asyncio(loop_scope="module")

WAY: Way = {
    "goals": "german",
    "german_level": "A2",
    "courses": "integration",
    "paper": "yes",
    "times": "mornings",
    "hours": Say("20"),
    "support": "none",
    "education": "upper",
    "profession": "computing",
    "years": Say("3"),
    "recognition": "partial",
    "by_when": "year_1",
    "anything": "skip",
    "certificate": "yes",
}


async def test_two_brothers_on_one_phone(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        amal = await Persona.comes(lotse, "Amal", "ar", "", "reminders")
        await amal.walks(WAY)
        await amal.agrees()
        await amal.says("/settings", amal.ui("settings.title"))
        await amal.taps(amal.ui("button.name"), amal.ui("settings.name_ask"))
        await amal.says("أمل", amal.ui("settings.name_saved"))
        await amal.says("/people", amal.ui("people.title"))
        await amal.taps(amal.ui("people.add"), amal.ui("language.ask"))
        await amal.taps("العربية", amal.ui("age.ask"))
        assert amal.ui("people.new") in plain(amal.phone.last)
        await amal.taps(amal.ui("age.yes"), amal.ui("consent.ask"))
        await amal.taps(amal.ui("consent.yes"), amal.ui("consent.start"))
        await amal.taps(amal.ui("consent.next"), amal.ask("goals"))
        await amal.walks({**WAY, "goals": "job", "german_level": "B1"}, "german_level")
        await amal.says("/people", amal.ui("people.title"))
        await amal.taps("👤 أمل", amal.ui("done.title"))
        assert "أمل" in plain(amal.phone.last).split("\n")[0]
        await amal.says("/people", amal.ui("people.title"))
        await amal.taps("👤 ", amal.ask("german_level"))
        golden("brothers_ar", await amal.phone.transcript())


async def test_a_lost_phone(tmp_path: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = count()
    monkeypatch.setattr("bot.services.phones.carrying.secrets.randbelow", lambda below: next(numbers) % below)
    async with town(tmp_path, Time()) as lotse:
        lost = await Persona.comes(lotse, "Amal", "ar", "", "reminders")
        await lost.walks(WAY)
        await lost.agrees()
        await lost.says("/settings", lost.ui("settings.title"))
        await lost.taps(lost.ui("button.paper"), lost.ui("paper.title"))
        await lost.taps(lost.ui("button.paper_make"), "23456-789AS")
        await lost.taps(lost.ui("button.paper_written"), lost.ui("settings.title"))
        assert "23456" not in plain(lost.phone.last)
        found = Persona(await lotse.phones.new("Amal again", "ar"), "ar")
        await found.phone.start("")
        await found.phone.reads(found.ui("language.ask"))
        await found.taps(found.ui("language.name"), found.ui("age.ask"))
        await found.taps(found.ui("button.code"), found.ui("code.ask"))
        await found.says("23456-789AB", found.ui("code.typo"))
        await found.says("23456 789as", found.ui("code.done"))
        golden("lost_phone_ar", await found.phone.transcript())
        await lost.phone.reads(lost.ui("moved.title"))  # at once: the clock stands still
        await lost.says("/start", lost.ui("moved.title"))
