"""The bot's calls about messages: send, edit, delete, answer a button press, show that it types."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiogram import methods as m
from aiogram import types as t

from bot.simulator.keyboards import reply_markup
from bot.simulator.refusal import bad
from bot.simulator.text import CAPTION_LIMIT, message_text, units
from bot.simulator.topics import inside
from bot.simulator.wire import checked, dumped
from bot.simulator.world import TYPING, Chat, Message, World

Json = dict[str, Any]

TWO_DAYS: Final = 172_800
QUERY_AGE: Final = 900.0
"""A press can be answered for a quarter of an hour."""
TOAST_LIMIT: Final = 200
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
COPIED: Final = (
    *("text", "entities", "photo", "voice", "document", "location", "sticker", "contact", "video_note"),
    *("caption", "caption_entities"),
)
"""What a copy keeps of a message."""
ACTIONS: Final = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
    *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
}


def send_message(world: World, call: m.SendMessage) -> Json:
    """The message a bot sends, now in the chat."""
    text, entities = message_text(call.text, _entities(call), too_long="message is too long")
    markup = reply_markup(dumped(call.reply_markup) if call.reply_markup else None)
    chat = world.writable(call.chat_id)
    content = _content(text, entities, markup, call)
    if call.protect_content is True:
        content["has_protected_content"] = True
    if call.reply_parameters is not None:
        content |= _reply(chat, call.reply_parameters)
    content |= inside(chat, call.message_thread_id)
    return new_message(world, chat, content)


def copy_message(world: World, call: m.CopyMessage) -> Json:
    """A message copied from one chat into another, without saying where it comes from; a new caption if given."""
    source = world.chat(call.from_chat_id).messages.get(call.message_id)
    if source is None:
        raise bad("message to copy not found")
    chat = world.writable(call.chat_id)
    content = {key: source.body[key] for key in COPIED if key in source.body} | inside(chat, call.message_thread_id)
    if "text" not in content and (given := caption_of(call)):
        content = {key: value for key, value in content.items() if key != "caption_entities"} | given
    made = new_message(world, chat, content)
    return checked(t.MessageId, {"message_id": made["message_id"]})


def new_message(world: World, chat: Chat, content: Json) -> Json:
    """A new message of the bot's with this content, now in the chat."""
    body = {
        "message_id": 0,
        "from": world.bot_user(),
        "chat": world.chat_body(chat),
        "date": world.now(),
        **content,
    }
    if chat.kind == "channel":
        del body["from"]
    body["message_id"] = world.next_message(chat)
    if phone := world.phones.get(chat.id):
        phone.typing_until = 0.0
    return world.put_message(chat, checked(t.Message, body), outgoing=False)


def edit_message_text(world: World, call: m.EditMessageText) -> Json:
    """The message with its new text; a keyboard that is not given again is gone."""
    text, entities = message_text(call.text or "", _entities(call), too_long="MESSAGE_TOO_LONG")
    markup = reply_markup(dumped(call.reply_markup) if call.reply_markup else None)
    chat, old = editable(world, call)
    if "text" not in old.body:
        raise bad("there is no text in the message to edit")
    return edited(world, chat, old, _content(text, entities, markup, call))


def edit_message_caption(world: World, call: m.EditMessageCaption) -> Json:
    """What stands below a picture or file, anew; a keyboard that is not given again is gone."""
    content = caption_of(call)
    markup = reply_markup(dumped(call.reply_markup) if call.reply_markup else None)
    chat, old = editable(world, call)
    if "text" in old.body:
        raise bad("there is no caption in the message to edit")
    return edited(world, chat, old, content | ({"reply_markup": markup} if markup else {}))


Captioned = (
    m.SendDocument | m.SendPhoto | m.EditMessageCaption | m.CopyMessage | t.InputMediaPhoto | t.InputMediaDocument
)


