"""Raw updates as python-telegram-bot's objects.

A tap is put together by hand: the library would read a whole message for the two numbers we keep of the card it was
made on, and that is a tenth of what a tap costs.
"""

from __future__ import annotations

from typing import Any

from telegram import Bot, CallbackQuery, Chat, InaccessibleMessage, Update, User


def read(raw: dict[str, Any], bot: Bot) -> Update:
    """The update; raises whatever the library stumbles over."""
    match raw.get("callback_query"):
        case {
            "id": str(key),
            "from": {"id": int(person), "is_bot": bool(robot), "first_name": str(name), **more},
            "chat_instance": str(instance),
            "data": str(data),
            "message": {"message_id": int(number), "chat": {"id": int(chat), "type": str(kind)}, "date": 0},
        }:
            card = InaccessibleMessage(Chat(chat, kind), number)
            known: dict[str, Any] = {each: more.get(each) for each in ("last_name", "username", "language_code")}
            query = CallbackQuery(key, User(person, name, robot, **known), instance, card, data)
            return Update(raw["update_id"], callback_query=query)
    return Update.de_json(raw, bot)
