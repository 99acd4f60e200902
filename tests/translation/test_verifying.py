"""Whether words read as a translation."""

from __future__ import annotations

import pytest

from bot.services.translating import Doubt
from bot.translation.protection import Line
from bot.translation.verifying import doubts_about_words, script_of

LONG = "Der Kurs für Anfänger beginnt am Montag und dauert drei Monate."


def doubts(given: str, made: str, target: str, source: str = "de") -> set[Doubt]:
    return {doubt for doubt, _ in doubts_about_words(Line("", (given,), (), ""), made, source, target)}


@pytest.mark.parametrize(
    ("made", "target"),
    [
        ("The beginners’ course starts on Monday and lasts three months.", "en"),
        ("Le cours pour débutants commence lundi et dure trois mois.", "fr"),
        ("Başlangıç kursu pazartesi günü başlıyor ve üç ay sürüyor.", "tr"),
        ("Курс для начинающих начинается в понедельник и длится три месяца.", "ru"),
        ("Курс для початківців починається в понеділок і триває три місяці.", "uk"),
        ("تبدأ دورة المبتدئين يوم الاثنين وتستمر ثلاثة أشهر.", "ar"),
        ("دوره مبتدی‌ها دوشنبه شروع می‌شود و سه ماه طول می‌کشد.", "fa"),
        ("دورهٔ مبتدیان روز دوشنبه شروع می‌شود و سه ماه دوام می‌کند.", "prs"),
        ("初级课程星期一开始，为期三个月。", "zh"),
        ("Kursa destpêkê duşemê dest pê dike û sê mehan dom dike.", "ku"),
    ],
)
def test_a_good_translation_is_not_doubted(made: str, target: str) -> None:
    assert doubts(LONG, made, target) == set()


@pytest.mark.parametrize(
    ("given", "made", "target", "expected"),
    [
        (LONG, LONG, "en", {Doubt.SAME}),
        (LONG, LONG.upper() + "!", "uk", {Doubt.SAME}),
        ("Anmelden", "Anmelden", "ru", {Doubt.SAME}),
        ("Information", "Information", "en", set()),
        (LONG, "The beginners’ course starts on Monday and lasts three months.", "ar", {Doubt.SCRIPT}),
        (LONG, "Kurs dlya nachinayushchikh nachinayetsya v ponedelnik i", "ru", {Doubt.SCRIPT, Doubt.GERMAN}),
        (LONG, "تبدأ دورة المبتدئين يوم الاثنين وتستمر ثلاثة أشهر.", "uk", {Doubt.SCRIPT}),
        (LONG, "Курс для начинающих начинается в понедельник и длится три", "en", {Doubt.SCRIPT}),
        (LONG, "Monday.", "en", {Doubt.LENGTH}),
        (LONG, "The course starts. " * 12, "en", {Doubt.LENGTH}),
        (LONG, "The course für beginners starts on Monday und lasts three months.", "en", {Doubt.GERMAN}),
        (LONG, "Курс для Anfänger начинается am Montag и длится три месяца.", "ru", {Doubt.GERMAN}),
        ("Er beginnt im Oktober 2026.", "It begins in Oktober 2026.", "en", {Doubt.GERMAN}),
        ("Er beginnt im März.", "Il commence en März.", "fr", {Doubt.GERMAN}),
        ("Er beginnt im Oktober.", "Он начинается в Oktober.", "ru", {Doubt.GERMAN}),
        ("Er beginnt im November.", "It begins in November.", "en", set()),
        ("Es kommt Jan.", "Jan is coming.", "en", set()),
        ("Es sind 12 Plätze frei.", "There are 21 places left.", "en", {Doubt.NUMBERS}),
        ("Es sind 12 Plätze frei.", "There are places left.", "en", {Doubt.NUMBERS}),
        ("Es sind noch Plätze frei.", "There are 3 places left.", "en", {Doubt.NUMBERS}),
        ("Es sind 12 Plätze frei.", "هناك ١٢ مكانًا شاغرًا.", "ar", set()),
        ("Es sind 12 Plätze frei.", "۱۲ جا خالی است.", "fa", set()),
    ],
)
def test_what_is_doubted(given: str, made: str, target: str, expected: set[Doubt]) -> None:
    assert doubts(given, made, target) == expected


def test_german_is_looked_for_only_where_it_was_the_source() -> None:
    assert doubts("The course is für you und me.", "The course ist für you und me all", "en", source="en") == set()


@pytest.mark.parametrize(
    ("language", "script"),
    [("ar", "ARABIC"), ("prs", "ARABIC"), ("ps", "ARABIC"), ("ckb", "ARABIC"), ("uk", "CYRILLIC"), ("ti", "ETHIOPIC"),
     ("so", "LATIN"), ("bn", "BENGALI"), ("zh", ""), ("xx", "")],
)  # fmt: skip
def test_every_script_of_the_town_is_known(language: str, script: str) -> None:
    assert script_of(language) == script
