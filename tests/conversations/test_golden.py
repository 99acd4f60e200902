"""People from /start to the end, word for word. Read the transcripts in `golden/`; refresh them only by
`pytest tests/conversations --refresh-golden`, and read the difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.core.inputs import Code
from bot.core.message import Argument, Text, Words
from bot.core.questionnaire import Kind
from bot.services.questions.problems import OF_FORMS
from tests.conversations.conftest import GOLDEN
from tests.conversations.people import plain, town
from tests.conversations.persona import Persona, Say, Time, Way
from tests.running import minden

pytestmark = pytest.mark.asyncio(loop_scope="module")

Golden = Callable[[str, str], None]

PERSONAS = {
    "brothers_ar": "ar",
    "changes_their_mind": "ru",
    "engineer_from_kabul": "fa",
    "engineer_who_types": "de",
    "everything_told": "uk",
    "forged_buttons": "en",
    "lost_phone_ar": "ar",
    "mechanic_wants_eq": "tr",
    "no_certificates": "ar",
    "nurse_from_aleppo": "ar",
    "odd_answers": "fr",
    "offered_ar": "ar",
    "offered_author": "de",
    "offered_en": "en",
    "offered_fa": "fa",
    "offered_fr": "fr",
    "offered_tr": "tr",
    "offered_uk": "uk",
    "opening_ar": "ar",
    "opening_author": "de",
    "opening_en": "en",
    "opening_fa": "fa",
    "opening_fr": "fr",
    "opening_tr": "tr",
    "opening_uk": "uk",
    "partner_petra": "de",
    "partner_samir": "de",
    "path_ar": "ar",
    "path_uk": "uk",
    "refuses": "uk",
    "student_from_kyiv": "uk",
    "teacher_from_conakry": "fr",
    "three_months_later": "ru",
    "under_16": "tr",
    "unsure_of_the_level": "en",
}
"""Every transcript with its language."""


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


def problem(person: Persona, code: Code) -> str:
    """The beginning of an error text, as far as its first place to fill in."""
    text = minden().texts.label(person.language, Text(f"ui.problem.{code}", PARAMETERS, 7))
    return re.split("7|minimum|maximum", plain(text))[0].rstrip()


PARAMETERS: Mapping[str, Argument] = {"minimum": Words("minimum"), "maximum": Words("maximum")}


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


def transcripts() -> dict[str, tuple[str, str]]:
    """Every kept conversation with its language."""
    kept = {path.stem: plain(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.glob("*.txt"))}
    return {name: (PERSONAS[name], text) for name, text in kept.items()}


async def test_all_languages_and_at_least_twelve_people_are_there() -> None:
    assert set(transcripts()) == set(PERSONAS)
    assert len(PERSONAS) >= 12
    assert set(PERSONAS.values()) == set(minden().languages)


async def test_every_question_is_asked_of_one_of_them() -> None:
    kept = transcripts().values()
    left = {
        one.id
        for one in minden().questionnaire.questions
        if one.kind is not Kind.COMPUTED
        and not any(Persona.ask(_speaker(language), one.id) in text for language, text in kept)
    }
    assert left == set()


async def test_every_error_text_is_read_by_one_of_them() -> None:
    kept = transcripts().values()
    left = {
        code for code in set(Code) - OF_FORMS if not any(problem(_speaker(one), code) in text for one, text in kept)
    }
    # Where nothing is asked there is no card to answer; where a list takes people's own words, all is found.
    assert left == {Code.NOTHING_ASKED, Code.NOT_FOUND}


def _speaker(language: str) -> Persona:
    """Somebody who only knows the words."""
    return Persona(None, language)  # type: ignore[arg-type]
