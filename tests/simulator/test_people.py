"""What people do reaches the bot as Telegram would tell it; python-telegram-bot reads every update."""

from __future__ import annotations

from typing import Any

import pytest
import telegram
from telegram import ChatMember

from tests.phones import Phone, Phones
from tests.simulator.conftest import Api

BUTTONS = {
    "inline_keyboard": [
        [{"text": "Ja", "callback_data": "yes"}, {"text": "Nein", "callback_data": "no"}],
        [{"text": "Karte", "url": "https://example.org"}],
    ]
}


async def newest(bot: telegram.Bot) -> telegram.Update:
    return (await bot.get_updates())[-1]


async def test_a_new_phone_shows_an_empty_chat(phones: Phones) -> None:
    amal = await phones.new("Amal", "ar", last_name="Haddad", username="amal_h")
    await amal.look()
    version = amal.state.pop("version")
    assert amal.state == {
        "id": 5_000_000_001,
        "first_name": "Amal",
        "last_name": "Haddad",
        "username": "amal_h",
        "language_code": "ar",
        "blocked": False,
        "started": False,
        "typing": False,
        "messages": [],
        "commands": [],
        "toasts": [],
    }
    assert (await phones.ask("GET", "/api/phones"))["phones"][0]["version"] == version


async def test_phones_have_numbers_of_their_own(phones: Phones) -> None:
    first, second = await phones.new("A", "de"), await phones.new("B", "de")
    given = await phones.new("C", "de", id=4711)
    assert len({first.id, second.id, given.id}) == 3
    with pytest.raises(AssertionError, match="409"):
        await phones.new("D", "de", id=4711)


@pytest.mark.parametrize(
    "phone",
    [{}, {"first_name": " ", "language_code": "de"}, {"first_name": "A"}, {"first_name": "A", "language_code": 5}],
)
async def test_a_phone_needs_a_name_and_a_language(phones: Phones, phone: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="422"):
        await phones.ask("POST", "/api/phones", **phone)


async def test_a_deep_link_comes_as_start_with_its_payload(bot: telegram.Bot, phones: Phones) -> None:
    amal = await phones.new("Amal", "ar")
    await amal.start("jobcenter")
    message = (await newest(bot)).message
    assert message is not None
    assert message.text == "/start jobcenter"
    assert message.parse_entities() == {message.entities[0]: "/start"}
    assert message.entities[0].type == "bot_command"
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.language_code, message.chat.type) == (amal.id, "ar", "private")


async def test_the_numbers_of_messages_grow_over_all_private_chats(phones: Phones, amal: Phone) -> None:
    other = await phones.new("Olena", "uk")
    numbers = [(await phone.send("x"))["message_id"] for phone in (amal, other, amal)]
    assert numbers == [102, 103, 104]


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "contact", "document", "video_note"])
async def test_things_that_are_no_text(bot: telegram.Bot, amal: Phone, kind: str) -> None:
    await amal.send_thing(kind)
    message = (await newest(bot)).message
    assert message is not None
    assert telegram.helpers.effective_message_type(message) == kind
    assert f"<{kind}>" in amal.screen()


async def test_a_caption_and_a_forwarded_text(bot: telegram.Bot, phones: Phones, amal: Phone) -> None:
    await phones.ask("POST", f"/api/phones/{amal.id}/messages", kind="photo", caption="Mein Brief")
    message = (await newest(bot)).message
    assert message is not None
    assert message.caption == "Mein Brief"
    await amal.send("Weitergeleitet", forward=True)
    message = (await newest(bot)).message
    assert message is not None
    assert isinstance(message.forward_origin, telegram.MessageOriginUser)


async def test_an_edited_message(bot: telegram.Bot, amal: Phone) -> None:
    sent = await amal.send("falsch /help")
    await amal.edit(sent["message_id"], "richtig")
    edited = (await newest(bot)).edited_message
    assert edited is not None
    assert (edited.text, edited.message_id, edited.entities) == ("richtig", sent["message_id"], ())
    assert edited.edit_date is not None
    with pytest.raises(AssertionError, match="404"):
        await amal.edit(99_999, "nichts")


async def test_block_and_unblock_come_as_membership(bot: telegram.Bot, amal: Phone) -> None:
    await amal.block()
    await amal.block()
    await amal.start()
    kicked, member, started = (await bot.get_updates())[-3:]
    assert kicked.my_chat_member is not None
    assert kicked.my_chat_member.new_chat_member.status == ChatMember.BANNED
    assert member.my_chat_member is not None
    assert member.my_chat_member.difference()["status"] == (ChatMember.BANNED, ChatMember.MEMBER)
    assert started.message is not None


