"""The rules by which people are reminded, as values. `bot.content.reminders_file` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.conditions import Condition
from bot.core.offers import Kind
from bot.core.timing import FreeDay, Offset, Quiet, fit, moment

PREFIX = "reminders."
"""The beginning of the keys of reminders' texts."""


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
    DEADLINE = "deadline"
    """The end of registration, for people whom an offer fits and who have no seat, or who wait for a yes."""
    OLD_ANSWER = "old_answer"
    """The moment from which an answer may not be true any more."""
    LAST_DAY = "last_day"
    """The end of the last day on which somebody can begin a step of their path."""
    NEW_OPENINGS = "new_openings"
    """The beginning of each day of the week on which people hear of openings that are new to them."""


class Topic(StrEnum):
    """What a person can mute."""

    OWN = "own"
    """Reminders of one's own registrations."""
    OFFERS = "offers"
    QUESTIONS = "questions"
    PATH = "path"
    """The last days of one's own path."""


REGISTERED_FOR = (Kind.COURSE, Kind.EVENT)
OF_A_MEETING = frozenset({Anchor.MEETING, Anchor.FIRST_MEETING, Anchor.CHANGED_MEETING})
SPEAKS_OF: Mapping[Anchor, tuple[Kind, ...]] = {
    **dict.fromkeys((Anchor.MEETING, Anchor.HELD, Anchor.DEADLINE), REGISTERED_FOR),
    **dict.fromkeys((Anchor.FIRST_MEETING, Anchor.CHANGED_MEETING, Anchor.FINISHED), (Kind.COURSE,)),
    **dict.fromkeys((Anchor.UNFINISHED, Anchor.OLD_ANSWER, Anchor.LAST_DAY, Anchor.NEW_OPENINGS), ()),
}
"""The kinds of offers an anchor can have to do with."""
PURPOSES = {
    **dict.fromkeys((Topic.OWN, Topic.QUESTIONS, Topic.PATH), "reminders"),
    Topic.OFFERS: "openings",
}
"""The consent a topic needs, where the town asks for one of that id."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reminder.

    `useful` is the last moment it helps, seen from the anchor like `offset`. `registered_before`: only for people who
    registered at least that long before the reminder is said. `urgent`: also in quiet hours, beyond the weekly cap.
    `requested`, of a deadline: it has a text for people who wait for a yes (`reminders.<id>.requested`). `weeks`, of
    old answers: a person gets at most one such message in so many. `days`, of new openings: ISO days of the week;
    `most` is how many of them one message names.
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
    requested: bool = False
    weeks: int = 0
    days: frozenset[int] = frozenset()
    most: int = 0

    @property
    def text_key(self) -> str:
        """Its text."""
        return f"{PREFIX}{self.id}"


USUAL_TOPICS: Mapping[Anchor, Topic] = {
    Anchor.DEADLINE: Topic.OFFERS,
    Anchor.NEW_OPENINGS: Topic.OFFERS,
    Anchor.OLD_ANSWER: Topic.QUESTIONS,
    Anchor.LAST_DAY: Topic.PATH,
}
"""The topics of rules that do not name one; every other rule is about the person's own registrations."""


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
