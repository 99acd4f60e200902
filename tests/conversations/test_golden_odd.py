"""People who come back, refuse, are young, err or forge, word for word, as in `golden/`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.inputs import Code
from tests.conversations.people import plain, town
from tests.conversations.persona import Persona, Say, Time, Way
from tests.conversations.transcripts import Golden, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_three_months_later(tmp_path: Path, golden: Golden) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        ivan = await Persona.comes(lotse, "Ivan", "ru", "", "reminders")
        way: Way = {
            "goals": "german",
            "german_level": "A2",
            "courses": "integration",
            "paper": "yes",
            "times": "mornings",
            "hours": Say("20"),
            "support": "none",
            "education": "doctorate",
            "profession": "computing",
            "recognition": "partial",
            "by_when": "year_1",
            "anything": "skip",
            "certificate": "yes",
        }
        await ivan.walks(way)
        await ivan.agrees()
        time.goes_by(days=93)
        await ivan.says("/start", ivan.ui("again.ask"))
        await ivan.phone.tap(ivan.ui("button.go"))
        await ivan.walks({**way, "goals": "kept", "times": "kept", "german_level": "B1"}, "summary.title")
        await ivan.taps(ivan.ui("summary.confirm"), ivan.ui("done.title"))
        time.goes_by(days=200)
        await ivan.says("/start", ivan.ui("again.ask"))
        await ivan.taps(ivan.ui("button.still"), ivan.ui("done.title"))
        golden("three_months_later", await ivan.phone.transcript())


async def test_everything_is_told(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        oksana = await Persona.comes(lotse, "Oksana", "uk")
        way: Way = {
            "goals": ("apprenticeship", "degree", "job"),
            "german_level": "B1",
            "certificate": "yes",
            "paper": "yes",
            "times": ("mornings", "weekend"),
            "hours": Say("12"),
            "support": ("childcare", "laptop"),
            "education": "upper",
            "study_wish": "nursing",
            "papers": ("originals", "translations"),
            "by_when": "years_2",
            "anything": Say("Дякую!\nУ мене двоє дітей."),
        }
        await oksana.walks(way)
        await oksana.agrees("companies", "campus", "vhs")
        await oksana.taps(oksana.ui("button.more"), "1 ")
        more: Way = {
            "certificate_kind": "telc",
            "certificate_month": Say("березень 2024"),
            "paper_from": "agency",
            "uni_papers": "sent",
            "computer": "none",
            "occupation": Say("адвокатка"),
            "apprenticeship_way": "unsure",
            "job_kind": ("part_time", "mini"),
            "licence": "no",
            "reach": "morning",
            "place": (Say("хутір Веселий"), "own_words"),
            "here_since": Say("04.2022"),
        }
        await oksana.walks(more)
        await oksana.taps(oksana.ui("summary.confirm"), oksana.ui("done.title"))
        golden("everything_told", await oksana.phone.transcript())


async def test_somebody_under_16(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        elif_ = Persona(await lotse.phones.new("Elif", "tr"), "tr")
        await elif_.phone.start()
        await elif_.phone.reads(elif_.ui("language.ask"))
        await elif_.taps(elif_.ui("language.name"), elif_.ui("age.ask"))
        await elif_.taps(elif_.ui("age.no"), elif_.text("town.advice_under_16.who"))
        transcript = await elif_.phone.transcript()
        golden("under_16", re.sub(r"\d{4} \d{4}\b", "0000 0000", transcript))


async def test_somebody_refuses_and_comes_back(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        taras = await Persona.reads_the_notice(lotse.phones, "Taras", "uk")
        await taras.taps(taras.ui("consent.no"), plain(taras.ui("refused.text")).split("\n", maxsplit=1)[0])
        await taras.says("/help", "/forget")
        golden("refuses", await taras.phone.transcript())


async def test_odd_answers(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        marc = await Persona.comes(lotse, "Marc", "fr")
        await marc.phone.tap(marc.ui("button.done"))
        await marc.phone.reads_toast(problem(marc, Code.TOO_FEW))
        for goal in ("german", "job", "apprenticeship"):
            await marc.toggles(marc.option("goals", goal))
        await marc.phone.tap(marc.option("goals", "advice"))
        await marc.phone.reads_toast(problem(marc, Code.TOO_MANY))
        await marc.phone.tap(marc.ui("button.done"))
        await marc.phone.reads(marc.ask("german_level"))
        await marc.says("très bien", problem(marc, Code.NOT_UNDERSTOOD))
        way: Way = {
            "german_level": "C2",
            "certificate": "no",
            "times": "afternoons",
            "hours": Say("40"),
            "support": "none",
            "education": "none",
            "profession": "other",
            "years": Say("60"),
            "by_when": "months_3",
            "anything": "skip",
        }
        await marc.walks(way, "hours")
        await marc.says("dix", problem(marc, Code.NOT_A_NUMBER))
        await marc.says("41", problem(marc, Code.OUT_OF_RANGE))
        await marc.walks(way, "anything")
        await marc.says("é" * 1001, problem(marc, Code.TOO_LONG))
        await marc.says("\u200b\u2060", problem(marc, Code.EMPTY))
        await marc.walks(way)
        await marc.agrees()
        await marc.taps(marc.ui("button.more"), "1 ")
        more: Way = {
            "computer": "good",
            "occupation": (Say("conducteur"), "driver_truck"),
            "apprenticeship_way": "direct",
            "job_kind": "internship",
            "licence": "yes",
            "reach": "noon",
            "place": "skip",
        }
        await marc.walks(more, "occupation")
        await marc.says("zzzzqqq", "zzzzqqq")
        await marc.walks(more, "here_since")
        await marc.says("l’an dernier", problem(marc, Code.NOT_A_MONTH))
        await marc.says("03/1950", problem(marc, Code.OUT_OF_YEARS))
        await marc.walks({"here_since": Say("janvier 2020"), "reach": "noon"})
        golden("odd_answers", await marc.phone.transcript())


async def test_forged_buttons(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        mallory = await Persona.comes(lotse, "Mallory", "en")
        await mallory.taps_made_up("t.nonsense.1", problem(mallory, Code.NOT_AN_OPTION))
        await mallory.taps_made_up("skip", problem(mallory, Code.NOT_OPTIONAL))
        await mallory.taps_made_up("decline", problem(mallory, Code.NOT_SENSITIVE))
        await mallory.taps_made_up("y.2020", problem(mallory, Code.WRONG_KIND))
        golden("forged_buttons", await mallory.phone.transcript())
