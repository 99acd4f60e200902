"""What people do in a group: make one, write, change what they wrote, its topics and how the bot stands in it."""

from __future__ import annotations

from typing import Any, Final

from aiogram import methods as m

from bot.simulator import topics
from bot.simulator.people import Impossible, content_of, membership, said
from bot.simulator.refusal import Refusal, bad
from bot.simulator.world import Chat, Phone, World

Json = dict[str, Any]

ADMIN: Final = {
    **dict.fromkeys(("can_be_edited", "is_anonymous", "can_promote_members", "can_change_info"), False),
    **dict.fromkeys(("can_manage_video_chats", "can_restrict_members", "can_invite_users"), False),
    **dict.fromkeys(
        ("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages"), False
    ),
    **dict.fromkeys(("can_manage_chat", "can_delete_messages", "can_pin_messages", "can_manage_topics"), True),
}
"""What the bot may as an admin."""


def group(world: World, title: str, phone: Phone, *, forum: bool) -> Chat:
    """A person makes a group, with topics if wanted, and takes the bot in as an admin."""
    chat = Chat(world.number("group"), "supergroup", title, forum=forum)
    world.add_chat(chat)
    membership(world, chat, phone.user, _standing(world, "left"), _now(world, chat))
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


def change(world: World, chat: Chat, phone: Phone, body: Json) -> None:
    """A person switches the topics on or off (`forum`), throws the bot out (`left`) and takes it in again.

    Or makes it an admin or none (`admin`), closes a `topic` or opens it again (`closed`).
    """
    before = _now(world, chat)
    if isinstance(body.get("forum"), bool):
        chat.forum = body["forum"]
    if isinstance(left := body.get("left"), bool):
        chat.left = left
    if isinstance(admin := body.get("admin"), bool):
        chat.admin = admin
    if (now := _now(world, chat)) != before:
        membership(world, chat, phone.user, before, now)
    if isinstance(closed := body.get("closed"), bool):
        _close(world, chat, phone, body.get("topic"), closed=closed)
    world.save_chat(chat)
    world.touch(chat.id)


def member(world: World, call: m.GetChatMember) -> Json:
    """How somebody stands in a group; only of the bot it is known."""
    if call.user_id != world.bot["id"]:
        raise bad("member not found")
    return _now(world, world.chat(call.chat_id))


def _now(world: World, chat: Chat) -> Json:
    return _standing(world, "left" if chat.left else "administrator" if chat.admin else "member")


def _standing(world: World, status: str) -> Json:
    return {"user": world.bot_user(), "status": status, **(ADMIN if status == "administrator" else {})}


def _close(world: World, chat: Chat, phone: Phone, topic: object, *, closed: bool) -> None:
    if not isinstance(topic, int) or str(topic) not in chat.topics:
        raise Impossible(404, "there is no such topic")
    chat.topics[str(topic)]["closed"] = closed
    said(world, chat, phone, topics.inside(chat, topic) | {f"forum_topic_{'closed' if closed else 'reopened'}": {}})
