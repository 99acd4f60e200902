"""Emoji on messages: people's on answers of the team, and the team's, in its group, on words of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import ReactionType, ReactionTypeEmoji, Update
from telegram.ext import BaseHandler, MessageReactionHandler

from bot.services.threads import reacting
from bot.telegram.desk import Desk


def handlers(desk: Desk) -> list[BaseHandler[Any, Any, Any]]:
    """`message_reaction`: the emoji that stand there now. Reactions in a group's name are nobody's."""

    async def reacted(update: Update, _: object) -> None:
        changed = update.message_reaction
        if changed is not None:
            await desk.reply(update, reacting.react, changed.message_id, newest(changed.new_reaction))

    return [MessageReactionHandler(reacted, message_reaction_types=MessageReactionHandler.MESSAGE_REACTION_UPDATED)]


def newest(shown: Sequence[ReactionType]) -> str | None:
    """The last of the emoji a person put there that a bot may put as well."""
    return next((one.emoji for one in reversed(shown) if isinstance(one, ReactionTypeEmoji)), None)
