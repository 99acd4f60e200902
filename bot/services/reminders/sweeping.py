"""Reminders about people rather than meetings: whoever has not finished the questionnaire, found by searching.

Each rule speaks once to a person, however often they come and go; after the last one there is silence. Its 17:00 is
on the person's own clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.reminders import Anchor
from bot.db.outbox import reminding as rows
from bot.services.reminders import by_rule
from bot.services.turn import Turn

QUIET_FOR = timedelta(hours=1)
"""Whoever was here a moment ago may still be at it."""
AT_ONCE = 500
"""People looked at in one turn; the others at the next."""


def look_around(turn: Turn) -> int:
    """Plan the reminders of people who stopped halfway; how many."""
    planned = 0
    for rule in turn.content.reminders.values():
        if rule.anchor is not Anchor.UNFINISHED:
            continue
        for person in rows.unfinished(turn.connection, rule.text_key, turn.now - QUIET_FOR, AT_ONCE):
            found = by_rule.due_for(turn, rule, person.seen_at, person.hours, own_clock=True)
            params = {"seen": seen(person.seen_at)}
            one = by_rule.planned(rule, f"{rule.id}:p{person.id}", found, params=params, participant_id=person.id)
            rows.plan_one(turn.connection, person.chat_id, one, skipped=None if found.at is not None else "too_late")
            planned += 1
    return planned


def seen(at: datetime) -> str:
    """The last sign of a person, as a delivery remembers it: one that comes later makes it needless."""
    return at.isoformat(timespec="seconds")
