"""Which role may do what: one table. Rights are looked up when a button is pressed, never when it was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

UNUSED = timedelta(days=90)
"""Whoever has been away this long does not belong to the team until an admin lets them in again."""


class Role(StrEnum):
    """A member's role in the team."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    COUNSELLOR = "counsellor"
    TEACHER = "teacher"
    VIEWER = "viewer"


class Right(StrEnum):
    """What somebody may do."""

    SEE_OFFERS = "see_offers"
    CHANGE_OFFERS = "change_offers"
    SEE_REGISTRATIONS = "see_registrations"
    CHANGE_REGISTRATIONS = "change_registrations"
    APPROVE = "approve"
    TAKE_ATTENDANCE = "take_attendance"
    SEE_PEOPLE = "see_people"
    """Names, not only numbers."""
    SEE_PROFILES = "see_profiles"
    """Find participants, look at what they said, and write notes about them."""
    SEE_SENSITIVE = "see_sensitive"
    """Answers to questions that are marked as sensitive."""
    MERGE_PEOPLE = "merge_people"
    """Put two profiles together, and take them apart again."""
    EXPORT_PEOPLE = "export_people"
    """Take a list of participants out of the chat as a file."""
    ERASE_PEOPLE = "erase_people"
    """Erase a participant who asked for it by letter or at the desk."""
    SEE_FIGURES = "see_figures"
    SEND = "send"
    """Write to many at once."""
    ANSWER = "answer"
    """Talk with people in their threads."""
    INVITE = "invite"
    """Let somebody into the team, change their role, and remove them."""
    SEE_AUDIT = "see_audit"
    """Who looked at whom, and did what."""


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Right),
        # Whoever plans courses does it by figures; what is sensitive is for those who advise somebody.
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
"""The table of rights."""


class Standing(StrEnum):
    """How somebody stands to the team. Only active members may do anything."""

    WAITING = "waiting"
    """Has opened an invitation; an admin has to confirm."""
    ACTIVE = "active"
    DORMANT = "dormant"
    """Was not here for too long."""
    REMOVED = "removed"


def may(role: Role, right: Right | None) -> bool:
    """Whether the role has the right; every role may do what needs none."""
    return right is None or right in RIGHTS[role]


def standing(
    confirmed_at: datetime | None, removed_at: datetime | None, seen_at: datetime, now: datetime
) -> Standing:
    """How somebody stands to the team now."""
    if removed_at is not None:
        return Standing.REMOVED
    if confirmed_at is None:
        return Standing.WAITING
    return Standing.DORMANT if now - seen_at > UNUSED else Standing.ACTIVE
