"""A town as a value: its data. Its texts are found by key (`town.office.name`, `town.consents.<id>.text`)."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.dangers import SecondFactor
from bot.core.office import Office
from bot.core.roles import Role
from bot.core.spans import length_of
from bot.core.timing import Quiet

SUNDAY = 7


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody; empty where there is none. `map` is an https address."""

    address: str = ""
    phone: str = ""
    email: str = ""
    map: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who answers for the bot; `operator` is the German text of `town.imprint.operator`."""

    operator: str
    responsible: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class Privacy:
    """The https address of the whole privacy notice, and who to ask."""

    url: str
    officer: str


@dataclass(frozen=True, slots=True)
class Consent:
    """One purpose a person agrees to; without the `required` one nothing is stored.

    `ask` says when: before the questions (start) or after them (end). `partners`: it is about those whom openings
    and messages name; whoever takes it back takes back every interest of which such a partner may be told.
    """

    id: str
    required: bool
    ask: Literal["start", "end"]
    partners: bool = False


TRANSLATION = "translation"
"""The consent that lets a translator outside see what a person writes; asked where there is one."""
LONGEST_INTEREST = length_of("6 months")
"""How long an interest stays at most of which nothing more was heard: `interest.ask` promises it."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is over stays in the database before it is deleted by itself.

    `deliveries` and `broadcasts` count from when a message was said, or could last have been; `registrations` (those
    that ended, guests, attendance) from the end of the last meeting they are about; `unfinished` and `inactive`
    (whole profiles) from a person's last sign; `talks` from each word; `audit` from each entry;
    `interests` and `drafts` (forms that a member of the team has begun) from their last change.
    """

    deliveries: timedelta = timedelta(days=90)
    broadcasts: timedelta = timedelta(days=365)
    registrations: timedelta = timedelta(days=365)
    unfinished: timedelta = timedelta(days=90)
    inactive: timedelta = timedelta(days=365)
    talks: timedelta = timedelta(days=365)
    audit: timedelta = timedelta(days=730)
    interests: timedelta = LONGEST_INTEREST
    drafts: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class FourEyes:
    """When a message to many needs another's yes: one of these roles sends it, or it goes to more people."""

    roles: frozenset[Role] = frozenset()
    above: int | None = None


class Work(StrEnum):
    """What somebody does with people's data for the town."""

    HOST = "host"
    """Runs the machine."""
    DATABASE = "database"
    BACKUPS = "backups"
    TRANSLATION = "translation"
    SUPPORT = "support"
    """Looks after the program, and can see what it holds."""


@dataclass(frozen=True, slots=True)
class Processor:
    """Who works with people's data for the town: names as they are in any language, the purpose in German."""

    work: Work
    name: str
    seat: str
    purpose: str
    contract: date | None
    """When the contract (Art. 28 GDPR) was made; None: there is none."""


@dataclass(frozen=True, slots=True)
class Town:
    """One town's project. `zone` is an IANA name, `languages` hold German and come in the order they are offered.

    `quiet` are the hours in which nobody is written to, `weekly_cap` how many reminders and broadcasts somebody gets
    in seven days, `holidays` the public holidays, `office_hours` when the team answers in talks.
    `four_eyes` None: whoever writes to many sends it. `processors` are those who work with people's data for it.
    """

    id: str
    name: str
    project: str
    zone: str
    languages: tuple[str, ...]
    office: Contact
    advice_under_16: Contact
    imprint: Imprint
    privacy: Privacy
    consents: tuple[Consent, ...]
    quiet: Quiet = field(default_factory=Quiet)
    weekly_cap: int = 5
    holidays: Container[date] = frozenset()
    retention: Retention = field(default_factory=Retention)
    four_eyes: FourEyes | None = None
    office_hours: Office = field(default_factory=Office)
    second_factor: SecondFactor = field(default_factory=SecondFactor)
    processors: tuple[Processor, ...] = ()

    @property
    def clock(self) -> ZoneInfo:
        """The zone of the town's clocks."""
        return ZoneInfo(self.zone)

    @property
    def has_holidays(self) -> bool:
        """Whether it names public holidays."""
        return self.holidays != frozenset()

    def free(self, day: date) -> bool:
        """Whether people sleep longer: on Sundays and public holidays."""
        return day.isoweekday() == SUNDAY or day in self.holidays

    def closed(self, day: date) -> bool:
        """Whether nobody answers in talks: on public holidays, and on Sundays that the office hours do not name."""
        return self.free(day) and not (SUNDAY in self.office_hours.days and day not in self.holidays)
