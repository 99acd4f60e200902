"""The rules by which people are reminded, as values. `bot.content.reminders_file` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.conditions import Condition
from bot.core.offers import Kind
from bot.core.timing import FreeDay, Offset, Quiet, fit, moment


class Anchor(StrEnum):
    """What a reminder is relative to."""

    MEETING = "meeting"
    """The start of each meeting one is registered for."""
    FIRST_MEETING = "first_meeting"
    CHANGED_MEETING = "changed_meeting"
    """The start of a meeting that is not as people expect it: moved, another room, the first after holidays."""
    HELD = "held"
    """The moment until which a freed seat is kept."""
    FINISHED = "finished"
    """The end of a course's last meeting."""
    UNFINISHED = "unfinished"
    """The last sign of somebody who has not finished the questionnaire."""


class Topic(StrEnum):
    """What a person can have no more of."""

    OWN = "own"
    """Reminders of one's own registrations."""
    OFFERS = "offers"
    QUESTIONS = "questions"


REGISTERED_FOR = (Kind.COURSE, Kind.EVENT)
OF_A_MEETING = frozenset({Anchor.MEETING, Anchor.FIRST_MEETING, Anchor.CHANGED_MEETING})
PURPOSES = {Topic.OWN: "reminders", Topic.QUESTIONS: "reminders", Topic.OFFERS: "openings"}
"""The consent a topic needs, where the town asks for one of that id."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reminder. Its text is `reminders.<id>`.

    `useful` is the last moment it helps, seen from the anchor like `offset`. `registered_before`: only for who
    registered at least so long before the reminder is said. `urgent`: also in quiet hours, and beyond the weekly cap.
    """

    id: str
    anchor: Anchor
    offset: Offset
    useful: Offset
    kinds: tuple[Kind, ...] = REGISTERED_FOR
    audience: Condition | None = None
    registered_before: timedelta = timedelta(0)
    topic: Topic = Topic.OWN
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """When a rule speaks: `wanted` by the rule, `at` outside quiet hours (None: never), `until` at the latest."""

    wanted: datetime
    at: datetime | None
    until: datetime


def due(
    rule: Rule,
    anchor: datetime,
    clock: ZoneInfo,
    quiet: Quiet,
    zone: ZoneInfo,
    free: FreeDay,
    earliest: datetime | None = None,
) -> Due:
    """When a rule speaks about this anchor to somebody who has these quiet hours on the clocks of `zone`.

    `clock` is whose 18:00 the rule means: the town's for what takes place there, the person's for what is about them.
    """
    wanted, until = moment(rule.offset, anchor, clock), moment(rule.useful, anchor, clock)
    if rule.urgent:
        at = wanted if earliest is None else max(wanted, earliest)
        return Due(wanted, at if at <= until else None, until)
    return Due(wanted, fit(wanted, quiet, zone, free, last_useful=until, earliest=earliest), until)
