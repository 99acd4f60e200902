"""What people do with their phones: write, tap, edit, block; each becomes an update for the bot."""

from __future__ import annotations

import base64
from typing import Any, Final

from aiogram import types as t

from bot.simulator import files
from bot.simulator.text import LIMIT, units, with_found
from bot.simulator.updates import DAY, QUERY_LIFE
from bot.simulator.wire import checked
from bot.simulator.world import FIRST_MESSAGE, Chat, Phone, World

Json = dict[str, Any]

CHANNEL: Final = -1_003_000_000_001
OTHER: Final = {"id": 5_999_999_999, "is_bot": False, "first_name": "Somebody Else"}
"""Who wrote what is forwarded."""
_FILE: Final = {"file_id": "AgACAgIAAxkBAAIBZ2", "file_unique_id": "AQADAgATxk"}
KINDS: Final[dict[str, Json]] = {
    "photo": {"photo": [_FILE | {"width": 90, "height": 90}, _FILE | {"width": 800, "height": 800}]},
    "voice": {"voice": _FILE | {"duration": 3, "mime_type": "audio/ogg"}},
    "sticker": {
        "sticker": _FILE
        | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
    },
    "location": {"location": {"latitude": 52.288, "longitude": 8.917}},
    "contact": {"contact": {"phone_number": "+495710000000", "first_name": "Example"}},
    "document": {"document": _FILE | {"file_name": "letter.pdf", "mime_type": "application/pdf"}},
    "video_note": {"video_note": _FILE | {"length": 240, "duration": 2}},
    "video": {"video": _FILE | {"width": 640, "height": 480, "duration": 3, "mime_type": "video/mp4"}},
}
WITH_CAPTION: Final = {"photo", "voice", "document", "video"}
WITH_FILE: Final = {"photo", "document"}
"""What can be sent with bytes of its own."""


