"""What the sender does for talks: in topics of the team's group, with copies, with topics themselves."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from telegram import Bot, MessageEntity
from telegram.error import BadRequest, TelegramError

from bot.content.rich import Rich
from bot.db.outbox.deliveries import Due
from bot.services import buttons
from bot.services.deliveries.acts import Act, Away, Caption, Copy, Deed, NewTopic, Out, React, Say, TopicIs
from bot.telegram import calls
from bot.telegram.calls import Shown
from bot.telegram.judging import UNCHANGED
from bot.telegram.transport import OutcomeUnknown, ServerTrouble

DEEDS = {
    Deed.CLOSE: "closeForumTopic",
    Deed.REOPEN: "reopenForumTopic",
    Deed.DELETE: "deleteForumTopic",
    Deed.NAME: "editForumTopic",
}
SO_ALREADY = ("topic_not_modified", "topic_id_invalid", "message thread not found")
"""How Telegram says that a topic is closed, open or gone already."""
NOT_THERE = (
    "participant_id_invalid",
    "user_not_participant",
    "member not found",
    "user not found",
    "user is deactivated",
)
"""How Telegram says that somebody is in no group, in small letters."""


async def do(bot: Bot, due: Due, act: Act | None) -> Shown:
    """Do it once; the number is that of the message or the topic it made. What changes something may be done twice.

    Raises:
        TelegramError: as `calls.call` does.
    """
    try:
        return await _done(bot, due, act)
    except OutcomeUnknown as error:
        if due.edits is None and not isinstance(act, TopicIs | Out):
            raise
        raise ServerTrouble(error.message) from None


async def _done(bot: Bot, due: Due, act: Act | None) -> Shown:
    match act:
        case Say():
            return await _say(bot, due, act)
        case Copy():
            return await _copy(bot, due, act)
        case Caption():
            return await _caption(bot, due, act)
        case Away():
            return await _away(bot, due, act)
        case React(emoji):
            message = due.edits or 0
            shown = [] if emoji is None else [{"type": "emoji", "emoji": emoji}]
            where = {"chat_id": due.chat_id, "message_id": message}
            await calls.call(bot, "setMessageReaction", {**where, "reaction": shown})
            return Shown(message, None)
        case NewTopic(name):
            made = await calls.call(bot, "createForumTopic", {"chat_id": due.chat_id, "name": name})
            return Shown(calls.number_in(made, "message_thread_id"), None)
        case TopicIs(topic):
            await _topic_is(bot, due.chat_id, act)
            return Shown(topic, None)
        case Out(person):
            return await _out(bot, due.chat_id, person)
    raise ValueError("nothing to do")


async def _say(bot: Bot, due: Due, act: Say) -> Shown:
    mark = buttons.of_delivery(due.id)
    if due.edits is not None:
        return await _edit(bot, due, act.rich, mark)
    shown = await calls.send(bot, due.chat_id, act.rich, mark, topic=act.topic)
    if act.pinned:
        values = {"chat_id": due.chat_id, "message_id": shown.message, "disable_notification": True}
        await _aside(bot, "pinChatMessage", values)
    return shown


async def _copy(bot: Bot, due: Due, act: Copy) -> Shown:
    if act.above is not None:
        await calls.send(bot, due.chat_id, act.above, topic=act.topic)
    values = {"chat_id": due.chat_id, "from_chat_id": act.chat_id, "message_id": act.message, **_in(act.topic)}
    if act.below is not None:
        values |= _below(act.below)
    return Shown(calls.number_in(await calls.call(bot, "copyMessage", values), "message_id"), None)


async def _edit(bot: Bot, due: Due, rich: Rich, mark: str) -> Shown:
    message = due.edits or 0
    try:
        return await calls.edit(bot, due.chat_id, message, rich, mark)
    except BadRequest as error:
        if UNCHANGED in error.message.lower():
            return Shown(message, None)
        raise


async def _caption(bot: Bot, due: Due, act: Caption) -> Shown:
    message = due.edits or 0
    try:
        if act.file is None:
            await calls.edit_caption(bot, due.chat_id, message, act.rich)
        else:
            kind, file = act.file
            media = {"type": kind, "media": file, **_below(act.rich)}
            await calls.call(bot, "editMessageMedia", {"chat_id": due.chat_id, "message_id": message, "media": media})
    except BadRequest as error:
        if UNCHANGED not in error.message.lower():
            raise
    return Shown(message, None)


async def _away(bot: Bot, due: Due, act: Away) -> Shown:
    message = due.edits or 0
    if act.source is not None:
        await _aside(bot, "deleteMessage", {"chat_id": act.source[0], "message_id": act.source[1]})
    if await calls.delete(bot, due.chat_id, message):
        return Shown(message, None)
    if act.picture:
        with suppress(TelegramError):
            await _caption(bot, due, Caption(act.rich))
        raise BadRequest("the picture stays")
    return await _edit(bot, due, act.rich, "")


async def _topic_is(bot: Bot, chat_id: int, act: TopicIs) -> None:
    called = {"name": act.name} if act.name else {}
    try:
        await calls.call(bot, DEEDS[act.deed], {"chat_id": chat_id, "message_thread_id": act.topic, **called})
    except BadRequest as error:
        if not any(one in error.message.lower() for one in SO_ALREADY):
            raise


async def _out(bot: Bot, chat_id: int, person: int) -> Shown:
    """Removed, but not banned for ever: they may be invited again. Somebody who was not there is out already."""
    who = {"chat_id": chat_id, "user_id": person}
    try:
        await calls.call(bot, "banChatMember", who)
        await calls.call(bot, "unbanChatMember", {**who, "only_if_banned": True})
    except BadRequest as error:
        if not any(one in error.message.lower() for one in NOT_THERE):
            raise
    return Shown(0, None)


async def _aside(bot: Bot, method: str, values: dict[str, Any]) -> None:
    """A call that may fail: what matters has been done, or is done all the same."""
    with suppress(TelegramError):
        await calls.call(bot, method, values, read_timeout=calls.ASIDE_SECONDS)


def _in(topic: int | None) -> dict[str, int]:
    return {} if topic is None else {"message_thread_id": topic}


def _below(rich: Rich) -> dict[str, Any]:
    """Words below a picture or a file, as a call gives them."""
    spans = [MessageEntity(calls.KIND[one.kind], one.offset, one.length, url=one.url) for one in rich.spans]
    return {"caption": rich.text, "caption_entities": [one.to_dict() for one in spans]}
