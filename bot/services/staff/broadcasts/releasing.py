"""A second pair of eyes: where the town asks for it, another member releases what goes out to many."""

from __future__ import annotations

from dataclasses import replace

from bot.core.broadcasts import Broadcast, Stage
from bot.core.roles import Right
from bot.db.audience.counting import Reason
from bot.db.broadcasts import broadcasts, reviews
from bot.db.broadcasts.reviews import Review
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import audience, broadcasting
from bot.services.deliveries import desk_letters
from bot.services.deliveries.desk_letters import ASKED, REFUSED, RELEASED
from bot.services.turn import Turn

LONGEST_REFUSAL = 300


def needed(turn: Turn, one: Broadcast, member: Member) -> bool:
    """Whether what this member is about to send needs another member's yes."""
    rule = turn.content.town.four_eyes
    if rule is None:
        return False
    if member.role in rule.roles or rule.above is None:
        return member.role in rule.roles
    return size(turn, one) > rule.above


def size(turn: Turn, one: Broadcast) -> int:
    """How many people it goes to, those whose week is still full included."""
    found = audience.reach(turn, one, broadcasting.languages(turn, one))
    return found.reached + found.excluded.get(Reason.CAP, 0)


def waiting(turn: Turn, one: Broadcast) -> Review | None:
    """Who handed it in and when, while it waits for another's yes; None where it does not wait."""
    known = reviews.load(turn.connection, one.id) if one.stage is Stage.DRAFT else None
    return None if known is None or known.handed_in_at is None else known


def others(turn: Turn, one: Broadcast, member: Member) -> list[Member]:
    """Who may release what this member hands in: neither they themselves nor its author."""
    able = staff.who_may(turn.connection, Right.SEND, turn.now)
    return [other for other in able if other.id not in {member.id, one.author_id}]


def may_release(turn: Turn, one: Broadcast, member: Member) -> bool:
    """Whether it is waiting for this member's yes or no."""
    known = waiting(turn, one)
    return known is not None and member.id not in {known.handed_in_by, one.author_id}


def hand_in(turn: Turn, one: Broadcast, member: Member) -> bool:
    """Hand it in for another's yes, and tell everybody who may give it. Whether it could be handed in."""
    if one.stage is not Stage.DRAFT or waiting(turn, one) is not None or broadcasting.missing(turn, one) is not None:
        return False
    reviews.save(turn.connection, Review(one.id, member.id, turn.now))
    desk_letters.plan(turn, ASKED, one.id, others(turn, one, member))
    return True


def release(turn: Turn, one: Broadcast, member: Member) -> bool:
    """Another's yes: it goes out under their name. False where it did not wait for them, or lacks something."""
    if not may_release(turn, one, member):
        return False
    at = max(one.starts_at or turn.now, turn.now)
    if not broadcasting.send(turn, one, member, at):
        return False
    audit.note(turn, Deed.SENT, by=member, what=f"broadcast {one.id}")
    desk_letters.plan(turn, RELEASED, one.id, _authors(turn, one))
    return True


def refuse(turn: Turn, one: Broadcast, member: Member, reason: str) -> bool:
    """Another's no, with a reason: it goes back to its author. False where it did not wait for them."""
    known = waiting(turn, one)
    if known is None or not may_release(turn, one, member):
        return False
    refused = replace(known, handed_in_at=None, refused_by=member.id, refusal=reason)
    reviews.save(turn.connection, refused)
    broadcasts.change(turn.connection, one.id)
    desk_letters.plan(turn, REFUSED, one.id, _authors(turn, one))
    return True


def _authors(turn: Turn, one: Broadcast) -> list[Member]:
    """Whoever wrote it and whoever handed it in, if they still belong to the team."""
    known = reviews.load(turn.connection, one.id)
    keys = {one.author_id, None if known is None else known.handed_in_by} - {None}
    return [member for member in staff.active(turn.connection, turn.now) if member.id in keys]
