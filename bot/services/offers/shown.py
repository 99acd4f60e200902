"""An offer as one person sees it: values from which screens are made. Times are local."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.core.broadcasts import Interest, Subject
from bot.core.message import Argument, Text
from bot.core.offers import Offer


class Fit(IntEnum):
    """How well an offer fits a person, the best first."""

    RECOMMENDED = 0
    POSSIBLE = 1
    NEAR = 2
    OTHER = 3


@dataclass(frozen=True, slots=True)
class Match:
    """An offer beside a person: how well it fits, what speaks for it, and what is missing.

    `lacking` are the questions that what is missing is about, computed ones too. `briefly` is what speaks for it, for
    a line of a list.
    """

    offer: Offer
    fit: Fit
    because: tuple[Text, ...]
    missing: tuple[Text, ...]
    lacking: frozenset[str] = frozenset()
    briefly: tuple[Argument, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the person has what is needed."""
        return self.fit <= Fit.POSSIBLE

    @property
    def recommended(self) -> bool:
        """Whether the person has what is needed and the offer suits them; asking for nothing suits everybody."""
        return self.fit is Fit.RECOMMENDED or (self.open and self.offer.suits is None)


class Standing(StrEnum):
    """Where somebody stands with an offer or a meeting."""

    NONE = "none"
    REQUESTED = "requested"
    REGISTERED = "registered"
    WAITING = "waiting"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Own:
    """The person's own registration. `until` is when a held seat passes on, `place` that on the waiting list."""

    registration: int
    standing: Standing
    until: datetime | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Date:
    """A meeting to come. `seats` None: as many as like. `closed`: nobody registers any more."""

    meeting: int
    starts: datetime
    minutes: int
    room: str
    place: str | None = None
    cancelled: bool = False
    seats: int | None = None
    closed: bool = False
    deadline: datetime | None = None
    own: Own | None = None


@dataclass(frozen=True, slots=True)
class Interesting:
    """Something a person is interested in, its first words, and what became of it."""

    subject: Subject
    words: str
    standing: Text
    name: Text
    """What a button to its card says."""
    partner: str | None = None
    """Who may be told of it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An offer as a person sees it: beside their answers, with the dates to come.

    `seats`, `closed`, `deadline` and `own` are the whole offer's, where one registers for all of it. `decisive` are
    the questions whose answers the person could change to have what is missing. `level` says where a course begins
    and leads. Of an opening: `to_be_had` while it is available; `interest` what became of theirs, `partner` who may
    be told of it; `unwanted`: they no longer want to hear of it. `outdated`: a date of it may stand in their phone's
    calendar at which they have no seat any more.
    """

    match: Match
    dates: tuple[Date, ...]
    more_dates: int = 0
    seats: int | None = None
    closed: bool = False
    deadline: datetime | None = None
    own: Own | None = None
    decisive: tuple[str, ...] = ()
    level: Text | None = None
    to_be_had: bool = True
    interest: Interest | None = None
    partner: str | None = None
    unwanted: bool = False
    outdated: bool = False

    @property
    def owns(self) -> tuple[Own, ...]:
        """All registrations of the person's own: for the whole offer, or for single dates."""
        return tuple(one for one in (self.own, *(date.own for date in self.dates)) if one is not None)

    @property
    def offer(self) -> Offer:
        """The offer itself."""
        return self.match.offer
