"""What people do in a group: make one, write and change what they wrote, switch topics off, throw the bot out."""

from __future__ import annotations

from typing import Any

from aiogram import types as t

from bot.simulator import topics
from bot.simulator.people import Impossible, content_of, membership, said, text_of, update_of
from bot.simulator.refusal import Refusal
from bot.simulator.wire import checked
from bot.simulator.world import Chat, Phone, World

Json = dict[str, Any]


def group(world: World, title: str, phone: Phone, *, forum: bool) -> Chat:
    """A person makes a group, with topics if wanted, and takes the bot in."""
    chat = Chat(world.number("group"), "supergroup", title, forum=forum)
    world.add_chat(chat)
    bot = {"user": world.bot_user()}
    membership(world, chat, phone.user, bot | {"status": "left"}, bot | {"status": "member"})
    world.touch(chat.id)
    return chat


def write(world: World, chat: Chat, phone: Phone, body: Json) -> Json:
    """A person writes in a group, in one of its topics where `topic` says so."""
    if chat.kind != "supergroup" or chat.left:
        raise Impossible(409, "the bot is in no such group")
    topic = body.get("topic")
    try:
        place = topics.inside(chat, topic)
    except Refusal as refusal:
        raise Impossible(404, refusal.description) from None
    if topic is not None and topic in chat.messages:  # in a topic everything replies to the message that made it
        made = chat.messages[topic].body
        place["reply_to_message"] = {key: value for key, value in made.items() if key != "reply_to_message"}
    if (answered := chat.messages.get(body.get("reply_to", 0))) is not None:
        kept = {key: value for key, value in answered.body.items() if key != "reply_to_message"}
        place["reply_to_message"] = kept
    return said(world, chat, phone, content_of(world, body) | place)


def edit(world: World, chat: Chat, number: int, text: object) -> Json:
    """A person changes a text of theirs in a group."""
    message = chat.messages.get(number)
    if message is None or not message.outgoing or "text" not in message.body:
        raise Impossible(404, "nobody wrote such a text")
    kept = {key: value for key, value in message.body.items() if key != "entities"}
    body = checked(t.Message, kept | text_of(text) | {"edit_date": world.now()})
    world.put_message(chat, body, outgoing=True)
    world.updates.put("edited_message", update_of("edited_message", body), line=chat.id)
    return body


def change(world: World, chat: Chat, phone: Phone, body: Json) -> None:
    """A person switches the topics on or off (`forum`), or throws the bot out (`left`) and takes it in again."""
    if isinstance(body.get("forum"), bool):
        chat.forum = body["forum"]
    if isinstance(left := body.get("left"), bool) and left != chat.left:
        chat.left = left
        bot = {"user": world.bot_user()}
        away, here = bot | {"status": "left"}, bot | {"status": "member"}
        membership(world, chat, phone.user, here if left else away, away if left else here)
    world.save_chat(chat)
    world.touch(chat.id)
