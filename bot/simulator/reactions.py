"""Emoji on messages: put there by people, who are many, and by the bot, which puts one at most."""

from __future__ import annotations

from typing import Any, Final

from aiogram import methods as m
from aiogram import types as t

from bot.simulator.people import Impossible, update_of
from bot.simulator.refusal import bad
from bot.simulator.wire import checked, dumped
from bot.simulator.world import Chat, Message, Phone, World

Json = dict[str, Any]

_EMOJI: Final = """
❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨
😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎
👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
EMOJI: Final = frozenset(_EMOJI.split())
"""What Telegram takes as a reaction."""
CUSTOM: Final = "custom"
"""How tests name an emoji of somebody's own, which no bot may put."""


def set_reaction(world: World, call: m.SetMessageReaction) -> bool:
    """The bot's own emoji on a message, another one, or none; the same once more is taken too."""
    given = [dumped(one) for one in call.reaction or []]
    if len(given) > 1 or any(one.get("emoji") not in EMOJI for one in given):
        raise bad("REACTION_INVALID")
    chat = world.writable(call.chat_id)
    message = chat.messages.get(call.message_id)
    if message is None:
        raise bad("message to react not found")
    _put(world, chat, message, world.bot["id"], [one["emoji"] for one in given])
    return True


def react(world: World, chat: Chat, phone: Phone, number: object, emoji: object) -> Json:
    """A person puts one emoji on a message instead of theirs, or takes it away (an empty one); the bot is told.

    In a group it is told as an admin alone, which here it is where there are topics.
    """
    message = chat.messages.get(number) if isinstance(number, int) else None
    if message is None or phone.blocked:
        raise Impossible(404, "there is no such message")
    if emoji not in {"", CUSTOM} and emoji not in EMOJI:
        raise Impossible(422, "emoji is one of Telegram's, custom, or empty")
    old = message.reactions.get(str(phone.id), [])
    new = [str(emoji)] if emoji else []
    _put(world, chat, message, phone.id, new)
    if old != new and (chat.kind == "private" or chat.forum):
        change = {
            "chat": world.chat_body(chat),
            "message_id": number,
            "user": phone.user,
            "date": world.now(),
            "old_reaction": [_type(one) for one in old],
            "new_reaction": [_type(one) for one in new],
        }
        world.updates.put("message_reaction", update_of("message_reaction", change), line=chat.id)
    return shown(message)


def shown(message: Message) -> Json:
    """The message as a phone sees it: with whatever stands on it, and of whom."""
    by = {key: list(emoji) for key, emoji in message.reactions.items()}
    return message.body | ({"outgoing": True} if message.outgoing else {}) | ({"reactions": by} if by else {})


def _put(world: World, chat: Chat, message: Message, who: int, emoji: list[str]) -> None:
    kept = {key: value for key, value in message.reactions.items() if key != str(who)}
    message.reactions = kept | ({str(who): emoji} if emoji else {})
    world.put_message(chat, message.body, outgoing=message.outgoing)


def _type(emoji: str) -> Json:
    if emoji == CUSTOM:
        return checked(t.ReactionTypeCustomEmoji, {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"})
    return checked(t.ReactionTypeEmoji, {"type": "emoji", "emoji": emoji})
