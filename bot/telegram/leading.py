"""What the bot needs in the team's group: to be an admin there. As a plain member it does not hear the answers."""

from __future__ import annotations

from telegram import Bot, ChatMember, ChatMemberAdministrator
from telegram.error import TelegramError

from bot.telegram.transport import NO_ANSWER


def leads(member: ChatMember) -> bool:
    """Whether the bot, standing so, hears everything in a group, makes topics and takes messages back."""
    return isinstance(member, ChatMemberAdministrator) and bool(
        member.can_manage_topics and member.can_delete_messages
    )


async def leads_in(bot: Bot, chat_id: int) -> bool:
    """The same of a group, asked anew; no where Telegram does not say."""
    try:
        return leads(await bot.get_chat_member(chat_id, bot.id))
    except (TelegramError, *NO_ANSWER):
        return False
