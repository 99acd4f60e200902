"""What a town offers: courses, info events, openings, advice. Values only, defined by content or by staff.

Texts (title, description, name of the place) are in the content under `offers.<id>....`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.core.conditions import NOBODY, All, Condition
from bot.core.timing import Offset

USUAL_HOLD = timedelta(hours=24)


class Kind(StrEnum):
    """The kind of an offer."""

    COURSE = "course"
    """One registration for all its meetings."""
    EVENT = "event"
    """One registration for each of its meetings."""
    ADVICE = "advice"
    """Opening hours. Nobody registers."""
    OPENING = "opening"
    """For example a job. Nobody registers; people say that they are interested."""


class Sort(StrEnum):
    """The sort of an opening."""

    JOB = "job"
    APPRENTICESHIP = "apprenticeship"
    EQ = "eq"
    """A long internship that leads to an apprenticeship."""
    DEGREE = "degree"
    COURSE = "course"
    INFO = "info"
    """A piece of information: a fair, a new law, an address. Nobody can say that they are interested."""


class Mode(StrEnum):
    """How an offer takes place: on site, online, or both."""

    PRESENCE = "presence"
    ONLINE = "online"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Place:
    """An address and its point on a map. Its name is a text."""

    address: str
    map: str


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """One appointment as planned. `original` (local time in the town's zone) identifies it within its offer."""

    original: datetime
    minutes: int
    room: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What a person must have. `own_text`: the town words it itself (`offers.<id>.need_<number>`)."""

    condition: Condition
    own_text: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A course, an event, an opening or advice.

    `needs`: all must be met to get a seat. `suits`: who it is recommended to.
    `register_until` is relative to the first meeting (of a course) or to the meeting (of an event). `seats` None: no
    limit. `approval`: a coordinator has to agree before a seat is firm. `hold`: how long a freed seat is kept for the
    next person on the waiting list. `provides`: the options of the town's needs that it covers, such as childcare.
    `finds_out`: the questions that it answers for people, as a placement test does.
    `withdrawn`: it is no longer offered, but kept for people who were told about it.

    Of an opening: `sort` is what it offers. `partner` is told who is interested ("": only the team is). `link` leads
    to more information. `until` is its last useful day (None: until it is filled).
    """

    id: str
    kind: Kind
    provider: str = ""
    fee: int | None = None
    level_from: str | None = None
    level_to: str | None = None
    mode: Mode = Mode.PRESENCE
    lessons_per_week: int | None = None
    place: Place | None = None
    seats: int | None = None
    approval: bool = False
    hold: timedelta = USUAL_HOLD
    register_until: Offset | None = None
    needs: tuple[Need, ...] = ()
    suits: Condition | None = None
    meetings: tuple[PlannedMeeting, ...] = ()
    provides: tuple[str, ...] = ()
    finds_out: tuple[str, ...] = ()
    withdrawn: bool = False
    sort: Sort = Sort.JOB
    partner: str = ""
    link: str = ""
    until: date | None = None
    filled: bool = False

    def is_to_be_had(self, today: date) -> bool:
        """Whether an opening is still available: not filled, not over, not withdrawn."""
        return not (self.withdrawn or self.filled or self.is_over(today))

    def is_over(self, today: date) -> bool:
        """Whether an opening's last useful day has passed."""
        return self.until is not None and self.until < today

    @property
    def takes_interest(self) -> bool:
        """Whether people can say that they are interested."""
        return self.kind is Kind.OPENING and self.sort is not Sort.INFO

    @property
    def is_unclear(self) -> bool:
        """Whether it needs an answer that no question asks for any more. It fits nobody until staff change it."""
        suits = self.suits.parts if isinstance(self.suits, All) else (self.suits,)
        return NOBODY in (*(need.condition for need in self.needs), *suits)

    @property
    def recommended(self) -> Condition:
        """The condition for people who meet its needs and whom it suits. It is shown to them first."""
        return All((*(need.condition for need in self.needs), *(() if self.suits is None else (self.suits,))))


@dataclass(frozen=True, slots=True)
class Said:
    """What staff said about an offer in the chat. It overrides the file.

    `own`: no file has this id. `fields`: answers of the form "offer" by question; None means "empty". `texts`: words
    by language and name (title, text, place, hours). `filled_at`: since when an opening is filled. `revision` counts
    the changes.
    """

    id: str
    own: bool
    fields: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    withdrawn_at: datetime | None = None
    filled_at: datetime | None = None
    revision: int = 0