async def test_who_blocked_the_bot_cannot_write_or_tap(api: Api, amal: Phone) -> None:
    await api.call("sendMessage", chat_id=amal.id, text="?", reply_markup=BUTTONS)
    await amal.block()
    with pytest.raises(AssertionError, match="409"):
        await amal.send("Hallo?")
    with pytest.raises(AssertionError, match="409"):
        await amal.tap("Ja")


async def test_only_a_button_that_is_there_can_be_tapped(api: Api, phones: Phones, amal: Phone) -> None:
    card = await api.call("sendMessage", chat_id=amal.id, text="?", reply_markup=BUTTONS)
    path, under = f"/api/phones/{amal.id}/taps", {"message_id": card["message_id"]}
    assert await phones.ask("POST", path, **under, data="no")
    assert await phones.ask("POST", path, **under, row=0, column=1)
    for tap, status in (
        ({**under, "data": "maybe"}, 409),
        ({**under, "row": 1, "column": 0}, 409),
        ({**under, "row": 0, "column": 2}, 409),
        ({**under, "row": -1, "column": 0}, 409),
        (under, 422),
        ({"data": "no"}, 422),
        ({"message_id": 1, "data": "no"}, 404),
    ):
        with pytest.raises(AssertionError, match=str(status)):
            await phones.ask("POST", path, **tap)
    queries = [update["callback_query"]["data"] for update in (await api.call("getUpdates"))[1:]]
    assert queries == ["no", "no"]


async def test_forged_old_and_foreign_taps(bot: telegram.Bot, api: Api, phones: Phones, amal: Phone) -> None:
    card = await api.call("sendMessage", chat_id=amal.id, text="?", reply_markup=BUTTONS)
    await amal.tap_data("forged", answered=False)
    forged = (await newest(bot)).callback_query
    assert forged is not None
    assert forged.data == "forged"

    stranger = await phones.new("Olena", "uk")
    await stranger.tap_data("yes", message_id=card["message_id"], chat=amal.id, answered=False)
    foreign = (await newest(bot)).callback_query
    assert foreign is not None
    assert foreign.message is not None
    assert (foreign.from_user.id, foreign.message.chat.id) == (stranger.id, amal.id)

    await api.call("deleteMessage", chat_id=amal.id, message_id=card["message_id"])
    await amal.tap_data("yes", message_id=card["message_id"], answered=False)
    old = (await newest(bot)).callback_query
    assert old is not None
    assert old.message is not None
    assert not old.message.is_accessible


async def test_groups_and_channels(bot: telegram.Bot, phones: Phones, amal: Phone) -> None:
    group = await phones.ask("POST", "/api/groups", title="Nachbarn", phone=amal.id)
    await phones.ask("POST", f"/api/groups/{group['id']}/messages", phone=amal.id, text="Hallo Gruppe")
    await phones.ask("POST", "/api/channels/posts", text="Neuigkeit")
    joined, said, posted = (await bot.get_updates())[-3:]
    assert joined.my_chat_member is not None
    assert joined.my_chat_member.new_chat_member.status == ChatMember.ADMINISTRATOR
    assert said.message is not None
    assert (said.message.chat.id, said.message.chat.type) == (group["id"], "supergroup")
    assert posted.channel_post is not None
    assert (posted.channel_post.chat.type, posted.channel_post.from_user) == ("channel", None)
    answered = await bot.send_message(group["id"], "Bitte schreibt mir allein.")
    shown = await phones.ask("GET", f"/api/groups/{group['id']}")
    assert (shown["title"], shown["left"]) == ("Nachbarn", False)
    assert [message["text"] for message in shown["messages"]] == [said.message.text, answered.text]


async def test_a_deleted_phone_is_gone(phones: Phones, amal: Phone) -> None:
    await phones.ask("DELETE", f"/api/phones/{amal.id}")
    assert await phones.ask("GET", "/api/phones") == {"phones": []}
    with pytest.raises(AssertionError, match="404"):
        await amal.look()


@pytest.mark.parametrize("message", [{}, {"text": " "}, {"text": 5}, {"kind": "ghost"}, {"text": "a" * 4097}])
async def test_what_cannot_be_sent(phones: Phones, amal: Phone, message: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="422"):
        await phones.ask("POST", f"/api/phones/{amal.id}/messages", **message)


async def test_another_sites_page_cannot_play(api: Api) -> None:
    async with api.session.post("/api/phones", data='{"first_name": "x", "language_code": "de"}') as answer:
        assert answer.status == 415
    async with api.session.get("/api/phones") as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
