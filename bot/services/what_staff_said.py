"""A turn with everything staff have said in the chat, in whatever process: offers, and what they write to many."""

from __future__ import annotations

from dataclasses import replace

from bot.content.own_offers import overlaid
from bot.db.offers import sayings
from bot.services.turn import Turn


def with_what_staff_said(turn: Turn) -> Turn:
    """The turn with the words of staff as they are now, what this very transaction has changed included."""
    return replace(turn, content=overlaid(turn.content, sayings.everything(turn.connection)))


def up_to_date(turn: Turn) -> Turn:
    """The turn with everything staff have said by now; usually it has that already."""
    return turn if sayings.revision(turn.connection) == turn.content.said else with_what_staff_said(turn)