class Impossible(Exception):
    """What a phone would not let a person do; `status` is the HTTP status that says so."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def write(world: World, phone: Phone, body: Json) -> Json:
    """A person sends `text`, a forwarded text, or a `kind` of thing with a caption; the message as they see it."""
    if phone.blocked:
        raise Impossible(409, "the bot is blocked on this phone")
    content = content_of(world, body)
    chat = world.chats[phone.id]
    if (answered := chat.messages.get(body.get("reply_to", 0))) is not None:
        content["reply_to_message"] = {k: v for k, v in answered.body.items() if k != "reply_to_message"}
    phone.started = True
    world.save_phone(phone)
    return said(world, chat, phone, content)


def start(world: World, phone: Phone, payload: str) -> Json:
    """A person opens the bot by its link; a block ends by it."""
    block(world, phone, blocked=False)
    return write(world, phone, {"text": f"/start {payload}".strip()})


def said(world: World, chat: Chat, phone: Phone, content: Json) -> Json:
    """What somebody said, now in the chat and on its way to the bot."""
    head = {
        "message_id": world.next_message(chat),
        "from": phone.user,
        "chat": world.chat_body(chat),
        "date": world.now(),
    }
    message = checked(t.Message, head | content)
    world.put_message(chat, message, outgoing=True)
    world.updates.put("message", update_of("message", message), line=chat.id)
    return message


def content_of(world: World, body: Json) -> Json:
    """A text, a forwarded one, or a `kind` of thing with a caption, as a message has it."""
    kind, text = body.get("kind"), body.get("text")
    if kind is not None:
        if kind not in KINDS:
            raise Impossible(422, f"kind is one of {', '.join(KINDS)}")
        caption = {"caption": body["caption"]} if body.get("caption") and kind in WITH_CAPTION else {}
        group = {"media_group_id": str(body["album"])} if body.get("album") else {}
        own = kind in WITH_FILE and "file" in body
        return (_file(world, str(kind), body["file"]) if own else KINDS[kind]) | caption | group
    content = text_of(text)
    if body.get("forward"):
        content["forward_origin"] = {"type": "user", "date": world.now(), "sender_user": OTHER}
    return content


def _file(world: World, sent_as: str, given: object) -> Json:
    """A document or picture with `name`, `type` and its bytes as base64 (`data`)."""
    file = given if isinstance(given, dict) else {}
    try:
        data = base64.b64decode(file.get("data", ""), validate=True)
    except (ValueError, TypeError):
        raise Impossible(422, "data is base64") from None
    if not file.get("name") or len(data) > files.LARGEST:
        raise Impossible(422, f"a file has a name, and at most {files.LARGEST} bytes")
    kind = str(file.get("type") or "application/octet-stream")
    if sent_as == "photo":
        return {"photo": files.photo_by_person(world, str(file["name"]), kind, data)}
    return {"document": files.sent_by_person(world, str(file["name"]), kind, data)}


def text_of(text: object) -> Json:
    """Words as a message has them."""
    if not isinstance(text, str) or not text.strip():
        raise Impossible(422, "text is a string that is not empty")
    text = text.strip()
    if units(text) > LIMIT:
        raise Impossible(422, f"a message has at most {LIMIT} characters")
    entities = with_found(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})


def edit(world: World, chat: Chat, number: int, text: object) -> Json:
    """A person changes a text of theirs."""
    message = chat.messages.get(number)
    if message is None or not message.outgoing or "text" not in message.body:
        raise Impossible(404, "nobody wrote such a text")
    kept = {key: value for key, value in message.body.items() if key != "entities"}
    body = checked(t.Message, kept | text_of(text) | {"edit_date": world.now()})
    world.put_message(chat, body, outgoing=True)
    world.updates.put("edited_message", update_of("edited_message", body), line=chat.id)
    return body


def tap(world: World, phone: Phone, body: Json) -> str:
    """A person taps a button; the number of the press.

    `data`, or `row` and `column`, name the button under `message_id`; with `force` it need not be there (an old
    button, made-up data), and may be in another `chat`.
    """
    force = bool(body.get("force"))
    chat = world.chats.get(body.get("chat", phone.id)) if force else world.chats[phone.id]
    if chat is None:
        raise Impossible(404, "there is no such chat")
    message = chat.messages.get(body["message_id"])
    data = body.get("data") if force else _data(message.body if message else {}, body)
    if not isinstance(data, str):
        raise Impossible(404 if message is None else 409, "there is no such button now")
    if phone.blocked and not force:
        raise Impossible(409, "the bot is blocked on this phone")
    gone = {"message_id": body["message_id"], "chat": world.chat_body(chat), "date": 0}
    number = world.add_query(phone)
    query = {
        "id": str(number),
        "from": phone.user,
        "chat_instance": str(7_000_000_000_000_000_000 + abs(chat.id)),
        "message": message.body if message else gone,
        "data": data,
    }
    world.updates.put("callback_query", update_of("callback_query", query), line=phone.id, life=QUERY_LIFE)
    return str(number)


def _data(message: Json, body: Json) -> str | None:
    """The data of the button that is meant, None when it is not there or carries none."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    if "data" in body:
        found = (button["callback_data"] for row in rows for button in row if "callback_data" in button)
        return next((data for data in found if data == body["data"]), None)
    row, column = body.get("row"), body.get("column")
    if not isinstance(row, int) or not isinstance(column, int):
        raise Impossible(422, "name the button by data, or by row and column")
    if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
        return None
    data: str | None = rows[row][column].get("callback_data")
    return data


def block(world: World, phone: Phone, *, blocked: bool) -> None:
    """A person blocks the bot, or takes it back."""
    if phone.blocked == blocked:
        return
    phone.blocked = blocked
    world.save_phone(phone)
    away = {"user": world.bot_user(), "status": "kicked", "until_date": 0}
    here = {"user": world.bot_user(), "status": "member"}
    old, new = (here, away) if blocked else (away, here)
    membership(world, world.chats[phone.id], phone.user, old, new)


def post(world: World, text: object) -> Json:
    """A post appears in a channel the bot is in."""
    content = text_of(text)
    if CHANNEL not in world.chats:
        world.add_chat(Chat(CHANNEL, "channel", "Town news", last_message=FIRST_MESSAGE))
    chat = world.chats[CHANNEL]
    chat_body = world.chat_body(chat)
    head = {"message_id": world.next_message(chat), "sender_chat": chat_body, "chat": chat_body, "date": world.now()}
    message = checked(t.Message, head | content)
    world.put_message(chat, message, outgoing=True)
    world.updates.put("channel_post", update_of("channel_post", message), line=chat.id)
    return message


def membership(world: World, chat: Chat, by: Json, old: Json, new: Json) -> None:
    """The bot is told how it stands in a chat now."""
    change = {
        "chat": world.chat_body(chat),
        "from": by,
        "date": world.now(),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    world.updates.put("my_chat_member", update_of("my_chat_member", change), line=chat.id, life=DAY)


def update_of(kind: str, body: Json) -> Json:
    """The body as aiogram's Update holds it."""
    checked_body: Json = checked(t.Update, {"update_id": 0, kind: body})[kind]
    return checked_body
