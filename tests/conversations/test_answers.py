"""Giving answers: back and forth, changes from the summary, and what is typed where a button is expected."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.core.message import Text
from tests.conversations.people import (
    ANYTHING,
    CERTIFICATE,
    EDUCATION,
    GOALS,
    HOURS,
    IQUI,
    LEVEL,
    PAPER,
    PROFESSION,
    SUMMARY,
    SUPPORT,
    TALK,
    TIMES,
    WALK,
    YEARS,
    answers_of,
    aside_of,
    asked,
    known,
    newcomer,
    plain,
    said,
    say,
    sees_button,
    tap,
)
from tests.phones import Phone
from tests.running import Lotse, minden

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_back_through_all_questions_and_forward_again_changes_nothing(lotse: Lotse) -> None:
    anna = await asked(lotse, ANYTHING)
    before = answers_of(lotse, anna)
    cards = [question for question, _ in WALK]
    for question in reversed(cards[:-1]):
        await tap(anna, "◀️ Zurück", question)
    assert not any("Zurück" in one for one in anna.buttons)
    assert "✅ Deutsch lernen" in anna.buttons, "the answer there is shows"
    for before_it, question in pairwise(cards):
        await tap(anna, "Verstanden, weiter" if before_it == IQUI else "▶️ Weiter", question)
    assert not any("Weiter" in one for one in anna.buttons)
    assert answers_of(lotse, anna) == before


async def test_going_back_shows_the_chosen_option(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    await tap(anna, "◀️ Zurück", LEVEL)
    assert "✓ B1" in [plain(one) for one in anna.buttons]


async def test_ticks_that_were_not_confirmed_do_not_change_the_answer(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    await tap(anna, "◀️ Zurück", GOALS)
    await anna.tap("✅ Deutsch lernen")
    await sees_button(anna, "⬜ Deutsch lernen")
    await tap(anna, "▶️ Ohne Änderung weiter", LEVEL)
    assert answers_of(lotse, anna)["goals"] == ["german", "job"]
    await tap(anna, "◀️ Zurück", GOALS)
    assert "✅ Deutsch lernen" in anna.buttons


async def test_a_line_of_the_summary_is_changed_by_one_tap(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    assert "Pro Woche können Sie 10 Stunden lernen." in plain(anna.last)
    await tap(anna, "✏️ Pro Woche", HOURS)
    await say(anna, "1", SUMMARY)
    assert "Pro Woche können Sie 1 Stunde lernen.\n" in plain(anna.last)


async def test_back_from_a_line_of_the_summary_leads_to_the_summary(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    await tap(anna, "✏️ Deutsch", LEVEL)
    await tap(anna, "◀️ Zurück", SUMMARY)
    assert "Ihr Deutsch hat das Niveau B1." in plain(anna.last)


async def test_the_summary_has_a_line_and_a_button_for_every_answer(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    paragraphs = plain(anna.last).split("\n\n")[1:]
    assert "\n".join(paragraphs).split("\n") == [
        "Sie möchten Deutsch lernen und Arbeit finden.",
        "Ihr Deutsch hat das Niveau B1.",
        "Sie haben ein Zertifikat für Ihr Niveau.",
        "Sie haben kein Papier für einen Deutschkurs.",
        "Sie können vormittags lernen.",
        "Pro Woche können Sie 10 Stunden lernen.",
        "Hilfe: Dazu möchten Sie nichts sagen.",
        "Sie waren 12 oder 13 Jahre in der Schule.",
        "Am meisten haben Sie im Bereich Computer und IT gearbeitet.",
        "Sie haben dort 5 Jahre gearbeitet.",
        "Ihr Ziel möchten Sie in einem Jahr erreichen.",
        "Noch etwas: Das haben Sie ausgelassen.",
    ]
    assert [plain(one) for one in anna.buttons] == [
        *("✏️ Ziele", "✏️ Deutsch", "✏️ Zertifikat", "✏️ Papier für Kurs", "✏️ Lernzeiten", "✏️ Pro Woche"),
        *("✏️ Hilfe", "✏️ Abschluss", "✏️ Bereich", "✏️ Erfahrung", "✏️ Bis wann", "✏️ Noch etwas"),
        *("✅ Ja, alles stimmt", TALK),
    ]


async def test_answers_that_no_longer_apply_are_put_aside_and_come_back(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    await tap(anna, "✏️ Deutsch", LEVEL)
    await tap(anna, "C1", SUMMARY)
    assert "Sie haben ein Zertifikat für Ihr Niveau." in plain(anna.last)
    assert "Papier" not in plain(anna.last)
    assert aside_of(lotse, anna) == {"paper"}
    await tap(anna, "✏️ Deutsch", LEVEL)
    await tap(anna, "Noch kein Deutsch", "Auch ohne Papier für den Kurs geht etwas")
    await tap(anna, "Verstanden, weiter", SUMMARY)
    assert "Zertifikat" not in plain(anna.last)
    assert "Sie haben kein Papier für einen Deutschkurs." in plain(anna.last)
    assert aside_of(lotse, anna) == {"certificate"}
    await tap(anna, "✏️ Deutsch", LEVEL)
    await tap(anna, "B2", SUMMARY)
    assert "Sie haben ein Zertifikat für Ihr Niveau." in plain(anna.last)
    assert "Sie haben kein Papier für einen Deutschkurs." in plain(anna.last)
    assert aside_of(lotse, anna) == set()


async def test_a_change_that_opens_a_question_asks_it_and_comes_back_to_the_summary(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    await tap(anna, "✏️ Deutsch", LEVEL)
    await tap(anna, "A2", "Wo haben Sie bisher Deutsch gelernt?")
    await anna.tap("Allein oder mit Freunden")
    await sees_button(anna, "✅ Allein")
    await tap(anna, "Fertig", SUMMARY)
    assert "Deutsch gelernt haben Sie allein oder mit Freunden." in plain(anna.last)


async def test_only_an_optional_question_can_be_skipped_and_only_a_sensitive_one_declined(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    version = anna.last_message["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(".")[0]
    await anna.tap_data(f"{version}.skip", message_id=anna.last_message["message_id"])
    await anna.reads_toast("Diese Frage brauchen wir.")
    await anna.tap_data(f"{version}.decline", message_id=anna.last_message["message_id"])
    await anna.reads_toast("Bitte wählen Sie eine Antwort.")
    assert set(answers_of(lotse, anna)) == {"goals"}


async def test_a_multiple_choice_keeps_its_limits(lotse: Lotse) -> None:
    anna = await asked(lotse)
    await anna.tap("Fertig")
    await anna.reads_toast("Bitte wählen Sie mindestens 1 Antwort.")
    for label in ("Deutsch lernen", "Arbeit finden", "Studieren"):
        await anna.tap(label)
        await sees_button(anna, f"✅ {label}")
    await anna.tap("Beratung bekommen")
    await anna.reads_toast("Bitte wählen Sie höchstens 3 Antworten.")
    await anna.transcript()
    assert "⬜ Beratung bekommen" in anna.buttons
    await anna.tap("Ich weiß es noch nicht")
    await sees_button(anna, "✅ Ich weiß es noch nicht")
    assert sum("✅" in one for one in anna.buttons) == 1, "an exclusive option stands alone"
    await anna.tap("Studieren")
    await sees_button(anna, "⬜ Ich weiß es noch nicht")
    await tap(anna, "Fertig", LEVEL)
    assert answers_of(lotse, anna)["goals"] == ["degree"]


@pytest.mark.parametrize(
    ("question", "words", "reason"),
    [
        (HOURS, "zehn", "Bitte schreiben Sie nur eine Zahl"),
        (HOURS, "10 Stunden", "Bitte schreiben Sie nur eine Zahl"),
        (HOURS, "2,5", "Bitte schreiben Sie nur eine Zahl"),
        (HOURS, "41", "Bitte schreiben Sie eine Zahl von 1 bis 40."),
        (HOURS, "0", "Bitte schreiben Sie eine Zahl von 1 bis 40."),
        (HOURS, "-5", "Bitte schreiben Sie eine Zahl von 1 bis 40."),
        (HOURS, "9" * 30, "Bitte schreiben Sie nur eine Zahl"),
        (LEVEL, "ganz gut", "Das habe ich nicht verstanden."),
        (GOALS, "Deutsch lernen und tanzen", "Das habe ich nicht verstanden."),
        (GOALS, "Deutsch lernen, Arbeit finden, Studieren, Beratung bekommen", "höchstens 3 Antworten"),
        (GOALS, "Ich weiß es noch nicht, Studieren", "Das habe ich nicht verstanden."),
        (ANYTHING, "x" * 1001, "Das ist zu lang. Bitte schreiben Sie höchstens 1.000 Zeichen."),
        (ANYTHING, "\u2066\u2069 \u200f", "Bitte schreiben Sie ein paar Wörter."),
        (CERTIFICATE, "vielleicht", "Das habe ich nicht verstanden."),
        (LEVEL, "👍", "Das habe ich nicht verstanden."),
    ],
)
async def test_words_that_are_no_answer_get_a_friendly_word_and_the_card_again(
    lotse: Lotse, question: str, words: str, reason: str
) -> None:
    anna = await asked(lotse, question)
    before, buttons = known(lotse, anna), anna.buttons
    await say(anna, words, reason)
    assert question in plain(anna.last)
    assert anna.buttons == buttons
    assert known(lotse, anna) == before


@pytest.mark.parametrize(
    ("question", "words", "following", "stored"),
    [
        (HOURS, "٨", SUPPORT, ("hours", 8)),
        (HOURS, "۱۲", SUPPORT, ("hours", 12)),
        (HOURS, " 40 ", SUPPORT, ("hours", 40)),
        (LEVEL, "b1", CERTIFICATE, ("german_level", "B1")),
        (LEVEL, "noch KEIN deutsch!", PAPER, ("german_level", "none")),
        (PROFESSION, "buro verwaltung recht", "Wie viele Jahre", ("profession", "office")),
        (PROFESSION, "BÜRO, VERWALTUNG, RECHT", "Wie viele Jahre", ("profession", "office")),
        (CERTIFICATE, "ja", PAPER, ("certificate", "yes")),
        (GOALS, "deutsch lernen, arbeit finden", LEVEL, ("goals", ["german", "job"])),
        (GOALS, "Studieren\nDeutsch lernen", LEVEL, ("goals", ["german", "degree"])),
        (SUPPORT, "möchte ich nicht sagen", EDUCATION, ("support", "declined")),
        (ANYTHING, "auslassen", SUMMARY, ("anything", "skipped")),
        (ANYTHING, "  Zwei\n Zeilen ", SUMMARY, ("anything", "Zwei\nZeilen")),
        (ANYTHING, "x" * 1000, SUMMARY, ("anything", "x" * 1000)),
    ],
)
async def test_typed_words_count_as_the_button_they_name(
    lotse: Lotse, question: str, words: str, following: str, stored: tuple[str, object]
) -> None:
    anna = await asked(lotse, question)
    await say(anna, words, following)
    name, value = stored
    assert answers_of(lotse, anna)[name] == value


async def test_typed_labels_of_the_navigation_are_understood(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    await say(anna, "zurück", LEVEL)
    await say(anna, "WEITER", CERTIFICATE)
    await say(anna, "Pause", "Ihre Antworten sind gespeichert.")
    await say(anna, "weitermachen", CERTIFICATE)
    assert set(answers_of(lotse, anna)) == {"goals", "german_level"}


async def test_fertig_may_be_typed(lotse: Lotse) -> None:
    anna = await asked(lotse)
    await anna.tap("Studieren")
    await sees_button(anna, "✅ Studieren")
    await say(anna, "fertig", LEVEL)
    assert answers_of(lotse, anna)["goals"] == ["degree"]


async def test_typed_words_count_before_the_first_question_too(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    await say(anna, "deutsch", "16 Jahre")
    await say(anna, "klar", "Bitte tippen Sie unten auf eine Antwort.")
    await say(anna, "ja, 16 oder älter", "Dürfen wir Ihre Antworten speichern?")
    await say(anna, "Ja ich bin einverstanden", "Dürfen wir Ihnen schreiben?")
    await say(anna, "weiter", GOALS)


async def test_in_arabic_letter_variants_and_digits_do_not_matter(lotse: Lotse) -> None:
    amira = await arab(lotse)
    label = option("goals", "german")
    await say(amira, label.replace("ة", "ه").replace("أ", "ا").replace("ي", "ی"), ask("german_level"))
    await say(amira, option("german_level", "C1"), ask("certificate"))
    await say(amira, said("ar", "answer.yes"), ask("times"))
    await say(amira, option("times", "mornings"), ask("hours"))
    await say(amira, "١٥", ask("support"))
    assert answers_of(lotse, amira) == {
        "goals": ["german"],
        "german_level": "C1",
        "certificate": "yes",
        "times": ["mornings"],
        "hours": 15,
    }


async def arab(lotse: Lotse) -> Phone:
    """An Arabic phone on the first question."""
    phone = await lotse.phones.new("Amira", "ar")
    await phone.start()
    await phone.reads(said("ar", "language.ask"))
    await tap(phone, "العربية", said("ar", "age.ask"))
    await tap(phone, said("ar", "age.yes"), said("ar", "consent.ask"))
    await tap(phone, said("ar", "consent.yes"), said("ar", "consent.start"))
    await tap(phone, said("ar", "consent.next"), ask("goals"))
    return phone


def ask(question: str) -> str:
    return plain(minden().texts.label("ar", Text(f"questionnaire.{question}.ask")))


def option(question: str, name: str) -> str:
    return plain(minden().texts.label("ar", Text(f"questionnaire.{question}.option.{name}")))


@pytest.mark.row(12)
async def test_what_a_person_writes_never_becomes_markup(lotse: Lotse) -> None:
    anna = await asked(lotse, ANYTHING)
    await say(anna, "<b>fett</b> *x* [y](https://example.org) {n}", SUMMARY)
    assert "Sie möchten uns noch sagen: „<b>fett</b> *x* [y](https://example.org) {n}“" in plain(anna.last)
    bold = [one for one in anna.last_message["entities"] if one["type"] == "bold"]
    assert len(bold) == 1, "only the title is bold"


async def test_zero_is_a_number_where_the_range_begins_there(lotse: Lotse) -> None:
    anna = await asked(lotse, YEARS)
    await say(anna, "61", "von 0 bis 60")
    await say(anna, "0", "Bis wann")
    assert answers_of(lotse, anna)["years"] == 0


async def test_a_question_answered_again_by_the_way_leads_on_to_the_open_one(lotse: Lotse) -> None:
    anna = await asked(lotse, TIMES)
    for question in (IQUI, PAPER, CERTIFICATE, LEVEL):
        await tap(anna, "◀️ Zurück", question)
    await tap(anna, "C2", TIMES)
    await tap(anna, "◀️ Zurück", CERTIFICATE)
    assert aside_of(lotse, anna) == {"paper"}
