"""What comes before the first question, and what a person may take back: language, age, consents, erasure."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.backup import erased
from bot.db import schema
from bot.db.engine import open_database
from bot.services import upkeep
from bot.services.turn import Turn
from tests.conversations.people import (
    GOALS,
    HOURS,
    SUMMARY,
    TALK,
    Time,
    agreed,
    answers_of,
    asked,
    chat_of,
    consenting,
    consents_of,
    finished,
    newcomer,
    participant_of,
    plain,
    rows,
    said,
    say,
    sees_button,
    streets,
    tap,
    town,
    worked_through,
)
from tests.phones import Phone
from tests.running import Lotse, minden, running
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def source_of(lotse: Lotse, phone: Phone) -> str | None:
    await phone.reads("Bitte wählen Sie Ihre Sprache")
    stored = chat_of(lotse, phone)
    assert stored is not None
    source: str | None = stored["source"]
    return source


@pytest.mark.parametrize("payload", ["jobcenter", "vhs_2026-03", "A" * 64])
async def test_the_link_a_person_came_by_is_kept_as_the_source(lotse: Lotse, payload: str) -> None:
    anna = await lotse.phones.new("Anna", "de")
    await anna.start(payload)
    assert await source_of(lotse, anna) == payload


@pytest.mark.parametrize("payload", ["", "A" * 65, "büro", "a.b", "' OR 1=1 --", "<b>x</b>", "../../etc"])
async def test_an_odd_payload_is_ignored(lotse: Lotse, payload: str) -> None:
    anna = await lotse.phones.new("Anna", "de")
    await anna.send(f"/start {payload}")
    assert await source_of(lotse, anna) is None


async def test_a_later_link_does_not_replace_the_first_source(lotse: Lotse) -> None:
    anna = await lotse.phones.new("Anna", "de")
    await anna.start("jobcenter")
    await anna.reads("Bitte wählen Sie Ihre Sprache")
    await say(anna, "/start vhs", "Bitte wählen Sie Ihre Sprache")
    assert await source_of(lotse, anna) == "jobcenter"


@pytest.mark.parametrize(
    ("phone_language", "first"),
    [("ar", "العربية"), ("en-GB", "English"), ("de", "Deutsch"), ("uk", "Українська"), ("sq", "Deutsch")],
)
async def test_the_phones_language_comes_first_and_each_in_its_own_script(
    lotse: Lotse, phone_language: str, first: str
) -> None:
    someone = await lotse.phones.new("Someone", phone_language)
    await someone.start()
    await someone.reads("Bitte wählen Sie Ihre Sprache")
    names = {said(language, "language.name"): language for language in minden().languages}
    order = [first, *(name for name in names if name != first)]
    assert [plain(one) for one in someone.buttons] == order
    expected = [said(names[name], "language.ask") for name in order]
    assert [line for line in plain(someone.last).split("\n") if line] == expected


async def test_the_language_may_be_typed_by_its_own_name(lotse: Lotse) -> None:
    someone = await lotse.phones.new("Someone", "de")
    await someone.start()
    await someone.reads("Bitte wählen Sie Ihre Sprache")
    await say(someone, "العربية", said("ar", "age.ask"))


async def test_of_a_person_under_16_nothing_stays_but_a_code(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    await tap(anna, "Deutsch", "16 Jahre")
    await tap(anna, "Nein, jünger als 16", "Nach einer Stunde ist alles gelöscht.")
    assert "Kommunales Integrationszentrum" in anna.last
    assert "+49 30 23125 102" in plain(anna.last)
    assert [plain(one) for one in anna.buttons] == ["Karte öffnen", "🔁 Neuer Code", "↩️ Ich bin 16 oder älter"]
    assert not rows(lotse.settings, schema.participant, chat_id=anna.id)
    (code,) = rows(lotse.settings, schema.accompaniment, chat_id=anna.id)
    assert (code["entered_by"], code["opened_at"]) == (None, None)
    assert not rows(lotse.settings, schema.inbox, chat_id=anna.id)


async def test_without_consent_nothing_stays(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    await tap(anna, "Deutsch", "16 Jahre")
    await tap(anna, "Ja, 16", "Dürfen wir Ihre Antworten speichern?")
    await tap(anna, "Nein", "Wir haben nichts gespeichert.")
    assert anna.buttons == []
    assert chat_of(lotse, anna) is None
    await say(anna, "/start", "Bitte wählen Sie Ihre Sprache")


async def test_the_notice_stands_before_the_consent_in_the_chosen_language(lotse: Lotse) -> None:
    someone = await newcomer(lotse)
    await tap(someone, "English", said("en", "age.ask"))
    await tap(someone, said("en", "age.yes"), said("en", "consent.ask"))
    for wanted in ("I.Qu.I.", "24", "/privacy", "/forget"):
        assert wanted in plain(someone.last)
    assert said("en", "consent.yes") in someone.buttons
    assert said("en", "consent.no") in someone.buttons


async def test_before_consent_only_chat_language_and_source_are_held(lotse: Lotse) -> None:
    anna = await lotse.phones.new("Annabella", "de", last_name="Mustermann", username="annabella_m")
    await anna.start("jobcenter")
    await anna.reads("Bitte wählen Sie Ihre Sprache")
    await tap(anna, "Deutsch", "16 Jahre")
    await tap(anna, "Ja, 16", "Dürfen wir Ihre Antworten speichern?")
    await say(anna, "Ich heiße Annabella", "Bitte tippen Sie unten auf eine Antwort.")
    await worked_through(lotse)
    assert participant_of(lotse, anna) is None
    stored = chat_of(lotse, anna)
    assert stored is not None
    assert {name for name, value in stored.items() if value is not None} == {
        "id",
        "language",
        "source",
        *("created_at", "seen_at", "shown_at"),
        *("screen", "card_version", "card_since", "shown_version", "card_message"),
    }
    everything = "".join(str(rows(lotse.settings, table)) for table in schema.metadata.sorted_tables)
    for word in ("Annabella", "Mustermann", "annabella_m", "heiße"):
        assert word not in everything


async def test_who_does_not_consent_is_forgotten_after_a_day(tmp_path: Path) -> None:
    time = Time()
    async with town(tmp_path, time) as lotse:
        waiting = await newcomer(lotse, "Anna")
        kept = await consenting(lotse, "Boris")
    database = await open_database(lotse.settings.database_url)

    async def upkeep_after(hours: float) -> tuple[int, int]:
        def turn(connection: Connection) -> tuple[int, int]:
            gone = upkeep.forget_what_is_due(Turn(connection, minden(), time() + timedelta(hours=hours)))
            return gone.chats, gone.inbox_ids

        return await database.run(turn)

    assert await upkeep_after(23.9) == (0, 0)
    assert chat_of(lotse, waiting) is not None
    assert (await upkeep_after(24.1))[0] == 1
    assert chat_of(lotse, waiting) is None
    assert chat_of(lotse, kept) is not None
    await database.close()


async def test_who_does_not_consent_is_forgotten_by_a_bot_that_starts(tmp_path: Path) -> None:
    time = Time()
    async with streets(tmp_path, time) as lotse:
        async with running(lotse.settings, now=time):
            anna, boris = await newcomer(lotse, "Anna"), await consenting(lotse, "Boris")
        time.goes_by(hours=25)
        async with running(lotse.settings, now=time):
            await until(lambda: chat_of(lotse, anna) is None, "Anna to be forgotten")
            assert chat_of(lotse, boris) is not None


async def test_consents_are_switched_and_kept_with_their_text(lotse: Lotse) -> None:
    before = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the bot's own clock is the real one here
    anna = await consenting(lotse)
    assert agreed(lotse, anna) == {"storage"}
    assert [plain(one) for one in anna.buttons] == ["⬜ Erinnerungen", "⬜ Neue Angebote", "➡️ Weiter", TALK]
    await anna.tap("Erinnerungen")
    await anna.reads_toast("Danke, das ist notiert.")
    await sees_button(anna, "✅ Erinnerungen")
    assert agreed(lotse, anna) == {"storage", "reminders"}
    await anna.tap("Erinnerungen")
    await anna.reads_toast("Wir nutzen das nicht mehr.")
    await sees_button(anna, "⬜ Erinnerungen")
    assert agreed(lotse, anna) == {"storage"}
    storage, reminders = consents_of(lotse, anna)
    for consent in (storage, reminders):
        assert consent["language"] == "de"
        assert len(consent["text_version"]) == 12
        assert consent["given_at"] >= before
    assert storage["text_version"] != reminders["text_version"]
    assert reminders["withdrawn_at"] >= reminders["given_at"]
    await tap(anna, "Weiter", GOALS)


async def test_the_text_version_says_which_language_was_read(lotse: Lotse) -> None:
    anna = await consenting(lotse)
    someone = await newcomer(lotse)
    await tap(someone, "English", said("en", "age.ask"))
    await tap(someone, said("en", "age.yes"), said("en", "consent.ask"))
    await tap(someone, said("en", "consent.yes"), said("en", "consent.start"))
    german, english = consents_of(lotse, anna)[0], consents_of(lotse, someone)[0]
    assert (german["language"], english["language"]) == ("de", "en")
    assert german["text_version"] != english["text_version"]


async def test_two_people_who_read_the_same_text_have_the_same_version(lotse: Lotse) -> None:
    anna, boris = await consenting(lotse, "Anna"), await consenting(lotse, "Boris")
    assert consents_of(lotse, anna)[0]["text_version"] == consents_of(lotse, boris)[0]["text_version"]


async def test_a_consent_is_withdrawn_at_any_time(lotse: Lotse) -> None:
    anna = await consenting(lotse)
    await anna.tap("Neue Angebote")
    await sees_button(anna, "✅ Neue Angebote")
    await tap(anna, "Weiter", GOALS)
    await say(anna, "/privacy", "Ihre Daten gehören Ihnen")
    assert "✓ Neue Angebote: ja, seit " in plain(anna.last)
    assert "✗ Erinnerungen: nein" in plain(anna.last)
    await anna.tap("✅ Neue Angebote")
    await anna.reads("✗ Neue Angebote: nein")
    await anna.reads_toast("Wir nutzen das nicht mehr.")
    assert agreed(lotse, anna) == {"storage"}
    assert len(consents_of(lotse, anna)) == 2, "what was given stays in the history"
    await tap(anna, "Weitermachen", GOALS)


async def test_a_yes_that_comes_twice_is_one_yes(lotse: Lotse) -> None:
    anna = await consenting(lotse)
    card = anna.last_message["message_id"]
    buttons = [one for row in anna.last_message["reply_markup"]["inline_keyboard"] for one in row]
    (data,) = (one["callback_data"] for one in buttons if ".agree.reminders." in one["callback_data"])
    await anna.tap_data(data, message_id=card)
    await anna.tap_data(data, message_id=card)
    await sees_button(anna, "✅ Erinnerungen")
    await anna.transcript()
    assert [one["purpose"] for one in consents_of(lotse, anna)] == ["storage", "reminders"]


async def test_withdrawing_the_storage_leads_to_erasure_and_may_be_thought_over(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    await say(anna, "/privacy", "Ihre Daten gehören Ihnen")
    await tap(anna, "✅ Antworten speichern", "Möchten Sie wirklich alles löschen?")
    await tap(anna, "Nein, behalten", "Wie viele Stunden")
    assert agreed(lotse, anna) == {"storage"}
    await say(anna, "/privacy", "Ihre Daten gehören Ihnen")
    await tap(anna, "✅ Antworten speichern", "Möchten Sie wirklich alles löschen?")
    await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
    assert chat_of(lotse, anna) is None


async def test_privacy_without_consent_offers_no_switches(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    await say(anna, "/privacy", "Ihre Daten gehören Ihnen")
    more = ["🔎 Was wir speichern", "🔎 Wer Daten verarbeitet"]
    assert [plain(one) for one in anna.buttons] == [*more, "Mehr zum Datenschutz", "▶️ Weitermachen"]
    await tap(anna, "Weitermachen", "Bitte wählen Sie Ihre Sprache")


async def test_forget_erases_with_two_taps_and_leaves_nothing_in_any_file(
    tmp_path: Path, log_lines: io.StringIO
) -> None:
    """It finds a word in the database and its log, in the list of who was erased, and in what the bot logs."""
    async with town(tmp_path, Time()) as lotse:
        anna = await asked(
            lotse, "Möchten Sie uns noch etwas sagen?", "Zarathustra", last_name="Quittenbaum", username="zara_quitte"
        )
        await say(anna, "Mein Lieblingsfach war Xylologie", SUMMARY)
        assert raw_files_hold(tmp_path, "anything"), "the test looks where the answers are"
        assert not raw_files_hold(tmp_path, "Xylologie"), "words are sealed, the raw update included"
        await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
        assert answers_of(lotse, anna)["anything"] == "Mein Lieblingsfach war Xylologie", "one tap is not enough"
        await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
        about_nobody = {schema.content_run, schema.meeting, schema.seal_key, schema.audit_entry, schema.erasure_proof}
        about_nobody |= {
            schema.profile_bit,
            schema.profile_slot,
        }  # how profiles are laid out
        await until(lambda: not rows(lotse.settings, schema.going_message), "what is to go to be gone")
        for table in set(schema.metadata.sorted_tables) - about_nobody:
            if table is not schema.inbox:
                assert rows(lotse.settings, table) == []
        assert {one["body"] for one in rows(lotse.settings, schema.inbox)} == {None}
        assert {one["chat_id"] for one in rows(lotse.settings, schema.inbox)} == {None}
        for word in ("Zarathustra", "Quittenbaum", "zara_quitte", "Xylologie", str(anna.id)):
            assert not raw_files_hold(tmp_path, word), word
        assert lists_of_erased(tmp_path), "the test reads the list of who was erased"
        logged = log_lines.getvalue()
        assert logged, "the test reads what the bot logs"
        for word in ("Zarathustra", "Quittenbaum", "zara_quitte", "Xylologie"):
            assert word not in logged, word


def lists_of_erased(folder: Path) -> list[Path]:
    return list(folder.rglob(erased.PATTERN))


def raw_files_hold(folder: Path, word: str) -> bool:
    """Whether a file of the bot holds the word, as text or as JSON escapes it.

    These are the database and its log, the list of who was erased, and whatever else stands in its folder.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    return any(word.encode() in path.read_bytes() for path in files)


