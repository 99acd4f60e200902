"""python-telegram-bot speaks to the simulator, whose answers are aiogram's: both agree on every method."""

from __future__ import annotations

import aiohttp
import pytest
import telegram
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
)

from bot.simulator.methods import METHODS
from tests.phones import Phone, Phones
from tests.simulator.conftest import TOKEN, Api

KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Ja", callback_data="yes"), InlineKeyboardButton("Nein", callback_data="no")],
        [InlineKeyboardButton("Karte", url="https://example.org/a?b=c")],
        [InlineKeyboardButton("Adresse", copy_text=CopyTextButton("Am Markt 1"))],
    ]
)


async def test_the_bot_knows_itself(bot: telegram.Bot) -> None:
    assert (await bot.get_me()).username == bot.username == "lotse_demo_bot"


async def test_a_sent_message_comes_back_and_stands_on_the_phone(bot: telegram.Bot, amal: Phone) -> None:
    bold = MessageEntity(MessageEntity.BOLD, 3, 5)
    sent = await bot.send_message(
        amal.id,
        "👋 Hallo \u2068Amal\u2069  \n",
        entities=[bold],
        reply_markup=KEYBOARD,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text == "👋 Hallo \u2068Amal\u2069"
    assert sent.entities == (bold,)
    assert sent.parse_entity(bold) == "Hallo"
    assert sent.reply_markup == KEYBOARD
    assert sent.has_protected_content
    assert sent.link_preview_options == LinkPreviewOptions(is_disabled=True)
    assert sent.chat.id == amal.id > 2**32
    await amal.reads("Hallo Amal")
    assert amal.buttons == ["Ja", "Nein", "Karte", "Adresse"]


async def test_a_reply_shows_what_it_answers(bot: telegram.Bot, amal: Phone) -> None:
    asked = await amal.send("Wo?")
    sent = await bot.send_message(amal.id, "Hier.", reply_to_message_id=asked["message_id"])
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "Wo?"


async def test_a_message_is_edited_in_place_and_loses_its_keyboard(bot: telegram.Bot, amal: Phone) -> None:
    sent = await bot.send_message(amal.id, "Erste Frage", reply_markup=KEYBOARD)
    edited = await bot.edit_message_text("Zweite Frage", amal.id, sent.message_id, reply_markup=KEYBOARD)
    assert isinstance(edited, telegram.Message)
    assert (edited.text, edited.message_id, edited.reply_markup) == ("Zweite Frage", sent.message_id, KEYBOARD)
    assert edited.edit_date is not None
    bare = await bot.edit_message_reply_markup(amal.id, sent.message_id)
    assert isinstance(bare, telegram.Message)
    assert (bare.text, bare.reply_markup) == ("Zweite Frage", None)
    await amal.look()
    assert (amal.last, amal.buttons) == ("Zweite Frage", [])


async def test_an_edited_text_without_a_keyboard_has_none(bot: telegram.Bot, amal: Phone) -> None:
    sent = await bot.send_message(amal.id, "Frage", reply_markup=KEYBOARD)
    edited = await bot.edit_message_text("Antwort", amal.id, sent.message_id)
    assert isinstance(edited, telegram.Message)
    assert edited.reply_markup is None


async def test_a_message_is_deleted(bot: telegram.Bot, amal: Phone) -> None:
    sent = await bot.send_message(amal.id, "Weg damit")
    assert await bot.delete_message(amal.id, sent.message_id)
    await amal.look()
    assert amal.last == ""


async def test_a_tap_becomes_a_query_and_its_answer_a_toast(bot: telegram.Bot, amal: Phone) -> None:
    sent = await bot.send_message(amal.id, "Frage", reply_markup=KEYBOARD)
    await amal.tap("Nein")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert (query.data, query.from_user.id, query.from_user.language_code) == ("no", amal.id, "ar")
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    assert await bot.answer_callback_query(query.id, "Gespeichert")
    assert await bot.answer_callback_query(query.id)
    await amal.reads_toast("")
    assert [toast["text"] for toast in amal.state["toasts"]] == ["Gespeichert", ""]


async def test_typing_shows_until_the_next_message(bot: telegram.Bot, amal: Phone) -> None:
    await bot.send_chat_action(amal.id, "typing")
    await amal.look()
    assert amal.state["typing"]
    await bot.send_message(amal.id, "Fertig")
    await amal.look()
    assert not amal.state["typing"]


async def test_names_and_descriptions_by_language(bot: telegram.Bot, phones: Phones) -> None:
    await bot.set_my_name("Lotse Minden")
    await bot.set_my_name("مرشد", language_code="ar")
    await bot.set_my_description("Hilft.")
    await bot.set_my_short_description("Kurz.", language_code="de")
    assert (await bot.get_my_name()).name == (await bot.get_my_name("fr")).name == "Lotse Minden"
    assert (await bot.get_my_name("ar")).name == "مرشد"
    assert (await bot.get_my_description("ar")).description == "Hilft."
    assert (await bot.get_my_short_description("de")).short_description == "Kurz."
    assert (await bot.get_my_short_description()).short_description == ""
    assert await phones.ask("GET", "/api/bot?language_code=ar") == {
        "username": "lotse_demo_bot",
        "name": "مرشد",
        "description": "Hilft.",
        "short_description": "",
    }


async def test_commands_of_the_narrowest_scope_and_own_language_are_shown(bot: telegram.Bot, amal: Phone) -> None:
    async def shown() -> list[str]:
        await amal.look()
        return [command["command"] for command in amal.state["commands"]]

    assert await shown() == []
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("help", "Help")])
    assert await shown() == ["help"]
    await bot.set_my_commands([BotCommand("start", "Start")], scope=private)
    await bot.set_my_commands([BotCommand("bidaya", "بداية")], scope=private, language_code="ar")
    await bot.set_my_commands([BotCommand("debut", "Début")], scope=private, language_code="fr")
    assert await shown() == ["bidaya"]
    assert [c.command for c in await bot.get_my_commands(scope=private, language_code="fr")] == ["debut"]
    await bot.set_my_commands([BotCommand("staff", "Staff")], scope=BotCommandScopeChat(amal.id))
    assert await shown() == ["staff"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(amal.id))
    await bot.delete_my_commands(scope=private, language_code="ar")
    assert await shown() == ["start"]


