"""People from /start to the end, word for word. Read the transcripts in `golden/`; refresh them only by
`pytest tests/conversations --refresh-golden`, and read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.people import town
from tests.conversations.persona import Persona, Say, Time, Way
from tests.conversations.transcripts import Golden

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_nurse_from_aleppo(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        amira = await Persona.comes(lotse, "Amira", "ar", "jobcenter", "reminders")
        way: Way = {
            "goals": ("german", "job", "recognition"),
            "german_level": "B1",
            "certificate": "yes",
            "paper": "decline",
            "times": ("mornings", "weekend"),
            "hours": Say("١٢"),
            "support": "childcare",
            "education": "bachelor",
            "profession": "health",
            "recognition": "advised",
            "by_when": "months_6",
            "anything": Say("أعمل ممرضة منذ 8 سنوات، تخصصي Intensivpflege"),
        }
        await amira.walks(way)
        await amira.agrees("companies")
        await amira.taps(amira.ui("button.more"), "1 ")
        more: Way = {
            "certificate_kind": "dtz",
            "certificate_month": Say("آذار 2025"),
            "occupation": Say("ممرضة"),
            "computer": "good",
            "job_kind": ("full_time", "part_time"),
            "licence": "no",
            "reach": ("morning", "noon"),
            "place": Say("ميندن"),
            "here_since": Say("11/2023"),
        }
        await amira.walks(more, "summary.title")
        await amira.taps(amira.ui("summary.confirm"), amira.ui("done.title"))
        await amira.taps(amira.ui("button.privacy"), amira.ui("privacy.title"))
        golden("nurse_from_aleppo", await amira.phone.transcript())


async def test_a_student_from_kyiv(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        olena = await Persona.comes(lotse, "Olena", "uk", "campus_minden")
        await olena.answers("goals", "degree")
        await olena.answers("german_level", "C1")
        await olena.answers("certificate", "no")
        await olena.phone.reads(olena.ask("times"))
        await olena.taps(olena.ui("button.back"), olena.ask("certificate"))
        await olena.taps(olena.ui("button.back"), olena.ask("german_level"))
        await olena.taps(olena.ui("button.back"), olena.ask("goals"))
        await olena.toggles(olena.option("goals", "advice"))
        await olena.taps(olena.ui("button.save_change"), olena.ask("times"))
        way: Way = {
            "times": ("mornings", "afternoons"),
            "hours": Say("20"),
            "support": ("laptop", "internet"),
            "education": "started",
            "subject": Say("будівництво"),
            "papers": "copies",
            "by_when": "year_1",
            "anything": "skip",
        }
        await olena.walks(way, "hours")
        await olena.says("100", "40")
        await olena.walks(way)
        # She finished school only: another question opens, another answer is put aside, and comes back.
        await olena.taps(olena.line("education"), olena.ask("education"))
        await olena.taps(olena.option("education", "upper"), olena.ask("study_wish"))
        await olena.taps(olena.option("study_wish", "civil"), olena.ui("summary.title"))
        await olena.taps(olena.line("education"), olena.ask("education"))
        await olena.taps(olena.option("education", "started"), "будівництво")
        await olena.agrees("campus")
        golden("student_from_kyiv", await olena.phone.transcript())


async def test_an_engineer_who_types(tmp_path: Path, golden: Golden) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        deniz = Persona(await lotse.phones.new("Deniz", "de"), "de")
        await deniz.says("Guten Tag", "Bitte wählen Sie Ihre Sprache")
        await deniz.says("deutsch", "16 Jahre")
        await deniz.says("Ja, 16 oder älter", "Dürfen wir Ihre Antworten speichern?")
        await deniz.says("ja ich bin einverstanden", "Dürfen wir Ihnen schreiben?")
        await deniz.says("weiter", deniz.ask("goals"))
        await deniz.says("Ich suche eine Stelle", "Das habe ich nicht verstanden.")
        await deniz.says("arbeit finden, beratung bekommen", deniz.ask("german_level"))
        await deniz.says("b2", deniz.ask("certificate"))
        await deniz.says("JA", deniz.ask("paper"))
        await deniz.says("ja", deniz.ask("info_work_course"))
        await deniz.says("verstanden", "Bitte tippen Sie unten auf eine Antwort.")
        await deniz.says("Verstanden, weiter", deniz.ask("times"))
        await deniz.says("/pause", "Ihre Antworten sind gespeichert.")
        time.goes_by(days=7)
        await deniz.taps("Weitermachen", "Willkommen zurück!")
        await deniz.says("Abends, am Wochenende", deniz.ask("hours"))
        await deniz.says("acht", "Bitte schreiben Sie nur eine Zahl")
        await deniz.says("8", deniz.ask("support"))
        await deniz.says("nichts davon", deniz.ask("education"))
        await deniz.says("zurück", deniz.ask("support"))
        await deniz.says("weiter", deniz.ask("education"))
        await deniz.says("Master oder Diplom", deniz.ask("profession"))
        await deniz.says("technik und ingenieurwesen", deniz.ask("recognition"))
        await deniz.phone.send_thing("document")
        await deniz.phone.reads("Ich kann nur Text lesen")
        await deniz.says("noch nichts gemacht", deniz.ask("by_when"))
        await deniz.says("/imprint", "Wer wir sind")
        await deniz.says("weitermachen", deniz.ask("by_when"))
        await deniz.says("später", deniz.ask("anything"))
        await deniz.says("auslassen", deniz.ui("summary.title"))
        await deniz.says("ja, alles stimmt", "Wer darf Ihr Profil sehen?")
        await deniz.says("weiter", "Ihr Profil ist fertig")
        golden("engineer_who_types", await deniz.phone.transcript())


async def test_an_engineer_from_kabul(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        farid = await Persona.comes(lotse, "Farid", "fa", "vhs", "reminders", "openings")
        way: Way = {
            "goals": ("job", "recognition"),
            "german_level": "B2",
            "certificate": "yes",
            "paper": "unsure",
            "times": "evenings",
            "hours": Say("۱۰"),
            "support": "travel",
            "education": "master",
            "profession": "engineering",
            "recognition": "not_started",
            "by_when": "year_1",
            "anything": "skip",
        }
        await farid.walks(way)
        await farid.agrees("companies", "campus")
        await farid.taps(farid.ui("button.more"), "1 ")
        more: Way = {
            "certificate_kind": "goethe",
            "certificate_month": Say("مارس ۲۰۲۵"),
            "computer": "expert",
            "occupation": Say("مهندس عمران"),
            "job_kind": "full_time",
            "licence": "yes",
            "reach": "evening",
            "place": Say("پورتا"),
        }
        await farid.walks(more, "place")
        golden("engineer_from_kabul", await farid.phone.transcript())


async def test_a_teacher_from_conakry(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        fatou = await Persona.comes(lotse, "Fatoumata", "fr")
        way: Way = {
            "goals": ("german", "job"),
            "german_level": "A2",
            "courses": ("other_course", "alone"),
            "paper": "no",
            "times": ("mornings", "afternoons"),
            "hours": Say("15"),
            "support": ("childcare", "travel"),
            "education": "bachelor",
            "profession": "teaching",
            "recognition": "unsure",
            "by_when": "years_2",
            "anything": Say("Je parle aussi soussou et un peu d’anglais."),
        }
        await fatou.walks(way)
        await fatou.agrees()
        golden("teacher_from_conakry", await fatou.phone.transcript())


async def test_a_mechanic_who_wants_eq(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        emre = await Persona.comes(lotse, "Emre", "tr", "", "reminders", "openings")
        way: Way = {
            "goals": ("apprenticeship", "german"),
            "german_level": "A1",
            "courses": "integration",
            "paper": "yes",
            "times": "not_now",
            "support": "none",
            "education": "middle",
            "profession": "building",
            "years": Say("4"),
            "by_when": "months_6",
            "anything": "skip",
        }
        await emre.walks(way)
        await emre.agrees("companies", "vhs")
        await emre.taps(emre.ui("button.more"), "1 ")
        more: Way = {
            "paper_from": "jobcenter",
            "exams": ("dtz_a2", "lid"),
            "computer": "basics",
            "occupation": Say("oto tamircisi"),
            "apprenticeship_way": "eq",
            "licence": "yes",
            "reach": ("afternoon", "evening"),
            "place": Say("porta"),
            "here_since": ("skip",),
        }
        await emre.walks(more)
        await emre.taps(emre.ui("summary.confirm"), emre.ui("done.title"))
        golden("mechanic_wants_eq", await emre.phone.transcript())


async def test_somebody_changes_their_mind_three_times(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        lena = await Persona.comes(lotse, "Lena", "ru")
        way: Way = {
            "goals": "undecided",
            "german_level": "none",
            "paper": "no",
            "times": "weekend",
            "hours": Say("6"),
            "support": "decline",
            "education": "institute",
            "profession": "office",
            "years": Say("1"),
            "anything": "skip",
            "by_when": "later",
            "study_wish": "other",
            "papers": ("originals", "translations"),
            "recognition": "applied",
        }
        await lena.walks(way)
        for goal, instead in (("job", "undecided"), ("degree", "job"), ("recognition", "degree")):
            await lena.taps(lena.line("goals"), lena.ask("goals"))
            if instead != "undecided":
                await lena.toggles(lena.option("goals", instead), "⬜")
            await lena.answers("goals", goal)
            await lena.walks(way)
        await lena.agrees()
        golden("changes_their_mind", await lena.phone.transcript())


async def test_somebody_unsure_of_the_level(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        sara = await Persona.comes(lotse, "Sara", "en")
        way: Way = {
            "goals": ("german", "advice"),
            "german_level": "unsure",
            "can_do_items": ("introduce", "shop", "everyday", "phone"),
            "paper": "no",
            "times": "evenings",
            "hours": Say("8"),
            "support": "internet",
            "education": "unsure",
            "profession": "none",
            "by_when": "unsure",
            "anything": "skip",
        }
        await sara.walks(way)
        await sara.taps(sara.line("can_do_items"), sara.ask("can_do_items"))
        await sara.answers("can_do_items", "nothing")
        await sara.walks(way)
        await sara.agrees()
        golden("unsure_of_the_level", await sara.phone.transcript())


async def test_a_degree_without_certificates(tmp_path: Path, golden: Golden) -> None:
    async with town(tmp_path, Time()) as lotse:
        yusuf = await Persona.comes(lotse, "Yusuf", "ar")
        way: Way = {
            "goals": "degree",
            "german_level": "B2",
            "certificate": "no",
            "paper": "yes",
            "times": ("mornings", "afternoons", "evenings"),
            "hours": Say("25"),
            "support": "laptop",
            "education": "upper",
            "study_wish": "computing",
            "papers": "none",
            "by_when": "year_1",
            "anything": "skip",
        }
        await yusuf.walks(way)
        await yusuf.agrees("campus")
        golden("no_certificates", await yusuf.phone.transcript())
