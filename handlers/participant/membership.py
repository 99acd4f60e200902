"""Whether the bot is blocked."""

from __future__ import annotations

from typing import Any

from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, ChatMemberHandler

from bot.services import welcome
from bot.services.threads import binding
from bot.telegram.desk import Desk
from bot.telegram.leading import leads

OUT = frozenset({ChatMember.BANNED, ChatMember.LEFT})


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """`my_chat_member`: "kicked" means the bot is blocked, "member" that it was let in again."""

    async def changed(update: Update, _: object) -> None:
        member = update.my_chat_member
        if member is not None and member.chat.type != ChatType.PRIVATE:
            me = member.new_chat_member
            await desk.reply(update, binding.membership, out=me.status in OUT, leads=leads(me))
        elif member is not None:
            await desk.reply(update, welcome.block, blocked=member.new_chat_member.status in OUT)

    return [ChatMemberHandler(changed, ChatMemberHandler.MY_CHAT_MEMBER)]
