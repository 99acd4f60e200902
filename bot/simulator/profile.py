"""The bot's calls about itself and its chats: names, descriptions, commands, getMe, getChat, leaveChat."""

from __future__ import annotations

import json
from typing import Any, Final

from aiogram import methods as m
from aiogram import types as t
from aiogram.types.base import TelegramObject

from bot.simulator.keyboards import check_commands, check_language
from bot.simulator.refusal import bad, strict
from bot.simulator.text import units
from bot.simulator.wire import checked, dumped
from bot.simulator.world import Phone, World

Json = dict[str, Any]
SetText = m.SetMyName | m.SetMyDescription | m.SetMyShortDescription
GetText = m.GetMyName | m.GetMyDescription | m.GetMyShortDescription
Commands = m.SetMyCommands | m.GetMyCommands | m.DeleteMyCommands

LIMITS: Final = {"name": 64, "description": 512, "short_description": 120}
KINDS: Final[dict[str, type[TelegramObject]]] = {
    "name": t.BotName,
    "description": t.BotDescription,
    "short_description": t.BotShortDescription,
}


def get_me(world: World, _: m.GetMe) -> Json:
    """The bot."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return checked(t.User, world.bot_user() | abilities)


def set_text(world: World, call: SetText) -> bool:
    """Change a name or description of the bot in one language; an empty one takes it away."""
    field = _field(call)
    text = getattr(call, field) or ""
    if units(text) > LIMITS[field]:
        raise strict(f"{field} is longer than {LIMITS[field]}")
    texts = world.profile.setdefault(field, {})
    texts[check_language(call.language_code)] = text
    world.save_profile()
    return True


def get_text(world: World, call: GetText) -> Json:
    """A name or description of the bot in one language, the common one where the language has none."""
    field = _field(call)
    return checked(KINDS[field], {field: own_text(world, field, check_language(call.language_code))})


def own_text(world: World, field: str, language: str) -> str:
    """What the bot's `name`, `description` or `short_description` is for this language."""
    texts = world.profile.get(field, {})
    fallback = world.bot["first_name"] if field == "name" else ""
    text: str = texts.get(language) or texts.get("") or fallback
    return text


def set_commands(world: World, call: m.SetMyCommands) -> bool:
    """Set the command list of one scope and language."""
    commands = [dumped(command) for command in call.commands]
    check_commands(commands)
    _lists(world)[_place(world, call)] = commands
    world.save_profile()
    return True


def get_commands(world: World, call: m.GetMyCommands) -> list[Json]:
    """The command list of exactly this scope and language."""
    return _lists(world).get(_place(world, call), [])


def delete_commands(world: World, call: m.DeleteMyCommands) -> bool:
    """Take the command list of one scope and language away."""
    _lists(world).pop(_place(world, call), None)
    world.save_profile()
    return True


def commands_of(world: World, phone: Phone) -> list[Json]:
    """The commands a person sees in their private chat: the narrowest scope first, in it their language first."""
    language = phone.user.get("language_code", "")[:2]
    for scope in ({"type": "chat", "chat_id": phone.id}, {"type": "all_private_chats"}, {"type": "default"}):
        for code in (language, ""):
            found = _lists(world).get(_key(scope, code))
            if found:
                return found
    return []


def get_chat(world: World, call: m.GetChat) -> Json:
    """All about a chat."""
    chat = world.chat(call.chat_id)
    more = {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    return checked(t.ChatFullInfo, world.chat_body(chat) | more)


def leave_chat(world: World, call: m.LeaveChat) -> bool:
    """Leave a group or channel."""
    chat = world.writable(call.chat_id)
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    chat.left = True
    world.save_chat(chat)
    return True


def _field(call: SetText | GetText) -> str:
    match call:
        case m.SetMyName() | m.GetMyName():
            return "name"
        case m.SetMyDescription() | m.GetMyDescription():
            return "description"
        case _:
            return "short_description"


def _lists(world: World) -> dict[str, list[Json]]:
    lists: dict[str, list[Json]] = world.profile.setdefault("commands", {})
    return lists


def _place(world: World, call: Commands) -> str:
    scope: Json = dumped(call.scope) if call.scope else {"type": "default"}
    if "chat_id" in scope:
        scope["chat_id"] = world.chat(scope["chat_id"]).id
    return _key(scope, check_language(call.language_code))


def _key(scope: Json, language: str) -> str:
    return json.dumps([scope, language], sort_keys=True)
