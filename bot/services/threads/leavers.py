"""Whoever no longer belongs to the team is removed from its groups, where they could still read every topic.

If a group cannot be reached, or the bot may not remove people there, admins read whom to remove by hand; the bot
does it too if that group is bound again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.message import Screen, Words
from bot.core.roles import Right, Standing
from bot.core.threads import PREFIX, Job
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Kind, Planned
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.services.deliveries.acts import Out
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import local_day


def put_out(turn: Turn, one: Member) -> None:
    """A member leaves: the bot removes them from the team's group, and from those that were it in their time."""
    cause = f"{PREFIX}{Job.OUT}.{one.id}.{turn.now.timestamp():.0f}"
    planned = Planned(cause, Kind.TALK, turn.now, Job.OUT.text_key, {"person": one.person_id}, urgent=True)
    theirs = [
        each.chat_id
        for each in threads.groups(turn.connection)
        if each.lost_at is None or one.added_at < each.lost_at
    ]
    deliveries.plan(turn.connection, [(group, planned) for group in theirs])


def act(turn: Turn, given: Mapping[str, Any]) -> Out | str:
    """What is done now; nothing where they were invited again and came back."""
    return "back_again" if _is_back(turn, given) else Out(given["person"])


def told(turn: Turn, given: Mapping[str, Any]) -> Screen | str:
    """Whom an admin has to remove by hand, or why that need no longer be said."""
    if _is_back(turn, given):
        return "back_again"
    left = staff.by_person(turn.connection, given["person"])
    if left is None:
        return "member_gone"
    name, group = Words(left.name), given.get("group")
    former = next((one for one in threads.groups(turn.connection) if one.chat_id == group and one.lost_at), None)
    if former is None or former.lost_at is None:
        return Screen(((staff_text("group.member_stays", name=name),),))
    since, until = (local_day(turn.content, one) for one in (former.bound_at, former.lost_at))
    return Screen(((staff_text("group.member_stays_former", name=name, since=since, until=until),),))


def tell(turn: Turn, due: Due) -> None:
    """They could not be removed: tell the admins, who can do it by hand."""
    admins = staff.who_may(turn.connection, Right.INVITE, turn.now)
    params = {**(due.params or {}), "group": due.chat_id}
    planned = Planned(f"{PREFIX}{Job.STILL_IN}.{due.id}", Kind.TALK, turn.now, Job.STILL_IN.text_key, params)
    reached = staff.reachable(turn.connection, admins)
    deliveries.plan(turn.connection, [(chat_id, planned) for chat_id in reached])


def _is_back(turn: Turn, given: Mapping[str, Any]) -> bool:
    member = staff.by_person(turn.connection, given["person"])
    return member is not None and member.standing(turn.now) is not Standing.REMOVED
