"""Commands in the middle and at the end: each shows its screen, and leads back to the same place."""

from __future__ import annotations

import pytest

from bot.core.message import Text
from bot.telegram.menu import COMMANDS
from tests.conversations.people import (
    CERTIFICATE,
    DONE,
    GOALS,
    HOURS,
    LEVEL,
    SUMMARY,
    answers_of,
    asked,
    chat_of,
    consenting,
    finished,
    known,
    newcomer,
    plain,
    said,
    say,
    sees_button,
    tap,
)
from tests.running import Lotse, minden

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCREENS = [
    ("/help", "So funktioniert es:"),
    ("/privacy", "Ihre Daten gehören Ihnen"),
    ("/imprint", "Wer wir sind"),
    ("/pause", "Ihre Antworten sind gespeichert."),
    ("/profile", "Das haben Sie bisher gesagt."),
]


@pytest.mark.parametrize(("command", "title"), SCREENS)
async def test_a_command_in_the_middle_shows_its_screen_and_leads_back(
    lotse: Lotse, command: str, title: str
) -> None:
    anna = await asked(lotse, HOURS)
    answers = answers_of(lotse, anna)
    await say(anna, command, title)
    await tap(anna, "▶️ Weitermachen", HOURS)
    assert answers_of(lotse, anna) == answers
    await say(anna, "7", "Was brauchen Sie")


@pytest.mark.parametrize("command", ["/help", "/privacy", "/imprint", "/pause"])
async def test_a_command_at_the_end_leads_back_to_the_end(lotse: Lotse, command: str) -> None:
    anna = await finished(lotse)
    await say(anna, command, dict(SCREENS)[command])
    await tap(anna, "▶️ Weitermachen", DONE)


@pytest.mark.parametrize("command", ["/help", "/privacy", "/imprint"])
async def test_a_command_before_any_consent_leads_back_to_the_beginning(lotse: Lotse, command: str) -> None:
    anna = await newcomer(lotse)
    await say(anna, command, dict(SCREENS)[command])
    await tap(anna, "▶️ Weitermachen", "Bitte wählen Sie Ihre Sprache")


@pytest.mark.parametrize("command", ["/profile", "/pause"])
async def test_before_consent_there_is_no_profile_and_no_pause(lotse: Lotse, command: str) -> None:
    anna = await newcomer(lotse)
    await say(anna, command, "Dafür brauchen wir zuerst Ihre Antworten.")
    assert "Deutsch" in anna.buttons


@pytest.mark.parametrize("command", ["/umfrage", "/startx", "/profile_x"])
async def test_an_unknown_command_is_answered_kindly_above_the_card(lotse: Lotse, command: str) -> None:
    anna = await asked(lotse, HOURS)
    before = known(lotse, anna)
    await say(anna, command, "Diesen Befehl kenne ich nicht. /help zeigt, was es gibt.")
    assert HOURS in plain(anna.last)
    assert known(lotse, anna) == before


@pytest.mark.parametrize("command", ["/HELP", "/help bitte", "/help@lotse_demo_bot"])
async def test_a_command_is_known_however_it_is_written(lotse: Lotse, command: str) -> None:
    anna = await asked(lotse)
    await say(anna, command, "So funktioniert es:")


async def test_a_command_of_somebody_unknown_shows_the_beginning_or_its_screen(lotse: Lotse) -> None:
    anna, boris = await lotse.phones.new("Anna", "de"), await lotse.phones.new("Boris", "de")
    await say(anna, "/umfrage", "Bitte wählen Sie Ihre Sprache")
    await say(boris, "/imprint", "Wer wir sind")


async def test_help_names_every_command_of_the_menu(lotse: Lotse) -> None:
    anna = await asked(lotse)
    await say(anna, "/help", "So funktioniert es:")
    commands = [f"/{one['command']}" for one in anna.state["commands"]]
    assert len(commands) == len(COMMANDS)
    assert [one for one in commands if one not in anna.last] == ["/help"]