def caption_of(call: Captioned) -> Json:
    """The caption that a call gives; a Refusal where it is too long."""
    if not call.caption:
        return {}
    given = [dumped(one) for one in call.caption_entities or []]
    text, entities = message_text(call.caption, given, too_long="message caption is too long", limit=CAPTION_LIMIT)
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def edit_message_reply_markup(world: World, call: m.EditMessageReplyMarkup) -> Json:
    """The message with its new keyboard, or without one."""
    markup = reply_markup(dumped(call.reply_markup) if call.reply_markup else None)
    chat, old = editable(world, call)
    kept = ("text", "entities", "link_preview_options", "caption", "caption_entities")
    content = {key: old.body[key] for key in kept if key in old.body}
    return edited(world, chat, old, content | ({"reply_markup": markup} if markup else {}))


def delete_message(world: World, call: m.DeleteMessage) -> bool:
    """Take a message away: in a private chat any, elsewhere the bot's own, for two days."""
    chat = world.chat(call.chat_id)
    message = chat.messages.get(call.message_id)
    if message is None:
        raise bad("message to delete not found")
    foreign = message.outgoing and chat.kind == "channel"  # in a group the bot is an admin, else it had no topics
    if foreign or message.body["date"] <= world.now() - TWO_DAYS:
        raise bad("message can't be deleted")
    world.drop_message(chat, call.message_id)
    return True


def answer_callback_query(world: World, call: m.AnswerCallbackQuery) -> bool:
    """End the waiting of a pressed button, with a toast or an alert on the phone; a second answer is taken too."""
    text = call.text or ""
    if units(text) > TOAST_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    number = call.callback_query_id
    query = world.queries.get(int(number)) if number.isdecimal() else None
    if query is None or query["date"] < world.clock() - QUERY_AGE:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    phone = world.phones[query["phone"]]
    toast_id = world.version + 1
    toast = {"id": toast_id, "text": text, "alert": bool(call.show_alert), "callback_query_id": number}
    phone.toasts.append(toast)
    world.touch(phone.id)
    return True


def send_chat_action(world: World, call: m.SendChatAction) -> bool:
    """Show for five seconds, or until the next message, that the bot types."""
    if call.action.lower() not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat = world.writable(call.chat_id)
    if phone := world.phones.get(chat.id):
        phone.typing_until = world.clock() + TYPING
        world.touch(chat.id)
        asyncio.get_running_loop().call_later(TYPING, world.touch, chat.id)
    return True


def _entities(call: m.SendMessage | m.EditMessageText) -> list[Json]:
    return [dumped(entity) for entity in call.entities or []]


def _content(text: str, entities: list[Json], markup: Json | None, call: m.SendMessage | m.EditMessageText) -> Json:
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    if isinstance(call.link_preview_options, t.LinkPreviewOptions):
        content["link_preview_options"] = dumped(call.link_preview_options)
    if markup:
        content["reply_markup"] = markup
    return content


def _reply(chat: Chat, reply: t.ReplyParameters) -> Json:
    original = chat.messages.get(reply.message_id or 0)
    if original is not None:
        return {"reply_to_message": {key: original.body[key] for key in original.body if key != "reply_to_message"}}
    if reply.allow_sending_without_reply is True:
        return {}
    raise bad("message to be replied not found")


Edit = m.EditMessageText | m.EditMessageCaption | m.EditMessageReplyMarkup | m.EditMessageMedia


def editable(world: World, call: Edit) -> tuple[Chat, Message]:
    """A message of the bot's, with its chat; or a Refusal."""
    chat = world.writable(call.chat_id or "")
    message = chat.messages.get(call.message_id or 0)
    if message is None:
        raise bad("message to edit not found")
    if message.outgoing:
        raise bad("message can't be edited")
    return chat, message


def edited(world: World, chat: Chat, old: Message, content: Json) -> Json:
    """The message with this content now; what it brings stays unless another thing comes; or a Refusal."""
    things = ("photo", "document") if content.keys() & {"photo", "document"} else ()
    compared = ("text", "entities", "caption", "caption_entities", "reply_markup", *things)
    if all(old.body.get(key) == content.get(key) for key in compared):
        raise bad(NOT_MODIFIED)
    kept = {key: value for key, value in old.body.items() if key not in {*compared, "link_preview_options"}}
    body = checked(t.Message, {**kept, **content, "edit_date": world.now()})
    return world.put_message(chat, body, outgoing=False)
