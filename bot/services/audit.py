"""The audit trail: which member looked at whom and did what. An entry is written in the deed's own transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bot.db import audit
from bot.db.staff.staff import Member
from bot.services.turn import Turn

OPERATOR, PERSON, CLOCK = "operator", "person", "clock"
"""Whoever uses the command line; somebody about themselves; what is done by itself."""
ONE_LOOK = timedelta(minutes=10)
"""A page that the same member draws anew within this time is still the same look."""


class Deed(StrEnum):
    """What is worth an entry."""

    PROFILE_SEEN = "profile_seen"
    LIST_SEEN = "list_seen"
    PEOPLE_SEARCHED = "people_searched"
    EXPORTED = "exported"
    ROLE_CHANGED = "role_changed"
    INVITED = "invited"
    JOINED = "joined"
    """Opened an invitation to the team."""
    CONFIRMED = "confirmed"
    REMOVED = "removed"
    FACTOR_SET = "factor_set"
    """Set up a second factor of their own."""
    FACTOR_RESET = "factor_reset"
    """Switched a second factor off, their own or somebody else's."""
    FACTOR_CODES = "factor_codes"
    """Made new codes on paper; those of before are worth nothing."""
    FACTOR_CODE_USED = "factor_code_used"
    """Used one of them in the place of the app."""
    FACTOR_LOCKED = "factor_locked"
    """Five wrong codes in a row."""
    PASSED_ON = "passed_on"
    RELEASED = "released"
    SENT = "sent"
    CORRECTED = "corrected"
    RECALLED = "recalled"
    FILLED = "filled"
    STOPPED = "stopped"
    BREACH_TOLD = "breach_told"
    """Told people of a breach of their data."""
    RESTRICTED = "restricted"
    """Restricted somebody's data: it is only kept from then on."""
    LIFTED = "lifted"
    """Lifted that again."""
    MERGED = "merged"
    UNMERGED = "unmerged"
    NOTE_WRITTEN = "note_written"
    ERASED = "erased"
    ACCOUNT_CHANGED = "account_changed"
    MOVED = "moved"
    ANSWERED = "answered"
    GROUP_BOUND = "group_bound"
    """Made a group the team's: talks are led there from now on."""
    INTEREST_NOTED = "interest_noted"
    """Noted that somebody said, on the phone or in person, that they are interested."""
    PARTNER_CONFIRMED = "partner_confirmed"
    PARTNER_ENDED = "partner_ended"
    PARTNER_TOLD = "partner_told"
    PARTNER_SAID = "partner_said"
    ACCOMPANIED = "accompanied"
    """Opened the chat of somebody under 16 with them."""
    CUT = audit.CUT
    """Older entries were deleted."""


def actor_of(member_id: int) -> str:
    """What entries call a member of the team."""
    return f"{audit.STAFF}{member_id}"


def note(turn: Turn, deed: Deed, *, by: Member | None, about: int | None = None, what: str = "") -> None:
    """Write down that a member did something; `by` None: whoever uses the command line.

    `about` is the participant, if it is one. `what` is made of ids and keys, such as `broadcast 12`, never of words.
    """
    actor = OPERATOR if by is None else actor_of(by.id)
    audit.append(turn.connection, turn.now, deed.value, actor, about, what)


def looked(
    turn: Turn, deed: Deed, *, by: Member, about: int | None = None, what: str = "", within: Collection[Deed] = ()
) -> None:
    """Write down that a member looked at somebody, or at a list; once, while they go on looking.

    `within`: what can be done there; whoever has just done it is looking already.
    """
    last = audit.newest(turn.connection, actor_of(by.id))
    whom = None if about is None else audit.pseudonym(turn.connection, about)
    same = last is not None and last.deed in {deed, *within} and (last.what, last.about) == (what, whom)
    if last is None or not same or turn.now - last.at >= ONE_LOOK:
        note(turn, deed, by=by, about=about, what=what)


def note_erased(turn: Turn) -> None:
    """Write down that somebody has erased themselves; not who."""
    audit.append(turn.connection, turn.now, Deed.ERASED.value, PERSON, None, "")


def note_forgotten(turn: Turn) -> None:
    """Write down that somebody's time was over and they were erased; not who."""
    audit.append(turn.connection, turn.now, Deed.ERASED.value, CLOCK, None, "")


def note_moved(turn: Turn, about: int) -> None:
    """Write down that a code brought somebody's profile to another account."""
    audit.append(turn.connection, turn.now, Deed.ACCOUNT_CHANGED.value, PERSON, about, "")


def note_person(turn: Turn, deed: Deed, about: int, what: str) -> None:
    """Write down what a person's own word has led to."""
    audit.append(turn.connection, turn.now, deed.value, PERSON, about, what)


def note_partner(turn: Turn, deed: Deed, partner_id: int, about: int | None, what: str) -> None:
    """Write down what a partner did."""
    audit.append(turn.connection, turn.now, deed.value, f"{audit.PARTNER}{partner_id}", about, what)


def note_operator(connection: Connection, now: datetime, deed: Deed, what: str) -> None:
    """Write down what was done on the command line."""
    audit.append(connection, now, deed.value, OPERATOR, None, what)


def forget_old(turn: Turn) -> int:
    """Delete entries that were kept long enough; how many. The chain goes on from where it was cut."""
    return audit.cut(turn.connection, turn.now - turn.content.town.retention.audit, turn.now)
