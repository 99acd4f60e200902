"""Buttons that are old, forged or somebody else's: they get a polite answer and change nothing."""

from __future__ import annotations

import pytest

from bot.db import schema
from tests.conversations.people import (
    CERTIFICATE,
    GOALS,
    HOURS,
    LEVEL,
    PAPER,
    SUMMARY,
    answers_of,
    asked,
    calls_so_far,
    chat_of,
    consenting,
    data_of,
    known,
    methods_since,
    newcomer,
    plain,
    rows,
    said,
    say,
    sees_button,
    tap,
    version_of,
    walk,
    worked_through,
)
from tests.phones import Phone
from tests.running import Lotse

pytestmark = pytest.mark.asyncio(loop_scope="module")

NASTY = [
    " ",
    "v",
    "v1",
    "v1.",
    ".",
    "o.C1",
    "v-1.o.C1",
    "v0.o.C1",
    "v1.o.C1",
    "v999999999.o.C1",
    "v9999999999999999999.o.C1",
    "v1e3.o.C1",
    "v{now}.o.C9",
    "v{now}.o.C1.B2;DROP TABLE answer",
    "v{now}.O.C1",
    "v{now}.o.C1\n",
    " v{now}.o.C1",
    "v{now}..C1",
    "v{now}.o..C1",
    "v{now}.t.C1.1",
    "v{now}.done",
    "v{now}.skip",
    "v{now}.decline",
    "v{now}.confirm",
    "v{now}.forget",
    "v{now}.storage.no",
    "v{now}.age.no",
    "v{now}.lang.en",
    "v{now}.agree.companies.1",
    "v{now}.next",
    "v{now}.profile_all",
    "v{now}.__init__",
    "v{now}.perform",
    "<b>v{now}</b>",
    '{{"v": 1}}',
    "☃️🏳️‍🌈",
    "\u202ev{now}.o.C1",
    "x" * 64,
]
"""Data nobody drew, for the card of the level; `{now}` is the card's version."""


async def poke(lotse: Lotse, phone: Phone, data: str) -> str | None:
    """What a made-up button changes, None for nothing."""
    before, calls = known(lotse, phone), await calls_so_far(lotse, phone)
    await phone.tap_data(data, message_id=phone.last_message["message_id"])
    await phone.transcript()
    made = await methods_since(lotse, calls)
    if known(lotse, phone) != before:
        return "changed something"
    if made.count("answerCallbackQuery") != 1:
        return f"made the calls {made}"
    if any("schiefgegangen" in one["text"] for one in phone.state["toasts"]):
        return "went wrong"
    return None


