"""What happens by the clock: forgetting what may not stay, and showing cards that are owed."""

from __future__ import annotations

from datetime import timedelta

from bot.db import chats, erasure, inbox
from bot.services.reply import Reply
from bot.services.visit import Turn, Visitor, load

WITHOUT_CONSENT = timedelta(hours=24)
"""How long language and source of somebody who has not consented may stay."""


def forget_what_is_due(turn: Turn) -> tuple[int, int]:
    """Forget chats without consent and old inbox rows; how many of each."""
    chats_gone = erasure.erase_without_consent(turn.connection, turn.now - WITHOUT_CONSENT)
    return chats_gone, inbox.forget_old(turn.connection, turn.now)


def owed(turn: Turn, quiet: timedelta) -> list[int]:
    """Chats whose card never arrived and that have been quiet for that long."""
    return chats.owed(turn.connection, turn.now, quiet)


def show_again(turn: Turn, visitor: Visitor) -> Reply | None:
    """The card a chat is owed, as a new message; None where it is owed none any more."""
    visit = load(turn, visitor)
    if visit is None or visit.chat.shown_version >= visit.chat.card_version:
        return None
    return visit.show_again()
