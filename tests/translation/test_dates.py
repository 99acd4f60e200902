"""Dates in German words never go to a machine: they come back in the language's own words, once, or are missed."""

from __future__ import annotations

import pytest

from bot.content.bidi import isolated
from bot.services.translating import Doubt, Translated
from bot.translation.assembling import assembled
from bot.translation.dates import months
from bot.translation.protection import Protector

from .conftest import Bench
from .services import WORD


def kept(text: str) -> list[str]:
    (line,) = Protector((), "en").lines(f"x {text} x")
    return [thing.shown for thing in line.things]


def put(text: str, language: str) -> str:
    (line,) = Protector((), language).lines(text)
    return assembled(line, line.items)[0]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("am 10. November um 18:00", ["10. November", "18:00"]),
        ("am 10. November 2026, 18.30 Uhr", ["10. November 2026", "18.30"]),
        ("am Montag, 10. November", ["10. November"]),
        ("am 1. Mai, 03. märz und 5.Juni", ["1. Mai", "03. märz", "5.Juni"]),
        ("am 10. Nov. 2026, 3. Sept, 4. Dez.", ["10. Nov. 2026", "3. Sept", "4. Dez."]),
        ("vom 10. bis 12. November 2026", ["10.", "12. November 2026"]),
        ("vom 10. bis zum 12. November", ["10.", "12. November"]),
        ("am 10., 11. und 12. November", ["10.", "11.", "12. November"]),
        ("vom Montag, 10. bis Mittwoch, den 12. November", ["10.", "12. November"]),
        ("9./10. Mai, 9.–10. Mai, 9. - 10. Mai", ["9.", "10. Mai"] * 3),
        ("vom 30. November bis 2. Dezember", ["30. November", "2. Dezember"]),
        ("am 10. 11. 2026", ["10. 11. 2026"]),
        ("im November 2026, ab November", []),
        ("der 10. Kurs im Mai, 40. Mai, 3. Maier, 210. Mai", []),
    ],
)
def test_a_date_in_words_is_found(text: str, things: list[str]) -> None:
    assert kept(text) == things


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "10 November / 3 March 2027"),
        ("ar", "10 نوفمبر / 3 مارس 2027"),
        ("fa", "10 نوامبر / 3 مارس 2027"),
        ("fr", "10 novembre / 3 mars 2027"),
        ("ru", "10 ноября / 3 марта 2027\u202fг."),
        ("uk", "10 листопада / 3 березня 2027\u202fр."),
        ("tr", "10 Kasım / 3 Mart 2027"),
    ],
)
def test_it_is_said_in_the_words_of_the_language(language: str, said: str) -> None:
    assert put("10. Nov. / 3. März 2027", language) == said


def test_of_a_span_each_day_has_its_month() -> None:
    assert put("vom 10. bis 12. November", "en") == "vom 10 November bis 12 November"
    assert put("<b>10.</b> November", "ar") == "<b>10.</b> November", "no date is read through bold"
    assert put("am <b>10. November</b>", "uk") == "am <b>10 листопада</b>"


def test_a_day_that_no_calendar_has_stays_as_it_is_written() -> None:
    assert put("am 31. Februar", "en") == "am 31. Februar"
    assert put("am 29. Februar 2027", "ar") == f"am {isolated('29. Februar 2027')}"
    assert put("am 29. Februar", "en") == "am 29 February"
    assert put("vom 30. bis 2. Dezember", "en") == "vom 30. bis 2 December"
    assert put("am 1. Mai", "xx") == "am 1. Mai"


def test_a_sentence_that_ends_in_a_date_has_one_full_stop() -> None:
    assert put("Beginn am 3. März 2027.", "ru") == "Beginn am 3 марта 2027\u202fг."
    assert put("Beginn am 3. März 2027...", "ru") == "Beginn am 3 марта 2027\u202fг...."
    assert put("Beginn am 3. März 2027.", "en") == "Beginn am 3 March 2027."


async def test_no_service_reads_a_date_and_every_language_has_it(bench: Bench) -> None:
    for language, word in WORD.items():
        made = await bench.made("Beginn am Montag, 10. November, um 18:00 Uhr.", to=language)
        assert made.doubts == ()
        assert made.texts[0].startswith(f"{word} {word} {word}, 10 ")
        assert "18:00" in made.texts[0]
        assert any(f"10 {month}" in made.texts[0].casefold() for month in months(language))
    assert not any("ovember" in f"{one.body!r}{one.query}" for one in bench.service.asked)


async def test_a_date_that_was_lost_or_said_twice_puts_the_language_in_doubt(bench: Bench) -> None:
    for speech, doubt in ((lambda *_: "Ми починаємо скоро", Doubt.LOST), (lambda text, _: text * 2, Doubt.DOUBLED)):
        bench.service.speech = speech
        made = await bench.translate("Wir beginnen am 10. November")
        assert isinstance(made, Translated)
        assert (doubt, "10. November") in [(one.doubt, one.what) for one in made.findings]
