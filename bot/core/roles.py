"""Which role may do what: one table. Rights are checked when a button is pressed, not when it was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

UNUSED = timedelta(days=90)
"""A member who was away this long loses access until an admin confirms them again."""


class Role(StrEnum):
    """A member's role in the team."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    COUNSELLOR = "counsellor"
    TEACHER = "teacher"
    VIEWER = "viewer"


class Right(StrEnum):
    """What a member may do."""

    SEE_OFFERS = "see_offers"
    CHANGE_OFFERS = "change_offers"
    SEE_REGISTRATIONS = "see_registrations"
    CHANGE_REGISTRATIONS = "change_registrations"
    APPROVE = "approve"
    TAKE_ATTENDANCE = "take_attendance"
    SEE_PEOPLE = "see_people"
    """See names, not only numbers."""
    SEE_PROFILES = "see_profiles"
    """Find participants, see their answers, and write notes about them."""
    SEE_SENSITIVE = "see_sensitive"
    """See answers to sensitive questions."""
    MERGE_PEOPLE = "merge_people"
    """Merge two profiles, and separate them again."""
    EXPORT_PEOPLE = "export_people"
    """Export a list of participants as a file."""
    ERASE_PEOPLE = "erase_people"
    """Erase a participant who asked for it by letter or in person."""
    SEE_FIGURES = "see_figures"
    SEND = "send"
    """Write to many people at once."""
    ANSWER = "answer"
    """Talk with people in their threads."""
    INVITE = "invite"
    """Add and remove members of the team, and change their roles."""
    SEE_AUDIT = "see_audit"
    """See who looked at whom, and who did what."""


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Right),
        # Planning courses only takes figures. Sensitive answers are for those who counsel people.
        Role.COORDINATOR: frozenset(Right) - {Right.INVITE, Right.SEE_AUDIT, Right.SEE_SENSITIVE, Right.ERASE_PEOPLE},
        Role.COUNSELLOR: frozenset(
            {
                Right.SEE_OFFERS,
                Right.SEE_REGISTRATIONS,
                Right.CHANGE_REGISTRATIONS,
                Right.APPROVE,
                Right.TAKE_ATTENDANCE,
                Right.SEE_PEOPLE,
                Right.SEE_PROFILES,
                Right.SEE_SENSITIVE,
                Right.ANSWER,
            }
        ),
        Role.TEACHER: frozenset({Right.SEE_OFFERS, Right.SEE_REGISTRATIONS, Right.TAKE_ATTENDANCE, Right.SEE_PEOPLE}),
        Role.VIEWER: frozenset({Right.SEE_OFFERS, Right.SEE_FIGURES}),
    }
)
"""The rights of each role."""


class Standing(StrEnum):
    """A person's standing in the team. Only active members may do anything."""

    WAITING = "waiting"
    """Has opened an invitation. An admin has to confirm it."""
    ACTIVE = "active"
    DORMANT = "dormant"
    """Was away for too long."""
    REMOVED = "removed"


def may(role: Role, right: Right | None) -> bool:
    """Whether the role has the right. Without a right to check, every role may."""
    return right is None or right in RIGHTS[role]


def standing(
    confirmed_at: datetime | None, removed_at: datetime | None, seen_at: datetime, now: datetime
) -> Standing:
    """A person's standing in the team now."""
    if removed_at is not None:
        return Standing.REMOVED
    if confirmed_at is None:
        return Standing.WAITING
    return Standing.DORMANT if now - seen_at > UNUSED else Standing.ACTIVE
