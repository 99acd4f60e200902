"""From /start to the finished profile, and what every step costs."""

from __future__ import annotations

import re

import pytest

from bot.db import schema
from tests.conversations.people import (
    ANYTHING,
    DONE,
    GOALS,
    HOURS,
    IQUI,
    LEVEL,
    SUMMARY,
    TALK,
    TIMES,
    WALK,
    Say,
    answers_of,
    asked,
    calls_so_far,
    chat_of,
    data_of,
    do,
    finished,
    methods_since,
    newcomer,
    participant_of,
    plain,
    rows,
    say,
    sees_button,
    tap,
    walk,
)
from tests.running import Lotse

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_person_comes_from_start_to_the_finished_profile(lotse: Lotse) -> None:
    anna = await finished(lotse)
    assert answers_of(lotse, anna) == {
        "goals": ["german", "job"],
        "german_level": "B1",
        "certificate": "yes",
        "paper": "no",
        "times": ["mornings"],
        "hours": 10,
        "support": "declined",
        "education": "upper",
        "profession": "computing",
        "years": 5,
        "by_when": "year_1",
        "anything": "skipped",
    }
    person = participant_of(lotse, anna)
    assert person is not None
    assert person["finished_at"] is not None
    assert not rows(lotse.settings, schema.inbox, chat_id=anna.id), "the raw updates are gone"


async def test_each_card_shows_progress_section_question_and_navigation_last(lotse: Lotse) -> None:
    anna = await asked(lotse)
    number = 0
    for question, acts in WALK:
        await anna.reads(question)
        head, *_ = plain(anna.last).split("\n")
        if question == IQUI:
            assert re.fullmatch(r"[▰▱]{10} · Ihr Deutsch", head), "what is only read has no number"
            await do(anna, acts)
            continue
        number += 1
        found = re.fullmatch(r"([▰▱]{10}) (\d+) von (\d+) · \S.*", head)
        assert found, head
        assert int(found[2]) == number
        assert number <= int(found[3]) <= 12
        assert found[1].count("▰") == 10 * (number - 1) // int(found[3])
        *_, last_row, (human,) = anna.last_message["reply_markup"]["inline_keyboard"]
        assert human["text"] == TALK
        assert last_row[-1]["text"] == "⏸ Pause"
        assert ("◀️ Zurück" in [one["text"] for one in last_row]) == (number > 1)
        assert ("Auslassen" in [one["text"] for one in last_row]) == (question == ANYTHING)
        await do(anna, acts)
    await anna.reads(SUMMARY)


async def test_a_sensitive_question_says_why_it_is_asked(lotse: Lotse) -> None:
    anna = await asked(lotse, "Haben Sie ein Papier")
    assert "ℹ️ Mit diesem Papier zahlt oft der Staat den Kurs." in plain(anna.last)
    assert "Möchte ich nicht sagen" in anna.buttons


async def test_the_end_says_what_happens_next_and_where_the_office_is(lotse: Lotse) -> None:
    anna = await finished(lotse)
    text = plain(anna.last)
    for wanted in (
        "Was jetzt passiert:",
        "Das Team von I.Qu.I. meldet sich innerhalb von drei Arbeitstagen.",
        "Musterstraße 1",
        "Montag bis Donnerstag, 9 bis 12 Uhr",
        "+49 30 23125 101",
        "iqui@example.org",
        "Sie haben eine Frage?",
    ):
        assert wanted in text
    links = [one.get("url", "") for row in anna.last_message["reply_markup"]["inline_keyboard"] for one in row]
    assert any(link.startswith("https://www.openstreetmap.org/?mlat=52.2895") for link in links)


async def test_a_whole_questionnaire_costs_two_calls_a_step(lotse: Lotse) -> None:
    anna = await asked(lotse)
    before = await calls_so_far(lotse, anna)
    await walk(anna, SUMMARY)
    await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")
    acts = [act for _, acts in WALK for act in acts]
    typed = sum(isinstance(act, Say) for act in acts)
    taps = len(acts) - typed + 1
    await anna.transcript()  # the last tap is answered
    assert await methods_since(lotse, before) == sorted(
        ["editMessageText", "answerCallbackQuery"] * taps + ["sendMessage", "editMessageReplyMarkup"] * typed
    )


async def test_a_tap_edits_its_card_in_place(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    card = anna.last_message["message_id"]
    await tap(anna, "B1", "Haben Sie ein Zertifikat")
    assert anna.last_message["message_id"] == card


async def test_a_typed_answer_gets_a_new_card_and_the_old_one_loses_its_buttons(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    old = anna.last_message["message_id"]
    await say(anna, "10", "Was brauchen Sie")
    assert anna.last_message["message_id"] > old
    await anna.settled(
        lambda seen: all("reply_markup" not in one for one in seen.state["messages"] if one["message_id"] == old),
        "an old card without buttons",
    )


@pytest.mark.parametrize("label", ["Fertig", "Deutsch lernen"])
async def test_a_tap_that_moves_nowhere_costs_no_more(lotse: Lotse, label: str) -> None:
    anna = await asked(lotse)
    before = await calls_so_far(lotse, anna)
    await anna.tap(label)
    if label == "Fertig":
        await anna.reads_toast("mindestens 1 Antwort")
    else:
        await sees_button(anna, "✅ Deutsch lernen")
    await anna.transcript()
    assert await methods_since(lotse, before) == (
        ["answerCallbackQuery"] if label == "Fertig" else ["answerCallbackQuery", "editMessageText"]
    )


async def test_words_that_are_no_answer_cost_two_calls_at_most(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    before = await calls_so_far(lotse, anna)
    await say(anna, "sehr gut", "Das habe ich nicht verstanden")
    await tap(anna, "B2", "Haben Sie ein Zertifikat")
    await anna.transcript()
    assert await methods_since(lotse, before) == [
        "answerCallbackQuery",
        "editMessageReplyMarkup",
        "editMessageText",
        "sendMessage",
    ]


async def test_the_buttons_carry_the_version_of_the_card_that_is_stored(lotse: Lotse) -> None:
    anna = await asked(lotse, TIMES)
    stored = chat_of(lotse, anna)
    assert stored is not None
    data, _ = data_of(anna, "Vormittags")
    assert data == f"v{stored['card_version']}.t.mornings.1"
    assert answers_of(lotse, anna)["paper"] == "no"


async def test_goals_stand_at_the_beginning_without_back_or_forward(lotse: Lotse) -> None:
    anna = await asked(lotse, GOALS)
    assert not any("Zurück" in one or "Weiter" in one for one in anna.buttons)


async def test_the_profile_is_not_finished_before_it_is_confirmed(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    person = participant_of(lotse, anna)
    assert person is not None
    assert person["finished_at"] is None
    await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")
    person = participant_of(lotse, anna)
    assert person is not None
    assert person["finished_at"] is not None
    await tap(anna, "Weiter", DONE)


async def test_nobody_is_asked_twice_for_a_language_they_chose(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    await tap(anna, "English", "16")
    stored = chat_of(lotse, anna)
    assert stored is not None
    assert stored["language"] == "en"
    sent = await anna.send("/start")
    await anna.settled(lambda seen: seen.last_message["message_id"] > sent["message_id"], "a card")
    assert "16" in anna.last