async def test_start_in_the_middle_goes_on_where_the_person_was(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    await say(anna, "/start", HOURS)
    await say(anna, "/help", "So funktioniert es:")
    await say(anna, "/start", HOURS)
    assert len(answers_of(lotse, anna)) == 5


async def test_start_at_the_end_shows_the_end(lotse: Lotse) -> None:
    anna = await finished(lotse)
    await say(anna, "/start", DONE)


async def test_one_screen_over_another_leads_back_to_the_place(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    for command, title in SCREENS:
        await say(anna, command, title)
    await tap(anna, "▶️ Weitermachen", HOURS)


async def test_pause_by_button_and_back_says_welcome(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    await tap(anna, "⏸ Pause", "Ihre Antworten sind gespeichert.")
    await tap(anna, "▶️ Weitermachen", CERTIFICATE)
    assert "Willkommen zurück! Wir machen dort weiter, wo Sie waren." in plain(anna.last)
    await tap(anna, "Ja", "Haben Sie ein Papier")
    assert "Willkommen zurück" not in anna.last


async def test_language_in_the_middle_says_the_same_question_in_the_new_language(lotse: Lotse) -> None:
    anna = await asked(lotse)
    await anna.tap("Studieren")
    await sees_button(anna, "✅ Studieren")
    await say(anna, "/language", "Bitte wählen Sie Ihre Sprache")
    await tap(anna, "English", plain(minden().texts.label("en", Text("questionnaire.goals.ask"))))
    degree = minden().texts.label("en", Text("questionnaire.goals.option.degree"))
    assert f"✅ {degree}" in [plain(one) for one in anna.buttons], "the ticks stay too"
    assert chat_of(lotse, anna)["language"] == "en"  # type: ignore[index]
    level = plain(minden().texts.label("en", Text("questionnaire.german_level.ask")))
    await tap(anna, said("en", "button.done"), level)


async def test_language_at_the_end_says_the_end_in_the_new_language(lotse: Lotse) -> None:
    anna = await finished(lotse)
    await say(anna, "/language", "Bitte wählen Sie Ihre Sprache")
    await tap(anna, "العربية", said("ar", "done.title"))


async def test_language_during_the_consents_keeps_them(lotse: Lotse) -> None:
    anna = await consenting(lotse)
    await anna.tap("Erinnerungen")
    await sees_button(anna, "✅ Erinnerungen")
    await say(anna, "/language", "Bitte wählen Sie Ihre Sprache")
    await tap(anna, "English", said("en", "consent.start"))
    assert sum("✅" in one for one in anna.buttons) == 1


async def test_profile_in_the_middle_changes_an_answer_and_goes_on(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    await say(anna, "/profile", "Das haben Sie bisher gesagt.")
    assert "Sie haben kein Papier für einen Deutschkurs." in plain(anna.last)
    assert not any("alles stimmt" in one for one in anna.buttons)
    await tap(anna, "✏️ Deutsch", LEVEL)
    await tap(anna, "C1", HOURS)
    assert answers_of(lotse, anna)["german_level"] == "C1"


async def test_profile_after_the_end_changes_an_answer_and_is_confirmed_again(lotse: Lotse) -> None:
    anna = await finished(lotse)
    await tap(anna, "📝 Meine Antworten", SUMMARY)
    await tap(anna, "✏️ Ziele", GOALS)
    await anna.tap("✅ Arbeit finden")
    await sees_button(anna, "⬜ Arbeit finden")
    await tap(anna, "Änderung speichern", SUMMARY)
    assert "Sie möchten Deutsch lernen.\n" in plain(anna.last)
    await tap(anna, "Ja, alles stimmt", DONE)
    await say(anna, "/profile", SUMMARY)
    await tap(anna, "Ja, alles stimmt", DONE)


async def test_the_end_leads_to_privacy_and_back(lotse: Lotse) -> None:
    anna = await finished(lotse)
    await tap(anna, "🔒 Datenschutz", "Ihre Daten gehören Ihnen")
    assert "Datenschutzbeauftragte: datenschutz@example.org" in plain(anna.last)
    await tap(anna, "🔎 Was wir speichern", "Wer es sieht: Das Team von I.Qu.I. in Minden")
    assert "Wie lange: Jede Antwort höchstens 24 Monate" in plain(anna.last)
    await tap(anna, "▶️ Weitermachen", DONE)


async def test_imprint_says_who_is_responsible(lotse: Lotse) -> None:
    anna = await asked(lotse)
    await say(anna, "/imprint", "Wer wir sind")
    for wanted in ("Stadt Minden, Projekt I.Qu.I.", "Musterstraße 1", "iqui@example.org", "Erika Mustermann"):
        assert wanted in plain(anna.last)


async def test_the_profile_confirmed_while_a_line_is_open_leads_to_the_end(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    await tap(anna, "✏️ Deutsch", LEVEL)
    await say(anna, "/profile", SUMMARY)
    await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")


async def test_the_profile_confirmed_over_the_last_consents_does_not_skip_them(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")
    await say(anna, "/profile", SUMMARY)
    await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")
