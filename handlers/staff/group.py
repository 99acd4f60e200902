"""The team's group: answers, notes and commands in the topics, taps on the cards there, `/here`."""

from __future__ import annotations

from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.services.threads import binding, group
from bot.telegram.desk import Desk
from bot.telegram.leading import leads_in

GROUPS = filters.ChatType.GROUPS


TURNED = filters.StatusUpdate.FORUM_TOPIC_CLOSED | filters.StatusUpdate.FORUM_TOPIC_REOPENED


class _InTopic(filters.MessageFilter):
    """A message in a topic of its own, not in the general one."""

    def filter(self, message: Message) -> bool:
        return bool(message.is_topic_message and message.message_thread_id)


IN_TOPIC = _InTopic()


def _of_the_group(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """What becomes of the group itself, and of a topic."""

    async def here(update: Update, _: object) -> None:
        chat = update.effective_chat
        if chat is None or not await desk.asks(update, binding.may_bind):
            await desk.ignore()
            return
        leads = await leads_in(chat.get_bot(), chat.id)
        await desk.reply(update, binding.bind, forum=bool(chat.is_forum), leads=leads)

    async def migrated(update: Update, _: object) -> None:
        await desk.reply(update, binding.membership, out=True)

    async def turned(update: Update, _: object) -> None:
        message = update.message
        if message is None or message.message_thread_id is None:
            await desk.ignore()
        else:
            is_open = message.forum_topic_reopened is not None
            await desk.reply(update, group.turned, message.message_thread_id, is_open=is_open)

    return [
        MessageHandler(GROUPS & filters.UpdateType.MESSAGE & filters.Regex(rf"^/{binding.HERE}(@\w+)?$"), here),
        MessageHandler(GROUPS & filters.StatusUpdate.MIGRATE, migrated),
        MessageHandler(GROUPS & filters.UpdateType.MESSAGE & TURNED, turned),
    ]


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Whatever is said in the team's group; what is said in other groups is left to other handlers."""

    async def said(update: Update, _: object) -> None:
        message = update.message
        if message is None or message.message_thread_id is None or not await desk.asks(update, group.is_ours):
            await desk.ignore()
            return
        topic = message.message_thread_id
        refusal = await desk.asks(update, lambda turn, who: group.refusal(turn, who, topic))
        if refusal is not None:
            await desk.say_in_topic(update, topic, *refusal)
        else:
            await desk.reply(update, group.hear, topic, desk.written(message))

    async def changed(update: Update, _: object) -> None:
        message = update.edited_message
        if message is None or message.message_thread_id is None:
            await desk.ignore()
        else:
            await desk.reply(update, group.edited, message.message_thread_id, desk.written(message))

    return [
        *_of_the_group(desk),
        MessageHandler(GROUPS & filters.UpdateType.EDITED_MESSAGE & IN_TOPIC, changed),
        MessageHandler(GROUPS & filters.UpdateType.MESSAGE & IN_TOPIC & ~filters.StatusUpdate.ALL, said),
    ]
