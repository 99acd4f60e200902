"""A reminder as its rule wants it: when it speaks to somebody, and the row that the outbox keeps until then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core.reminders import Due, Rule, due
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people.participants import Hours
from bot.services.preferences import preferences
from bot.services.turn import Turn


def due_for(
    turn: Turn,
    rule: Rule,
    anchor: datetime,
    hours: Hours,
    *,
    own_clock: bool = False,
    earliest: datetime | None = None,
) -> Due:
    """When a rule speaks about a moment to somebody who keeps these hours, now or at the `earliest` given.

    The rule's 18:00 is on the town's clocks, where things take place; `own_clock`: on the person's.
    """
    town = turn.content.town
    quiet, zone = preferences.nights(hours, town)
    clock = zone if own_clock else town.clock
    return due(rule, anchor, clock, quiet, zone, town.free, earliest=earliest or turn.now)


def planned(
    rule: Rule,
    cause: str,
    found: Due,
    *,
    params: Mapping[str, Any] | None = None,
    participant_id: int | None = None,
    meeting_id: int | None = None,
) -> Planned:
    """The row of a reminder. Where the rule never speaks it stands at the moment the rule wanted."""
    return Planned(
        cause,
        Kind.REMINDER,
        found.at or found.wanted,
        rule.text_key,
        params,
        last_useful_at=found.until,
        topic=rule.topic.value,
        urgent=rule.urgent,
        participant_id=participant_id,
        meeting_id=meeting_id,
    )


def cause_of(rule: Rule, meeting_id: int | None, anchor: datetime) -> str:
    """What a reminder of a seat is about: a meeting (None: the offer as a whole) at a moment. See `is_about`."""
    return f"{rule.id}:{meeting_id or 0}:{stamp(anchor)}"


def is_about(cause: str, anchor: datetime) -> bool:
    """Whether a reminder of a seat was planned for this moment: a meeting that was moved has others."""
    return cause.split(":")[2] == str(stamp(anchor))


def stamp(moment: datetime) -> int:
    """A moment as part of a cause: minutes since 1970."""
    return int(moment.timestamp()) // 60
