"""What a page of the desk shows of people, and of secrets, and what becomes of its message.

Whom it shows is noted, so that nothing of them stands in the team's chats once they are erased.
"""

from __future__ import annotations

from dataclasses import replace

from bot.db.chats import ChatRow
from bot.db.rights import desk_pages, leaving
from bot.db.rights.desk_pages import Page
from bot.services import places
from bot.services.reply import Card
from bot.services.staff.factor.factor_pages import SECRET
from bot.services.turn import Turn


def noted(turn: Turn, card: Card, before: ChatRow) -> Card:
    """A card of the desk, or one that takes its place, with the people it is about, if any.

    Where its message is known this is noted at once, else once the message stands. `before` is the chat as it was:
    its card goes if a secret stood on it.
    """
    old = before.card_message
    if before.detour == places.STAFF and before.focus in SECRET and old is not None and old != card.edit:
        leaving.go(turn.connection, card.chat_id, {old: turn.now})
    about = card.screen.about or frozenset()
    if card.edit is not None and about:
        desk_pages.comes(turn.connection, card.chat_id, card.edit, Page(about, turn.now))
    return replace(card, screen=replace(card.screen, about=about))
