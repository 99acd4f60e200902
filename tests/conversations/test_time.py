"""Leaving and coming back: after a week, after a restart, after the content changed; and what arrives all at once."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.conversations.people import (
    CERTIFICATE,
    HOURS,
    IQUI,
    LEVEL,
    PAPER,
    SUMMARY,
    SUPPORT,
    Time,
    answers_of,
    asked,
    data_of,
    finished,
    plain,
    say,
    streets,
    tap,
    town,
    walk,
    worked_through,
)
from tests.phones import Phone
from tests.running import CONTENT, Lotse, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

WELCOME = "Willkommen zurück! Wir machen dort weiter, wo Sie waren."


async def test_after_a_week_a_tap_on_the_card_goes_on_and_says_so(tmp_path: Path) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        anna = await asked(lotse, CERTIFICATE)
        assert WELCOME not in plain(anna.last)
        time.goes_by(days=7)
        await tap(anna, "Ja", PAPER)
        assert WELCOME in plain(anna.last)
        await tap(anna, "Nein", IQUI)
        assert WELCOME not in plain(anna.last)


@pytest.mark.parametrize(
    ("words", "hope"), [("/start", HOURS), ("10", SUPPORT), ("Hallo", HOURS), ("/umfrage", HOURS)]
)
async def test_after_a_week_words_go_on_and_say_so(tmp_path: Path, words: str, hope: str) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        anna = await asked(lotse, HOURS)
        time.goes_by(days=7)
        await say(anna, words, hope)
        assert WELCOME in plain(anna.last)
        assert len(answers_of(lotse, anna)) == 5 + (words == "10")


async def test_after_an_hour_there_is_no_welcome(tmp_path: Path) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        anna = await asked(lotse, HOURS)
        time.goes_by(hours=1)
        await say(anna, "/start", HOURS)
        assert WELCOME not in plain(anna.last)


async def test_a_week_at_the_summary_and_at_the_end(tmp_path: Path) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        anna, boris = await asked(lotse, SUMMARY, "Anna"), await finished(lotse, "Boris")
        time.goes_by(days=7)
        await say(anna, "/start", SUMMARY)
        assert WELCOME in plain(anna.last)
        await say(boris, "/start", "Ihr Profil ist fertig")
        assert WELCOME not in plain(boris.last)


@pytest.mark.row(19)
async def test_a_card_of_last_month_changes_nothing_and_shows_the_living_one(tmp_path: Path) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        anna = await asked(lotse, CERTIFICATE)
        data, _ = data_of(anna, "Nein")
        await walk(anna, SUPPORT, since=CERTIFICATE)  # one answer was typed: the card moved down
        old = min(one["message_id"] for one in anna.state["messages"] if "from" in one and not one.get("outgoing"))
        time.goes_by(days=30)
        before = answers_of(lotse, anna)
        newest = anna.last_message["message_id"]
        await anna.tap_data(data, message_id=old)
        await anna.reads_toast("Diese Karte ist alt. Hier ist die aktuelle.")
        await anna.settled(lambda seen: seen.last_message["message_id"] > newest, "the living card below")
        await anna.reads(SUPPORT)
        assert answers_of(lotse, anna) == before
        await tap(anna, "Möchte ich nicht sagen", "Was ist Ihr höchster Abschluss?")
        keyboards = [one for one in anna.state["messages"] if "reply_markup" in one]
        assert len(keyboards) == 1, "only the living card has buttons"


async def test_a_restart_in_the_middle_goes_on(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna = await asked(lotse, CERTIFICATE)
            boris = await asked(lotse, HOURS, "Boris")
        await anna.tap("Ja")
        sent = await boris.send("10")
        async with running(lotse.settings, now=time):
            await anna.reads(PAPER)
            await boris.reads(SUPPORT)
            assert boris.last_message["message_id"] > sent["message_id"]
            await walk(anna, SUMMARY, since=PAPER)


async def test_whoever_finishes_before_a_restart_finds_the_profile_after_it(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna = await finished(lotse)
        async with running(lotse.settings, now=time):
            await say(anna, "/profile", SUMMARY)
            assert "Pro Woche können Sie 10 Stunden lernen." in plain(anna.last)


# ---- the content changed while the person was away


FOLLOWING = {"certificate": ("certificate_kind", "certificate_month")}
"""Questions that ask on, and go with the one they ask about."""


def without(folder: Path, question: str) -> Path:
    """The town's content without this question, and without those that ask on."""
    shutil.copytree(CONTENT, folder)
    path = folder / "minden" / "questionnaire.yaml"
    whole = path.read_text(encoding="utf-8")
    shorter = whole
    for name in (question, *FOLLOWING.get(question, ())):
        before = shorter
        shorter = re.sub(rf"  - id: {name}\b.*?(?=\n  - id: |\n  # ---)", "", shorter, flags=re.DOTALL)
        assert shorter != before
    path.write_text(shorter, encoding="utf-8")
    (folder / "minden" / "path.yaml").unlink()  # a path asks for them too
    return folder


