"""The team's group: answers, notes and commands in the topics, taps on the cards there, `/here`."""

from __future__ import annotations

from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.services.staff.texts import staff_text
from bot.services.threads import binding, group
from bot.telegram.desk import Desk

GROUPS = filters.ChatType.GROUPS


class _InTopic(filters.MessageFilter):
    """A message in a topic of its own, not in the general one."""

    def filter(self, message: Message) -> bool:
        return bool(message.is_topic_message and message.message_thread_id)


IN_TOPIC = _InTopic()


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """Whatever is said in the team's group; what is said in another is left to others."""

    async def here(update: Update, _: object) -> None:
        chat = update.effective_chat
        await desk.reply(update, binding.bind, forum=bool(chat is not None and chat.is_forum))

    async def migrated(update: Update, _: object) -> None:
        await desk.reply(update, binding.membership, out=True)

    async def said(update: Update, _: object) -> None:
        message = update.message
        if message is None or message.message_thread_id is None or not await desk.asks(update, group.is_ours):
            await desk.ignore()
        elif not await desk.asks(update, group.may_answer):
            await desk.say_in_group(update, staff_text("group.not_you"))
        else:
            await desk.reply(update, group.hear, message.message_thread_id, desk.written(message))

    async def changed(update: Update, _: object) -> None:
        message = update.edited_message
        if message is None or message.message_thread_id is None:
            await desk.ignore()
        else:
            await desk.reply(update, group.edited, message.message_thread_id, desk.written(message))

    return [
        MessageHandler(GROUPS & filters.UpdateType.MESSAGE & filters.Regex(rf"^/{binding.HERE}(@\w+)?$"), here),
        MessageHandler(GROUPS & filters.StatusUpdate.MIGRATE, migrated),
        MessageHandler(GROUPS & filters.UpdateType.EDITED_MESSAGE & IN_TOPIC, changed),
        MessageHandler(GROUPS & filters.UpdateType.MESSAGE & IN_TOPIC & ~filters.StatusUpdate.ALL, said),
    ]
