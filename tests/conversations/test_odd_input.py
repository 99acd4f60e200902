"""What is no answer: pictures, voices, forwarded and edited messages, several at once, other chats."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.db import schema
from tests.conversations.people import (
    ANYTHING,
    CERTIFICATE,
    GOALS,
    HOURS,
    IQUI,
    LEVEL,
    PAPER,
    SUPPORT,
    answers_of,
    asked,
    below,
    calls_so_far,
    chat_of,
    finished,
    known,
    newcomer,
    plain,
    rows,
    said,
    say,
    sees_button,
    tap,
    worked_through,
)
from tests.phones import Phone
from tests.running import Lotse
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

THINGS = ["photo", "voice", "sticker", "location", "contact", "document", "video_note"]
ONLY_WORDS = "Ich kann nur Text lesen, keine Bilder, Sprachnachrichten oder Dateien."


@pytest.mark.parametrize("kind", THINGS)
async def test_a_thing_that_is_no_text_gets_a_word_and_the_card_again(lotse: Lotse, kind: str) -> None:
    anna = await asked(lotse, LEVEL)
    before = known(lotse, anna)
    old = anna.last_message["message_id"]
    await anna.send_thing(kind)
    await anna.settled(lambda seen: seen.last_message["message_id"] > old, "a new card")
    assert ONLY_WORDS in plain(anna.last)
    assert LEVEL in plain(anna.last)
    assert known(lotse, anna) == before
    await tap(anna, "B1", CERTIFICATE)


async def test_a_picture_with_words_below_is_no_answer_either(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    await anna._act("messages", kind="photo", caption="10")
    await anna.reads(ONLY_WORDS)
    assert "hours" not in answers_of(lotse, anna)


async def test_a_picture_of_somebody_unknown_begins_the_conversation(lotse: Lotse) -> None:
    anna = await lotse.phones.new("Anna", "de")
    await anna.send_thing("photo")
    await anna.reads("Bitte wählen Sie Ihre Sprache")


async def test_words_of_somebody_unknown_begin_the_conversation(lotse: Lotse) -> None:
    anna = await lotse.phones.new("Anna", "de")
    await say(anna, "Hallo, ich suche Arbeit", "Bitte wählen Sie Ihre Sprache")
    stored = chat_of(lotse, anna)
    assert stored is not None
    assert stored["language"] is None


async def test_a_picture_at_the_end_shows_the_end_again(lotse: Lotse) -> None:
    anna = await finished(lotse)
    await anna.send_thing("photo")
    await anna.reads(ONLY_WORDS)
    assert "Ihr Profil ist fertig" in plain(anna.last)


@pytest.mark.parametrize("words", ["10", "/forget", "/start"])
async def test_a_forwarded_message_is_no_answer_and_no_command(lotse: Lotse, words: str) -> None:
    anna = await asked(lotse, HOURS)
    before = known(lotse, anna)
    sent = await anna.send(words, forward=True)
    await below(anna, sent, "Weitergeleitete Nachrichten zählen nicht als Antwort.")
    assert HOURS in plain(anna.last)
    assert known(lotse, anna) == before


async def test_an_edited_message_changes_no_answer(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    sent = await anna.send("10")
    await below(anna, sent, SUPPORT)
    old = anna.last_message["message_id"]
    before = known(lotse, anna)
    await anna.edit(sent["message_id"], "20")
    await anna.settled(lambda seen: seen.last_message["message_id"] > old, "a new card")
    assert "Sie haben eine alte Nachricht geändert." in plain(anna.last)
    assert SUPPORT in plain(anna.last)
    assert known(lotse, anna) == before
    assert answers_of(lotse, anna)["hours"] == 10


async def test_two_taps_on_the_same_button_have_one_effect(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    card, data = anna.last_message["message_id"], button(anna, "Ja")
    before = await calls_so_far(lotse, anna)
    await taps(anna, card, data, data)
    await anna.reads(PAPER)
    await anna.transcript()
    stored = answers_of(lotse, anna)
    assert stored["certificate"] == "yes"
    assert "paper" not in stored
    made = [one["method"] for one in await lotse.phones.calls(before) if one["method"] != "getUpdates"]
    assert sorted(made) == ["answerCallbackQuery", "answerCallbackQuery", "editMessageText"]


@pytest.mark.row(17)
async def test_of_two_taps_on_different_options_the_first_wins(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    card = anna.last_message["message_id"]
    await taps(anna, card, button(anna, "Nein"), button(anna, "Ja"))
    await anna.reads(PAPER)
    await anna.transcript()
    stored = answers_of(lotse, anna)
    assert stored["certificate"] == "no"
    assert "paper" not in stored


async def test_two_taps_on_two_ticks_both_count(lotse: Lotse) -> None:
    anna = await asked(lotse)
    card = anna.last_message["message_id"]
    await taps(anna, card, button(anna, "Studieren"), button(anna, "Deutsch lernen"))
    await sees_button(anna, "✅ Studieren")
    await sees_button(anna, "✅ Deutsch lernen")
    await tap(anna, "Fertig", LEVEL)
    assert answers_of(lotse, anna)["goals"] == ["german", "degree"]


@pytest.mark.row(17)
@pytest.mark.parametrize(("label", "question", "stored"), [("Ja", CERTIFICATE, "yes"), ("Studieren", GOALS, None)])
async def test_twenty_taps_on_a_button_are_all_answered_and_count_once(
    lotse: Lotse, label: str, question: str, stored: str | None
) -> None:
    anna = await asked(lotse, question)
    card, data = anna.last_message["message_id"], button(anna, label)
    await taps(anna, card, *[data] * 20)
    await anna.transcript()  # waits for twenty answers
    if stored:
        await anna.reads(PAPER)
        assert answers_of(lotse, anna)["certificate"] == stored
    else:
        await sees_button(anna, "✅ Studieren")


def button(phone: Phone, label: str) -> str:
    """The data of a button on the newest card."""
    keyboard: list[list[dict[str, str]]] = phone.last_message["reply_markup"]["inline_keyboard"]
    return next(one["callback_data"] for row in keyboard for one in row if label in plain(one["text"]))


async def taps(phone: Phone, card: int, *data: str) -> None:
    """Taps that do not wait for each other."""
    for one in data:
        made = await phone._phones.ask("POST", f"/api/phones/{phone.id}/taps", message_id=card, data=one, force=True)
        phone._unanswered.add(made["callback_query_id"])


# ---- groups, channels, a blocked bot


async def test_in_a_group_a_command_gets_one_sentence_and_all_else_silence(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    before = known(lotse, anna)
    group = await lotse.phones.ask("POST", "/api/groups", phone=anna.id, title="Family")
    path = f"/api/groups/{group['id']}"
    for words in ("Hallo zusammen", "10", "/start jobcenter", "Danke", "/profile"):
        await lotse.phones.ask("POST", f"{path}/messages", phone=anna.id, text=words)

    async def of_the_bot() -> list[str]:
        messages = (await lotse.phones.ask("GET", path))["messages"]
        return [one["text"] for one in messages if one.get("from", {}).get("is_bot")]

    await worked_through(lotse)
    await say(anna, "/start", HOURS)
    await until(of_the_bot, "the bot's sentence in the group")
    assert await of_the_bot() == [
        "Bitte schreiben Sie mir in einem privaten Chat. So bleiben Ihre Antworten unter uns."
    ]
    assert known(lotse, anna) == before
    assert not rows(lotse.settings, schema.chat, id=group["id"])


async def test_a_channel_post_is_left_alone(lotse: Lotse) -> None:
    before = await calls_so_far(lotse)
    post = await lotse.phones.ask("POST", "/api/channels/posts", text="/start Fest am Samstag")
    await worked_through(lotse)
    await newcomer(lotse)
    channel = str(post["chat"]["id"])
    assert channel not in [one["chat_id"] for one in await lotse.phones.calls(before)]
    assert not rows(lotse.settings, schema.chat, id=post["chat"]["id"])


async def test_a_blocked_bot_is_recorded_and_an_unblocked_one_too(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    await anna.block()
    await until(blocked(lotse, anna), "the block to be recorded")
    await anna.block(blocked=False)
    await until(lambda: not blocked(lotse, anna)(), "the end of the block")
    await say(anna, "10", SUPPORT)


async def test_a_refused_card_records_the_block_and_loses_no_answer(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    await lotse.phones.fault("403", method="sendMessage", chat_id=anna.id, times=1)
    await anna.send("10")
    await until(blocked(lotse, anna), "the block to be recorded")
    assert answers_of(lotse, anna)["hours"] == 10
    await lotse.phones.calm()
    await say(anna, "/start", SUPPORT)
    await until(lambda: not blocked(lotse, anna)(), "the end of the block")


def blocked(lotse: Lotse, phone: Phone) -> Callable[[], bool]:
    """Whether the bot knows that it is blocked."""

    def known_as_blocked() -> bool:
        stored = chat_of(lotse, phone)
        assert stored is not None
        return stored["blocked_at"] is not None

    return known_as_blocked


async def test_a_stranger_who_blocks_the_bot_leaves_no_trace(lotse: Lotse) -> None:
    anna = await lotse.phones.new("Anna", "de")
    await anna.block()
    await anna.block(blocked=False)
    await worked_through(lotse)
    assert chat_of(lotse, anna) is None


async def test_a_card_that_was_deleted_is_replaced_by_a_new_one(lotse: Lotse) -> None:
    anna = await asked(lotse, CERTIFICATE)
    card, data = anna.last_message["message_id"], button(anna, "Ja")
    lotse.simulator.world.drop_message(lotse.simulator.world.chats[anna.id], card)
    await anna.tap_data(data, message_id=card)
    await anna.reads(PAPER)
    assert anna.last_message["message_id"] > card
    await tap(anna, "Nein", IQUI)


async def test_after_the_whole_chat_was_cleared_words_still_count(lotse: Lotse) -> None:
    anna = await asked(lotse, HOURS)
    world = lotse.simulator.world
    for number in list(world.chats[anna.id].messages):
        world.drop_message(world.chats[anna.id], number)
    await say(anna, "10", SUPPORT)


async def test_service_messages_are_left_alone(lotse: Lotse) -> None:
    anna = await asked(lotse, ANYTHING)
    before, shown = known(lotse, anna), anna.last_message
    person = {"id": anna.id, "is_bot": False, "first_name": "Anna", "language_code": "de"}
    chat = {"id": anna.id, "type": "private", "first_name": "Anna"}
    service = {"message_id": 9_000_000, "from": person, "chat": chat, "date": shown["date"]}
    timer = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}
    await lotse.phones.inject({"message": service | timer})
    await worked_through(lotse)
    await anna.look()
    assert anna.last_message == shown
    assert known(lotse, anna) == before


async def test_the_word_about_pictures_is_said_in_the_chosen_language(lotse: Lotse) -> None:
    anna = await newcomer(lotse)
    await tap(anna, "العربية", said("ar", "age.ask"))
    await anna.send_thing("voice")
    await anna.reads(said("ar", "notice.only_words"))