def shortened(settings: Settings, folder: Path) -> Settings:
    """The same town, when the question about the certificate was taken out."""
    return settings.model_copy(update={"content_dir": without(folder, "certificate")})


async def test_a_question_that_was_taken_out_is_kept_for_the_record_and_shown_no_more(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna = await asked(lotse, SUMMARY)
            assert "Sie haben ein Zertifikat für Ihr Niveau." in plain(anna.last)
        async with running(shortened(lotse.settings, tmp_path / "content"), now=time):
            await say(anna, "/start", SUMMARY)
            assert "Zertifikat" not in plain(anna.last)
            await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")


@pytest.mark.row(19)
async def test_a_tap_on_a_question_that_was_taken_out_answers_no_other_question(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna = await asked(lotse, CERTIFICATE)
        async with running(shortened(lotse.settings, tmp_path / "content"), now=time):
            await anna.tap("Ja")
            await anna.transcript()
            assert "paper" not in answers_of(lotse, anna), "the button was drawn for another question"
            await anna.reads(PAPER)


@pytest.mark.row(19)
async def test_words_for_a_question_that_was_taken_out_answer_no_other_question(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna = await asked(lotse, CERTIFICATE)
        async with running(shortened(lotse.settings, tmp_path / "content"), now=time):
            await anna.send("Ja")
            await worked_through(lotse)
            assert "paper" not in answers_of(lotse, anna), "another question stood on the card"
            await anna.reads(PAPER)


# ---- what arrives all at once, because the bot was away


async def both(lotse: Lotse, phone: Phone, *texts: str, things: int = 0) -> int:
    """Messages that reach the bot in one batch; the number of the last one."""
    path = f"/api/phones/{phone.id}/messages"
    made = [await lotse.phones.ask("POST", path, text=one) for one in texts]
    made += [await lotse.phones.ask("POST", path, kind="photo") for _ in range(things)]
    number: int = made[-1]["message_id"]
    return number


async def test_of_several_messages_at_once_only_the_first_counts_and_one_word_says_so(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna = await asked(lotse, HOURS)
        last = await both(lotse, anna, "10", "Nichts davon", "12", "Bachelor")
        async with running(lotse.settings, now=time):
            await anna.settled(lambda seen: seen.last_message["message_id"] > last, "a card")
            await anna.reads("Ich lese eine Nachricht nach der anderen. Bitte antworten Sie auf diese Karte.")
            await say(anna, "/start", SUPPORT)
            said_so = [one for one in anna.state["messages"] if "Ich lese eine Nachricht" in one.get("text", "")]
            assert len(said_so) == 1
            stored = answers_of(lotse, anna)
            assert stored["hours"] == 10
            assert "support" not in stored


def living(phone: Phone) -> list[bool]:
    """Of every message of the bot, whether it has buttons."""
    return ["reply_markup" in one for one in phone.state["messages"] if not one.get("outgoing")]


async def test_impatient_starts_end_at_one_living_card(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        anna = await lotse.phones.new("Anna", "de")
        await asyncio.gather(*(anna.start("jobcenter") for _ in range(3)))
        async with running(lotse.settings, now=time):
            await anna.settled(lambda seen: living(seen) == [False, False, True], "three cards, the last one alive")
            await tap(anna, "Deutsch", "16 Jahre")
            assert living(anna) == [False, False, True]


async def test_a_tap_and_words_at_once_answer_one_question(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna = await asked(lotse, CERTIFICATE)
        await anna.tap("Ja")
        await both(lotse, anna, "Nein")
        async with running(lotse.settings, now=time):
            await worked_through(lotse)
            await anna.transcript()
            stored = answers_of(lotse, anna)
            assert stored["certificate"] == "yes"
            assert "paper" not in stored, "the words were written before its card was there"


async def test_several_pictures_at_once_get_one_word(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna = await asked(lotse, LEVEL)
        await both(lotse, anna, things=5)
        async with running(lotse.settings, now=time):
            await worked_through(lotse)
            await say(anna, "/start", LEVEL)
            said_so = [one for one in anna.state["messages"] if "Ich kann nur Text lesen" in one.get("text", "")]
            assert len(said_so) == 1