async def test_forget_may_be_thought_over(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
    await tap(anna, "Nein, behalten", "Wie viele Stunden")
    assert len(answers_of(lotse, anna)) == 5


async def test_forget_after_the_end_erases_too(lotse: Lotse) -> None:
    anna = await finished(lotse)
    await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
    await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
    assert chat_of(lotse, anna) is None
    await say(anna, "/start", "Bitte wählen Sie Ihre Sprache")


async def test_forget_works_before_any_consent(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
    await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
    assert chat_of(lotse, anna) is None


async def test_there_is_nothing_to_forget_of_somebody_unknown(lotse: Lotse) -> None:
    anna = await lotse.phones.new("Anna", "de")
    await say(anna, "/forget", "Wir haben nichts von Ihnen gespeichert.")
    assert anna.buttons == []
    assert chat_of(lotse, anna) is None


async def test_the_second_of_two_quick_taps_on_erase_holds_nothing_again(lotse: Lotse) -> None:
    anna = await asked(lotse)
    await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
    card = anna.last_message["message_id"]
    data = anna.last_message["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
    await anna.tap_data(data, message_id=card)
    await anna.reads_toast("Hier ist nichts mehr gespeichert.")
    assert "Alles ist gelöscht." in anna.last
    assert chat_of(lotse, anna) is None, "a chat is held again"


async def test_the_consents_of_the_end_name_who_may_see_the_profile(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")
    labels = [plain(one) for one in anna.buttons]
    offered = ["⬜ Kontakt zu Betrieben", "⬜ Kontakt zum Campus", "⬜ Kontakt zur VHS"]
    assert labels == [*offered, "➡️ Weiter", TALK]
    await anna.tap("Kontakt zum Campus")
    await sees_button(anna, "✅ Kontakt zum Campus")
    await tap(anna, "Weiter", "Ihr Profil ist fertig")
    assert agreed(lotse, anna) == {"storage", "campus"}


async def test_the_last_card_of_an_erased_chat_has_no_twin_with_buttons(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    await anna.send("/forget")
    await anna.reads("Möchten Sie wirklich alles löschen?")
    await say(anna, "ja, alles löschen", "Alles ist gelöscht.")
    await anna.transcript()
    await anna.settled(
        lambda seen: not any("reply_markup" in one for one in seen.state["messages"]), "no buttons left"
    )


async def test_of_a_person_under_16_nothing_stays_in_the_file(tmp_path: Path) -> None:
    async with town(tmp_path, Time()) as lotse:
        zara = await lotse.phones.new("Zarathustra", "de", last_name="Quittenbaum")
        await say(zara, "Xylologie", "Bitte wählen Sie Ihre Sprache")
        await tap(zara, "Deutsch", "16 Jahre")
        await tap(zara, "Nein, jünger als 16", "Nach einer Stunde ist alles gelöscht.")
        found = [word for word in ("Zarathustra", "Quittenbaum", "Xylologie") if raw_files_hold(tmp_path, word)]
        assert found == [], "what the inbox held for a moment"
