"""Reactions: an emoji on what was passed on is put on the original too, where the other side sees it, or removed.

A light receipt: it is no answer, nobody waits for one because of it, and what the messenger lets no bot put (emoji of
one's own, paid ones) is nothing. A bot puts one emoji on a message: of several of the team's the last counts.
"""

from __future__ import annotations

from bot.core.threads import Author
from bot.db.threads import reactions, threads
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
    elif not _is_theirs(turn, visitor, found.thread_id):
        return
    if emoji != found.reaction:
        reactions.put(turn.connection, found.id, emoji, by)
        lines.move(turn, found.thread_id)


def _is_theirs(turn: Turn, visitor: Visitor, number: int) -> bool:
    """Whether the talk belongs to somebody in this chat: a profile that moved away left old messages behind."""
    one = threads.load(turn.connection, number)
    return one is not None and one.chat_id == visitor.chat_id