async def test_data_nobody_drew_is_answered_and_changes_nothing(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    found = {}
    for nasty in NASTY:
        data = nasty.format(now=version_of(anna))
        if (trouble := await poke(lotse, anna, data)) is not None:
            found[data] = trouble
    assert found == {}
    assert not [one for one in rows(lotse.settings, schema.inbox) if one["parked"]]
    await tap(anna, "B1", CERTIFICATE)


async def test_half_a_surrogate_and_a_zero_in_data_are_answered(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    before = known(lotse, anna)
    person = {"id": anna.id, "is_bot": False, "first_name": "Anna", "language_code": "de"}
    for data in ("v1.o.\ud800", "v1.o.\x00", "\x00"):
        query = {"id": "1", "from": person, "chat_instance": "7", "message": anna.last_message, "data": data}
        await lotse.phones.inject({"callback_query": query})
    await worked_through(lotse)
    assert known(lotse, anna) == before
    assert not [one for one in rows(lotse.settings, schema.inbox) if one["parked"]]
    await tap(anna, "B1", CERTIFICATE)


async def test_of_half_a_surrogate_and_a_zero_in_words_a_sign_is_stored(lotse: Lotse) -> None:
    anna = await asked(lotse, "Möchten Sie uns noch etwas sagen?")
    person = {"id": anna.id, "is_bot": False, "first_name": "Anna", "language_code": "de"}
    chat = {"id": anna.id, "type": "private", "first_name": "Anna"}
    head = {"message_id": anna.last_message["message_id"] + 1, "date": anna.last_message["date"] + 5}
    message = head | {"from": person, "chat": chat, "text": "a\ud800b\x00c"}
    await lotse.phones.inject({"message": message})
    await anna.reads(SUMMARY)
    assert answers_of(lotse, anna)["anything"] == "a\ufffdbc"


async def test_a_button_of_an_answered_question_changes_nothing(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    data, card = data_of(anna, "C2")
    await tap(anna, "B1", CERTIFICATE)
    before = known(lotse, anna)
    await anna.tap_data(data, message_id=card)
    await anna.transcript()
    assert known(lotse, anna) == before
    assert CERTIFICATE in plain(anna.last)
    await tap(anna, "Ja", PAPER)


async def test_a_button_of_an_old_message_shows_the_living_card_below(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    data, card = data_of(anna, "Pause")
    await walk(anna, "Was ist Ihr höchster Abschluss?", since=HOURS)
    before, newest = known(lotse, anna), anna.last_message["message_id"]
    await anna.tap_data(data, message_id=card)
    await anna.reads_toast("Diese Karte ist alt. Hier ist die aktuelle.")
    await anna.settled(lambda seen: seen.last_message["message_id"] > newest, "the living card below")
    await anna.reads("Was ist Ihr höchster Abschluss?")
    assert known(lotse, anna) == before


async def test_a_tap_of_a_stranger_is_told_so_in_the_strangers_language(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    boris = await lotse.phones.new("Boris", "en")
    data, card = data_of(anna, "Ja")
    before, calls = known(lotse, anna), await calls_so_far(lotse, anna)
    await boris.tap_data(data, message_id=card, chat=anna.id)
    await boris.reads_toast(said("en", "notice.foreign"))
    assert known(lotse, anna) == before
    assert chat_of(lotse, boris) is None
    assert await methods_since(lotse, calls) == ["answerCallbackQuery"]
    await tap(anna, "Ja", PAPER)


async def test_a_tap_of_a_stranger_who_is_known_changes_neither(lotse: Lotse) -> None:
    anna, boris = await asked(lotse, CERTIFICATE, "Anna"), await asked(lotse, LEVEL, "Boris")
    data, card = data_of(anna, "Ja")
    before = known(lotse, anna), known(lotse, boris)
    await boris.tap_data(data, message_id=card, chat=anna.id)
    await boris.reads_toast("Diese Karte gehört einer anderen Person.")
    assert (known(lotse, anna), known(lotse, boris)) == before


async def test_a_tap_in_a_group_is_told_the_same(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    group = await lotse.phones.ask("POST", "/api/groups", phone=anna.id, title="Family")
    before = known(lotse, anna)
    await anna.tap_data(data_of(anna, "Ja")[0], message_id=1, chat=group["id"])
    await anna.reads_toast("Diese Karte gehört einer anderen Person.")
    assert known(lotse, anna) == before


async def test_a_button_without_its_message_still_counts(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    data, card = data_of(anna, "Ja")
    person = {"id": anna.id, "is_bot": False, "first_name": "Anna", "language_code": "de"}
    gone = {"message_id": card, "chat": {"id": anna.id, "type": "private", "first_name": "Anna"}, "date": 0}
    query = {"id": "12", "from": person, "chat_instance": "7", "message": gone, "data": data}
    await lotse.phones.inject({"callback_query": query})
    await anna.reads(PAPER)
    assert answers_of(lotse, anna)["certificate"] == "yes"


async def test_a_tick_drawn_before_another_tick_still_counts(lotse: Lotse) -> None:
    anna = await asked(lotse)
    data, card = data_of(anna, "Studieren")
    await anna.tap("Deutsch lernen")
    await sees_button(anna, "✅ Deutsch lernen")
    await anna.tap_data(data, message_id=card)
    await sees_button(anna, "✅ Studieren")
    assert "✅ Deutsch lernen" in anna.buttons


async def test_after_erasure_no_old_button_brings_anything_back(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    data, card = data_of(anna, "C1")
    await say(anna, "/forget", "Möchten Sie wirklich alles löschen?")
    await tap(anna, "Ja, alles löschen", "Alles ist gelöscht.")
    await anna.tap_data(data, message_id=card)
    await anna.reads_toast("Hier ist nichts mehr gespeichert.")
    assert "Alles ist gelöscht." in anna.last
    assert known(lotse, anna)[:2] == (None, None), "a chat is held again"


async def test_buttons_of_the_beginning_do_nothing_later(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    language, card = data_of(anna, "English")
    await tap(anna, "Deutsch", "16 Jahre")
    young, _ = data_of(anna, "Nein, jünger als 16")
    await tap(anna, "Ja, 16", "Dürfen wir Ihre Antworten speichern?")
    refused, _ = data_of(anna, "Nein")
    await tap(anna, "Ja, ich bin einverstanden", "Dürfen wir Ihnen schreiben?")
    await tap(anna, "Weiter", GOALS)
    before = known(lotse, anna)
    for data in (language, young, refused):
        await anna.tap_data(data, message_id=card)
        await anna.transcript()
        assert known(lotse, anna) == before
    assert GOALS in plain(anna.last)


async def test_a_second_confirmation_changes_nothing(lotse: Lotse) -> None:
    anna = await asked(lotse, SUMMARY)
    data, card = data_of(anna, "alles stimmt")
    await tap(anna, "Ja, alles stimmt", "Wer darf Ihr Profil sehen?")
    before = known(lotse, anna)
    await anna.tap_data(data, message_id=card)
    await anna.transcript()
    assert known(lotse, anna) == before
    assert "Wer darf Ihr Profil sehen?" in plain(anna.last)


async def pokes(lotse: Lotse, phone: Phone, *nasty: str) -> dict[str, str]:
    found = {}
    for one in nasty:
        data = one.format(now=version_of(phone))
        if (trouble := await poke(lotse, phone, data)) is not None:
            found[data] = trouble
    return found


async def test_a_verb_without_its_argument_changes_nothing(lotse: Lotse) -> None:
    anna = await asked(lotse, LEVEL)
    assert await pokes(lotse, anna, "v{now}.o", "v{now}.t", "v{now}.t.A1", "v{now}.change") == {}


async def test_a_verb_without_its_argument_changes_nothing_at_the_beginning(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    assert await pokes(lotse, anna, "v{now}.lang", "v{now}.lang.") == {}
    await tap(anna, "Deutsch", "16 Jahre")
    assert await pokes(lotse, anna, "v{now}.age", "v{now}.age.maybe") == {}


async def test_a_made_up_answer_to_the_consent_changes_nothing(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    await tap(anna, "Deutsch", "16 Jahre")
    await tap(anna, "Ja, 16", "Dürfen wir Ihre Antworten speichern?")
    assert await pokes(lotse, anna, "v{now}.storage", "v{now}.storage.maybe") == {}


async def test_a_made_up_consent_that_does_not_stand_on_the_card_is_not_given(lotse: Lotse) -> None:
    anna = await consenting(lotse)
    nasty = ("v{now}.agree", "v{now}.agree.reminders", "v{now}.agree.companies.1", "v{now}.agree.storage.0")
    assert await pokes(lotse, anna, *nasty) == {}


async def test_a_made_up_change_in_the_middle_does_not_move_the_card(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    assert await pokes(lotse, anna, "v{now}.change.goals", "v{now}.o.yes.no", "v{now}.back.back") == {}
