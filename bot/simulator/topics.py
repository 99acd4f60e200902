"""Topics of a forum: the bot's calls about them, and where a message stands."""

from __future__ import annotations

from typing import Any, Final

from aiogram import methods as m
from aiogram import types as t

from bot.simulator.refusal import bad
from bot.simulator.wire import checked
from bot.simulator.world import Chat, World

Json = dict[str, Any]

LONGEST_NAME: Final = 128
COLOUR: Final = 7322096


def create(world: World, call: m.CreateForumTopic) -> Json:
    """A new topic; its number is that of the message which says so."""
    chat = _forum(world, call.chat_id)
    if not 1 <= len(call.name) <= LONGEST_NAME:
        raise bad("topic name is invalid")
    number = world.next_message(chat)
    made = {"name": call.name, "icon_color": COLOUR}
    body = {
        "message_id": number,
        "message_thread_id": number,
        "is_topic_message": True,
        "from": world.bot_user(),
        "chat": world.chat_body(chat),
        "date": world.now(),
        "forum_topic_created": made,
    }
    chat.topics[str(number)] = {"name": call.name, "closed": False}
    world.save_chat(chat)
    world.put_message(chat, checked(t.Message, body), outgoing=False)
    return checked(t.ForumTopic, {"message_thread_id": number, **made})


def rename(world: World, call: m.EditForumTopic) -> bool:
    """A topic is called otherwise."""
    chat = _forum(world, call.chat_id)
    topic = _topic(chat, call.message_thread_id)
    if call.name is None or not 1 <= len(call.name) <= LONGEST_NAME:
        raise bad("topic name is invalid")
    if topic["name"] == call.name:
        raise bad("TOPIC_NOT_MODIFIED")
    topic["name"] = call.name
    world.save_chat(chat)
    return True


def close(world: World, call: m.CloseForumTopic) -> bool:
    """Close a topic."""
    return _set_closed(world, call.chat_id, call.message_thread_id, closed=True)


def reopen(world: World, call: m.ReopenForumTopic) -> bool:
    """Open a closed topic again."""
    return _set_closed(world, call.chat_id, call.message_thread_id, closed=False)


def delete(world: World, call: m.DeleteForumTopic) -> bool:
    """Delete a topic with all its messages."""
    chat = _forum(world, call.chat_id)
    _topic(chat, call.message_thread_id)
    remove(world, chat, call.message_thread_id)
    return True


def remove(world: World, chat: Chat, topic: int) -> None:
    """A topic and all its messages are gone."""
    del chat.topics[str(topic)]
    for number in [key for key, one in chat.messages.items() if one.body.get("message_thread_id") == topic]:
        world.drop_message(chat, number)
    world.save_chat(chat)


def pin(world: World, call: m.PinChatMessage) -> bool:
    """Pin a message."""
    chat = world.writable(call.chat_id)
    if call.message_id not in chat.messages:
        raise bad("message to pin not found")
    return True


def inside(chat: Chat, topic: int | None) -> Json:
    """What a message in a topic has besides; or a Refusal."""
    if topic is None:
        return {}
    _topic(chat, topic)
    return {"message_thread_id": topic, "is_topic_message": True}


def _set_closed(world: World, chat_id: int | str, topic: int, *, closed: bool) -> bool:
    chat = _forum(world, chat_id)
    found = _topic(chat, topic)
    if found["closed"] == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    found["closed"] = closed
    world.save_chat(chat)
    world.touch(chat.id)
    return True


def _forum(world: World, chat_id: int | str) -> Chat:
    chat = world.writable(chat_id)
    if not chat.forum:
        raise bad("the chat is not a forum")
    return chat


def _topic(chat: Chat, topic: int) -> Json:
    if not chat.forum or str(topic) not in chat.topics:
        raise bad("message thread not found")
    found: Json = chat.topics[str(topic)]
    return found
