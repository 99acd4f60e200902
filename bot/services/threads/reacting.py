"""Reactions: an emoji on what was passed on is put on the original, so that the other side sees it; removed ones go.

A light receipt: it is no answer, nobody waits for one because of it, and what the messenger lets no bot put (emoji of
one's own, paid ones) is nothing. A bot puts one emoji on a message: of several of the team's the last counts.
"""

from __future__ import annotations

from bot.core.threads import Author
from bot.db import reactions
from bot.services.threads import group, lines
from bot.services.turn import Turn, Visitor


def react(turn: Turn, visitor: Visitor, message: int, emoji: str | None) -> None:
    """Somebody put an emoji on a message, another one, or took theirs away (None)."""
    found = reactions.of_copy(turn.connection, visitor.chat_id, message)
    if found is None:
        return
    by = None
    if found.author is Author.PERSON:
        member = group.who_may(turn, visitor) if group.is_ours(turn, visitor) else None
        if member is None or (emoji is None and found.by not in {None, member.id}):
            return
        by = member.id
    if emoji != found.reaction:
        reactions.put(turn.connection, found.id, emoji, by)
        lines.move(turn, found.thread_id)
