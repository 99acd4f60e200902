"""The rules for reminders, as values. `bot.content.reminders_file` reads them."""

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
"""The beginning of the text keys of reminders."""


class Anchor(StrEnum):
    """What a reminder is relative to."""

    MEETING = "meeting"
    """The start of each meeting that a person is registered for."""
    FIRST_MEETING = "first_meeting"
    CHANGED_MEETING = "changed_meeting"
    """The start of an unusual meeting: moved, in another room, or the first after holidays."""
    HELD = "held"
    """The moment until which a freed seat is kept."""
    FINISHED = "finished"
    """The end of a course's last meeting."""
    UNFINISHED = "unfinished"
    """The last activity of a person who has not finished the questionnaire."""
    DEADLINE = "deadline"
    """The end of registration, for people whom an offer fits and who have no seat or wait for approval."""
    OLD_ANSWER = "old_answer"
    """The moment from which an answer may no longer be true."""
    LAST_DAY = "last_day"
    """The end of the last day on which a person can begin a step of their path."""
    NEW_OPENINGS = "new_openings"
    """The start of each day of the week on which people are told about openings that are new to them."""


class Topic(StrEnum):
    """What a person can mute."""

    OWN = "own"
    """Reminders of the person's own registrations."""
    OFFERS = "offers"
    QUESTIONS = "questions"
    PATH = "path"
    """The last days of the person's own path."""


REGISTERED_FOR = (Kind.COURSE, Kind.EVENT)
OF_A_MEETING = frozenset({Anchor.MEETING, Anchor.FIRST_MEETING, Anchor.CHANGED_MEETING})
SPEAKS_OF: Mapping[Anchor, tuple[Kind, ...]] = {
    **dict.fromkeys((Anchor.MEETING, Anchor.HELD, Anchor.DEADLINE), REGISTERED_FOR),
    **dict.fromkeys((Anchor.FIRST_MEETING, Anchor.CHANGED_MEETING, Anchor.FINISHED), (Kind.COURSE,)),
    **dict.fromkeys((Anchor.UNFINISHED, Anchor.OLD_ANSWER, Anchor.LAST_DAY, Anchor.NEW_OPENINGS), ()),
}
"""The kinds of offers that each anchor applies to."""
PURPOSES = {
    **dict.fromkeys((Topic.OWN, Topic.QUESTIONS, Topic.PATH), "reminders"),
    Topic.OFFERS: "openings",
}
"""The consent that a topic needs, if the town asks for a consent of that id."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reminder.

    `useful` is the last moment it helps, relative to the anchor like `offset`. `registered_before`: only for people
    who registered at least that long before the reminder is due. `urgent`: ignores quiet hours and the weekly cap.
    `requested`, of a deadline: it has a text for people who wait for approval (`reminders.<id>.requested`). `weeks`,
    of old answers: a person gets at most one such message in that many weeks. `days`, of new openings: ISO weekdays.
    `most`: how many of them one message names.
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
        """The key of its text."""
        return f"{PREFIX}{self.id}"


USUAL_TOPICS: Mapping[Anchor, Topic] = {
    Anchor.DEADLINE: Topic.OFFERS,
    Anchor.NEW_OPENINGS: Topic.OFFERS,
    Anchor.OLD_ANSWER: Topic.QUESTIONS,
    Anchor.LAST_DAY: Topic.PATH,
}
"""The topics of rules that name none. Every other rule is about the person's own registrations."""


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
    """When a rule speaks about this anchor to a person with these quiet hours on the clocks of `zone`.

    `clock` is whose clock the rule means by "18:00": the town's for what takes place there, the person's for what is
    about them.
    """
    wanted, until = moment(rule.offset, anchor, clock), moment(rule.useful, anchor, clock)
    if rule.urgent:
        at = wanted if earliest is None else max(wanted, earliest)
        return Due(wanted, at if at <= until else None, until)
    return Due(wanted, fit(wanted, quiet, zone, free, last_useful=until, earliest=earliest), until)
