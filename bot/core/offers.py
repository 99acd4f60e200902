"""What a town offers: courses, info events, openings, advice. Values only, as content or staff define them.

Texts (title, what it is about, the place's name) stand in the content under `offers.<id>....`.
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
    """What an offer is."""

    COURSE = "course"
    """One registration for all its meetings."""
    EVENT = "event"
    """A registration for each of its meetings."""
    ADVICE = "advice"
    """Opening hours: nobody registers."""
    OPENING = "opening"
    """Something like a job: nobody registers, people say that they are interested."""


class Sort(StrEnum):
    """What an opening offers."""

    JOB = "job"
    APPRENTICESHIP = "apprenticeship"
    EQ = "eq"
    """A long internship that leads to an apprenticeship."""
    DEGREE = "degree"
    COURSE = "course"
    INFO = "info"
    """A piece of information: a fair, a new law, an address. Nobody says that they are interested."""


class Mode(StrEnum):
    """Where it takes place."""

    PRESENCE = "presence"
    ONLINE = "online"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Place:
    """An address, and where a map shows it; its name is a text."""

    address: str
    map: str


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """One appointment as planned. `original`, local time in the town's zone, names it within its offer."""

    original: datetime
    minutes: int
    room: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody must bring; `own_text` where the town words it itself (`offers.<id>.need_<number>`)."""

    condition: Condition
    own_text: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A course, an event, an opening or advice.

    `needs` must each be met to get a seat; `suits` says whom it is recommended to.
    `register_until` is relative to the first meeting (of a course) or to the meeting (of an event). `seats` None: as
    many as come. `approval`: a coordinator says yes before a seat is firm. `hold`: how long a freed seat is kept for
    the next person on the waiting list. `provides` are options of the town's needs that it meets, such as childcare.
    `finds_out` are questions that it answers for people, as a placement test does.
    `withdrawn`: it is no longer offered, and kept for people who were told of it.

    Of an opening: `sort` is what is to be had (or that it is a piece of information), `partner` who is told of who is
    interested ("": the team alone), `link` where more stands, `until` its last useful day (None: as long as it is not
    filled).
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
        """Whether an opening is still available: neither filled, nor over, nor withdrawn."""
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
        """Whether it asks for what no question asks about any more: it fits nobody until the team says so anew."""
        suits = self.suits.parts if isinstance(self.suits, All) else (self.suits,)
        return NOBODY in (*(need.condition for need in self.needs), *suits)

    @property
    def recommended(self) -> Condition:
        """The people who have what it needs and whom it suits: it is shown to them first."""
        return All((*(need.condition for need in self.needs), *(() if self.suits is None else (self.suits,))))


@dataclass(frozen=True, slots=True)
class Said:
    """What staff said about an offer in the chat; it beats the file.

    `own`: the files have none of this id. `fields` are answers of the form "offer" by question, None where something
    is said to be empty; `texts` are words by language and name (title, text, place, hours). `filled_at`: of an
    opening, nothing is to be had any more. `revision` counts what was said.
    """

    id: str
    own: bool
    fields: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    withdrawn_at: datetime | None = None
    filled_at: datetime | None = None
    revision: int = 0
