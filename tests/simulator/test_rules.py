"""Telegram's rules, each with the words it refuses with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.phones import Phone, Phones
from tests.simulator.conftest import TOKEN, Api, Clock

STRICT = " (the simulator is stricter than Telegram here)"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def link(url: str) -> list[dict[str, Any]]:
    return [{"type": "text_link", "offset": 0, "length": 4, "url": url}]


def styled(offset: int, length: int, kind: str = "bold", **more: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "offset": offset, "length": length, **more}]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"text": None}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"parse_mode": "HTML"}, "parse_mode is not taken, send entities" + STRICT),
        ({"surprise": 1}, 'unexpected parameter "surprise"' + STRICT),
        ({"message_effect_id": "3"}, 'the parameter "message_effect_id" is not played here' + STRICT),
        ({"chat_id": None}, "chat_id is empty"),
        ({"chat_id": 42}, "chat not found"),
        ({"chat_id": "@somewhere"}, "chat not found"),
        ({"reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ({"reply_parameters": {"message_id": 9}}, "message to be replied not found"),
        ({"entities": styled(-1, 2)}, "receive an entity with incorrect offset"),
        ({"entities": styled(1, -2)}, "receive an entity with incorrect length"),
        ({"entities": styled(9, 1)}, "entity begins after the end of the text at UTF-16 offset 9"),
        (
            {"entities": styled(2, 9)},
            "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 11",
        ),
        ({"entities": styled(7, 1)}, "entity begins in a middle of a UTF-16 symbol at byte offset 10"),
        (
            {"entities": styled(0, 7)},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 10",
        ),
        ({"entities": styled(0, 1, "sparkling")}, "can't parse MessageEntity: Unsupported type specified"),
        (
            {"entities": styled(0, 1, "date_time", unix_time=1, date_time_format="?")},
            "can't parse MessageEntity: Invalid date-time format specified",
        ),
        ({"entities": styled(0, 1, "date_time")}, "can't parse MessageEntity: Can't find field \"unix_time\""),
        ({"entities": styled(0, 1) * 101}, "more than 100 entities" + STRICT),
        ({"reply_markup": keyboard({"text": "a", "callback_data": "ü" * 33})}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": keyboard({"text": "a", "callback_data": ""})}, "BUTTON_DATA_INVALID"),
        (
            {"reply_markup": keyboard({"text": "a"})},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"reply_markup": keyboard({"text": "a", "url": "ftp://a.b"})},
            "inline keyboard button URL 'ftp://a.b' is invalid: Wrong HTTP URL",
        ),
        ({"reply_markup": keyboard({"text": "a", "copy_text": {"text": ""}})}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"reply_markup": keyboard({"text": "a", "callback_data": "b", "style": "loud"})},
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (
            {"reply_markup": keyboard({"text": " ", "callback_data": "b"})},
            "inline keyboard button text must be non-empty" + STRICT,
        ),
        (
            {"reply_markup": keyboard({"text": "a", "callback_data": "b", "url": "https://a.b"})},
            "a button does one thing only, not callback_data and url" + STRICT,
        ),
        (
            {"reply_markup": keyboard({"text": "a", "callback_data": "b", "colour": "red"})},
            'unexpected field "reply_markup.inline_keyboard.colour"' + STRICT,
        ),
        ({"reply_markup": keyboard({"text": "a", "callback_data": "b"}) | {"x": 1}}, None),
        ({"reply_markup": {"force_reply": True}}, "the phones draw inline keyboards only" + STRICT),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 8] * 13}},
            "reply markup is too long",
        ),
    ],
)
async def test_a_message_that_breaks_a_rule_is_refused(
    api: Api, amal: Phone, parameters: dict[str, Any], words: str | None
) -> None:
    code, text = await api.refused("sendMessage", **{"chat_id": amal.id, "text": "Hallo 😀", **parameters})
    assert code == 400
    assert words is None or text == f"Bad Request: {words}"
    await amal.look()
    assert amal.last == ""


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "", "example.org", "https://", "https://a b.org", "http://[", "mailto:"]
)
async def test_a_link_to_nowhere_is_refused(api: Api, amal: Phone, url: str) -> None:
    code, text = await api.refused("sendMessage", chat_id=amal.id, text="Link", entities=link(url))
    assert (code, STRICT in text) == (400, True)


@pytest.mark.parametrize("url", ["https://a.org/x?y=1", "http://a.org", "tg://user?id=5", "mailto:a@b.de"])
async def test_a_good_link_is_kept(api: Api, amal: Phone, url: str) -> None:
    sent = await api.call("sendMessage", chat_id=amal.id, text="Link", entities=link(url))
    assert sent["entities"] == link(url)


async def test_the_longest_text_and_the_longest_data_are_taken(api: Api, amal: Phone) -> None:
    markup = keyboard({"text": "a", "callback_data": "ü" * 32})
    sent = await api.call("sendMessage", chat_id=amal.id, text="😀" * 2048 + " \n", reply_markup=markup)
    assert sent["text"] == "😀" * 2048
    assert sent["reply_markup"] == markup


async def test_a_wrong_token_and_an_unknown_method(api: Api) -> None:
    for path, code, text in (
        (f"/bot{TOKEN[:-1]}B/getMe", 401, "Unauthorized"),
        (f"/bot{TOKEN}/sendDice", 404, "Not Found: method not found"),
    ):
        async with api.session.get(path) as response:
            assert response.status == code
            assert await response.json() == {"ok": False, "error_code": code, "description": text}


async def test_a_body_that_is_no_json_object(api: Api) -> None:
    for body in (b"{", b"[]", b"\xff"):
        headers = {"Content-Type": "application/json"}
        async with api.session.post(f"/bot{TOKEN}/getMe", data=body, headers=headers) as response:
            assert (await response.json())["description"] == "Bad Request: can't parse JSON object"


async def test_who_never_started_who_blocked_and_who_is_gone(api: Api, phones: Phones, amal: Phone) -> None:
    stranger = await phones.new("Olena", "uk")
    new = {"chat_id": stranger.id, "text": "Hallo"}
    assert await api.refused("sendMessage", **new) == (403, "Forbidden: bot can't initiate conversation with a user")
    sent = await api.call("sendMessage", chat_id=amal.id, text="Hallo")
    await amal.block()
    blocked = (403, "Forbidden: bot was blocked by the user")
    assert await api.refused("sendMessage", chat_id=amal.id, text="Hallo?") == blocked
    assert await api.refused("sendChatAction", chat_id=amal.id, action="typing") == blocked
    edit = {"chat_id": amal.id, "message_id": sent["message_id"], "text": "Neu"}
    assert await api.refused("editMessageText", **edit) == blocked
    await amal.block(blocked=False)
    await api.call("sendMessage", chat_id=amal.id, text="Da bist du ja")
    await phones.ask("DELETE", f"/api/phones/{amal.id}")
    assert await api.refused("sendMessage", chat_id=amal.id, text="?") == (403, "Forbidden: user is deactivated")


async def test_editing_needs_a_change_and_a_message_of_the_bot(api: Api, amal: Phone) -> None:
    markup = keyboard({"text": "a", "callback_data": "b"})
    entities = styled(0, 4)
    same = {"chat_id": amal.id, "text": "Text", "reply_markup": markup, "entities": entities}
    sent = await api.call("sendMessage", **same)
    number = {"message_id": sent["message_id"]}
    assert await api.refused("editMessageText", **same, **number) == (400, NOT_MODIFIED)
    assert await api.refused("editMessageText", **same | {"text": "Text \n"}, **number) == (400, NOT_MODIFIED)
    await api.call("editMessageText", **same | {"entities": []}, **number)
    await api.call("editMessageReplyMarkup", chat_id=amal.id, **number)
    assert await api.refused("editMessageReplyMarkup", chat_id=amal.id, **number) == (400, NOT_MODIFIED)

    own = await amal.send("Meins")
    for parameters, words in (
        ({"message_id": own["message_id"], "text": "x"}, "message can't be edited"),
        ({"message_id": 99_999, "text": "x"}, "message to edit not found"),
        ({"text": "x"}, "message to edit not found"),
        ({"message_id": sent["message_id"]}, "message text is empty"),
        ({"message_id": sent["message_id"], "text": "a" * 4097}, "MESSAGE_TOO_LONG"),
    ):
        assert await api.refused("editMessageText", chat_id=amal.id, **parameters) == (400, f"Bad Request: {words}")


async def test_deleting_ends_after_two_days(api: Api, amal: Phone, clock: Clock) -> None:
    young, old = [await api.call("sendMessage", chat_id=amal.id, text=text) for text in ("jung", "alt")]
    own = await amal.send("Meins")
    clock.now += 172_799
    assert await api.call("deleteMessage", chat_id=amal.id, message_id=young["message_id"])
    assert await api.call("deleteMessage", chat_id=amal.id, message_id=own["message_id"])
    clock.now += 1
    for number, words in (
        (old["message_id"], "message can't be deleted"),
        (young["message_id"], "message to delete not found"),
    ):
        refused = await api.refused("deleteMessage", chat_id=amal.id, message_id=number)
        assert refused == (400, f"Bad Request: {words}")
    refused = await api.refused("deleteMessage", chat_id=amal.id)
    assert refused == (400, "Bad Request: message identifier is not specified")


async def test_a_tap_can_be_answered_for_a_quarter_of_an_hour(api: Api, amal: Phone, clock: Clock) -> None:
    await api.call(
        "sendMessage", chat_id=amal.id, text="?", reply_markup=keyboard({"text": "Ja", "callback_data": "j"})
    )
    await amal.tap("Ja", answered=False)
    query = (await api.call("getUpdates"))[-1]["callback_query"]["id"]
    too_long = await api.refused("answerCallbackQuery", callback_query_id=query, text="a" * 201)
    assert too_long == (400, "Bad Request: MESSAGE_TOO_LONG")
    clock.now += 900
    assert await api.call("answerCallbackQuery", callback_query_id=query)
    clock.now += 1
    old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert await api.refused("answerCallbackQuery", callback_query_id=query) == old
    assert await api.refused("answerCallbackQuery", callback_query_id="77") == old
    assert await api.refused("answerCallbackQuery", callback_query_id="x") == old
    assert await api.refused("answerCallbackQuery") == old


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "help", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": [{"command": "h", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", {"commands": [], "language_code": "deu"}, "invalid language code specified"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
        ("setMyName", {"name": "a" * 65}, "name is longer than 64" + STRICT),
        ("setMyDescription", {"description": "a" * 513}, "description is longer than 512" + STRICT),
        ("sendChatAction", {"chat_id": 1, "action": "dancing"}, "wrong parameter action in request"),
        ("setWebhook", {"url": "gopher://a"}, "invalid webhook URL specified"),
        ("setWebhook", {"url": "http://a", "secret_token": "ä"}, "secret token contains unallowed characters"),
        ("setWebhook", {"url": "http://a", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
async def test_other_calls_that_break_a_rule(api: Api, method: str, parameters: dict[str, Any], words: str) -> None:
    assert await api.refused(method, **parameters) == (400, f"Bad Request: {words}")


async def test_nested_values_may_come_as_json_in_strings(api: Api, amal: Phone) -> None:
    sent = await api.call("sendMessage", chat_id=str(amal.id), text="Text", entities=json.dumps(styled(0, 4)))
    assert sent["entities"] == styled(0, 4)