async def test_a_chat_and_a_group_that_is_left(bot: telegram.Bot, phones: Phones, amal: Phone) -> None:
    assert (await bot.get_chat(amal.id)).first_name == "Amal"
    group = await phones.ask("POST", "/api/groups", title="Nachbarn", phone=amal.id)
    await bot.send_message(group["id"], "Guten Tag")
    assert (await bot.get_chat(group["id"])).title == "Nachbarn"
    assert await bot.leave_chat(group["id"])
    with pytest.raises(telegram.error.Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group["id"], "Noch da?")


async def test_the_webhook_is_set_and_told(bot: telegram.Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s", max_connections=3, allowed_updates=["message"])
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == ("http://127.0.0.1:9/hook", 3, ("message",))
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_method_names_have_no_case_and_parameters_come_in_any_form(api: Api, amal: Phone) -> None:
    url = f"/bot{TOKEN}"
    keyboard = '{"inline_keyboard": [[{"text": "Ja", "callback_data": "y"}]]}'
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_fields(("chat_id", str(amal.id)), ("text", "multipart"), ("reply_markup", keyboard))
    for request in (
        api.session.get(f"{url}/SENDMESSAGE", params={"chat_id": amal.id, "text": "query", "reply_markup": keyboard}),
        api.session.post(f"{url}/sendmessage", data={"chat_id": amal.id, "text": "form", "reply_markup": keyboard}),
        api.session.post(f"{url}/sendMessage", data=form),
        api.session.post(f"{url}/sendMessage", json={"chat_id": amal.id, "text": "JSON", "reply_markup": keyboard}),
    ):
        async with request as response:
            assert response.status == 200
            sent = (await response.json())["result"]
            assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"
    await amal.look()
    assert [message["text"] for message in amal.state["messages"]][1:] == ["query", "form", "multipart", "JSON"]


async def test_calls_are_counted_without_their_texts(api: Api, phones: Phones, amal: Phone) -> None:
    await api.call("sendMessage", chat_id=amal.id, text="geheim")
    await api.refused("sendMessage", chat_id=1, text="geheim")
    calls = await phones.calls()
    assert calls == [
        {"n": 1, "method": "sendMessage", "chat_id": str(amal.id), "ok": True, "error_code": None},
        {"n": 2, "method": "sendMessage", "chat_id": "1", "ok": False, "error_code": 400},
    ]
    assert await phones.calls(after=2) == []


def test_every_method_of_the_bot_is_played() -> None:
    wanted = (
        "getMe getUpdates setWebhook deleteWebhook getWebhookInfo sendMessage sendDocument getFile editMessageText"
        " editMessageReplyMarkup deleteMessage answerCallbackQuery sendChatAction setMyCommands getMyCommands"
        " deleteMyCommands setMyName sendPhoto editMessageCaption copyMessage pinChatMessage"
        " setMessageReaction createForumTopic closeForumTopic reopenForumTopic editForumTopic deleteForumTopic"
        " getMyName setMyDescription getMyDescription setMyShortDescription getMyShortDescription getChat leaveChat"
        " getChatMember editMessageMedia banChatMember unbanChatMember"
    )
    assert set(METHODS) == set(wanted.lower().split())
