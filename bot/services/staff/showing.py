"""Whom a page of the desk shows: noted, so that nothing of them stands in the team's chats once they are erased."""

from __future__ import annotations

from dataclasses import replace

from bot.db.rights import desk_pages
from bot.db.rights.desk_pages import Page
from bot.services.reply import Card
from bot.services.turn import Turn


def noted(turn: Turn, card: Card) -> Card:
    """A card of the desk, or one that takes its place, with the people it is about, if any.

    Where its message is known this is noted at once, else once the message stands.
    """
    about = card.screen.about or frozenset()
    if card.edit is not None and about:
        desk_pages.comes(turn.connection, card.chat_id, card.edit, Page(about, turn.now))
    return replace(card, screen=replace(card.screen, about=about))
