"""The audit trail: who of the team looked at whom and did what. An entry is written in the deed's own transaction."""

from __future__ import annotations

from enum import StrEnum

from bot.db import audit
from bot.db.staff import Member
from bot.services.turn import Turn

OPERATOR = "operator"
"""Whoever uses the command line."""


class Deed(StrEnum):
    """What is worth an entry."""

    PROFILE_SEEN = "profile_seen"
    LIST_SEEN = "list_seen"
    PEOPLE_SEARCHED = "people_searched"
    EXPORTED = "exported"
    ROLE_CHANGED = "role_changed"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    REMOVED = "removed"
    RELEASED = "released"
    SENT = "sent"
    CORRECTED = "corrected"
    RECALLED = "recalled"
    FILLED = "filled"
    STOPPED = "stopped"
    MERGED = "merged"
    UNMERGED = "unmerged"
    NOTE_WRITTEN = "note_written"
    ERASED = "erased"
    MOVED = "moved"
    ANSWERED = "answered"


def note(turn: Turn, deed: Deed, *, by: Member | None, about: int | None = None, what: str = "") -> None:
    """Write down that a member did something; `by` None: whoever uses the command line.

    `about` is the participant, if it is one. `what` is made of ids and keys, such as `broadcast 12`, never of words.
    """
    actor = OPERATOR if by is None else f"staff:{by.id}"
    audit.append(turn.connection, turn.now, deed.value, actor, about, what)
