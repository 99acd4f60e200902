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
    **dict.fromkeys(("can_manage_video_chats", "can_invite_users"), False),
    **dict.fromkeys(
        ("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages"), False
    ),
    **dict.fromkeys(("can_manage_chat", "can_delete_messages", "can_pin_messages", "can_manage_topics"), True),
}
"""What the bot may as an admin, beside removing people, which each group says for itself."""


def group(world: World, title: str, phone: Phone, *, forum: bool) -> Chat:
    """A person makes a group, with topics if wanted, and takes the bot in as an admin."""
    chat = Chat(world.number("group"), "supergroup", title, forum=forum)
    world.add_chat(chat)
    membership(world, chat, phone.user, _standing(world, chat, "left"), _now(world, chat))
    world.touch(chat.id)
    return chat


def write(world: World, chat: Chat, phone: Phone, body: Json) -> Json:
    """A person writes in a group, in one of its topics where `topic` says so."""
    if chat.kind != "supergroup" or chat.left:
        raise Impossible(409, "the bot is in no such group")
    if str(phone.id) in chat.out:
        raise Impossible(403, "this person is not in the group")
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

    Or makes it an admin or none (`admin`), one that may remove people or not (`restricts`), closes a `topic` or opens
    it again (`closed`), comes back after having been removed (`back`).
    """
    before = _now(world, chat)
    if isinstance(body.get("forum"), bool):
        chat.forum = body["forum"]
    if isinstance(left := body.get("left"), bool):
        chat.left = left
    if isinstance(admin := body.get("admin"), bool):
        chat.admin = admin
    if isinstance(restricts := body.get("restricts"), bool):
        chat.restricts = restricts
    if body.get("back") is True:
        _come_back(chat, phone)
    if (now := _now(world, chat)) != before:
        membership(world, chat, phone.user, before, now)
    if isinstance(closed := body.get("closed"), bool):
        _close(world, chat, phone, body.get("topic"), closed=closed)
    world.save_chat(chat)
    world.touch(chat.id)


def member(world: World, call: m.GetChatMember) -> Json:
    """How somebody stands in a group: the bot, or whoever was removed; who else is in it is not known."""
    chat = world.chat(call.chat_id)
    if call.user_id == world.bot["id"]:
        return _now(world, chat)
    status = chat.out.get(str(call.user_id))
    if status is None:
        raise bad("member not found")
    until = {"until_date": 0} if status == "kicked" else {}
    return {"user": world.phones[call.user_id].user, "status": status, **until}


def ban(world: World, call: m.BanChatMember) -> bool:
    """A person is removed, and cannot come back until they are unbanned."""
    chat = _restricting(world, call.chat_id, call.user_id)
    chat.out[str(call.user_id)] = "kicked"
    world.save_chat(chat)
    world.touch(chat.id)
    return True


def unban(world: World, call: m.UnbanChatMember) -> bool:
    """A person may come back; without `only_if_banned` whoever is in the group is removed by it."""
    chat = _restricting(world, call.chat_id, call.user_id)
    if not call.only_if_banned or chat.out.get(str(call.user_id)) == "kicked":
        chat.out[str(call.user_id)] = "left"
        world.save_chat(chat)
        world.touch(chat.id)
    return True


def _restricting(world: World, chat_id: int | str, person: int) -> Chat:
    """The group, where the bot may remove this person; or a Refusal."""
    chat = world.writable(chat_id)
    if chat.kind != "supergroup":
        raise bad("chat not found")
    if person not in world.phones:
        raise bad("user not found")
    if not (chat.admin and chat.restricts):
        raise bad("not enough rights to restrict/unrestrict chat member")
    return chat


def _come_back(chat: Chat, phone: Phone) -> None:
    if chat.out.get(str(phone.id)) == "kicked":
        raise Impossible(403, "this person is banned from the group")
    chat.out.pop(str(phone.id), None)


def _now(world: World, chat: Chat) -> Json:
    return _standing(world, chat, "left" if chat.left else "administrator" if chat.admin else "member")


def _standing(world: World, chat: Chat, status: str) -> Json:
    rights = {**ADMIN, "can_restrict_members": chat.restricts} if status == "administrator" else {}
    return {"user": world.bot_user(), "status": status, **rights}


def _close(world: World, chat: Chat, phone: Phone, topic: object, *, closed: bool) -> None:
    if not isinstance(topic, int) or str(topic) not in chat.topics:
        raise Impossible(404, "there is no such topic")
    chat.topics[str(topic)]["closed"] = closed
    said(world, chat, phone, topics.inside(chat, topic) | {f"forum_topic_{'closed' if closed else 'reopened'}": {}})
