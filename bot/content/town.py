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
    """How to reach somebody. Empty fields are not known. `map` is an https address."""

    address: str = ""
    phone: str = ""
    email: str = ""
    map: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who is responsible for the bot. `operator` is the German text of `town.imprint.operator`."""

    operator: str
    responsible: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class Privacy:
    """The https address of the full privacy notice, and who to ask."""

    url: str
    officer: str


@dataclass(frozen=True, slots=True)
class Consent:
    """One purpose that a person agrees to. Without the `required` one nothing is stored.

    `ask`: before the questions (start) or after them (end). `partners`: it is about the partners that openings and
    messages name. To withdraw it also withdraws every interest that such a partner may be told about.
    """

    id: str
    required: bool
    ask: Literal["start", "end"]
    partners: bool = False


TRANSLATION = "translation"
"""The consent that lets an external translator see what a person writes. Asked only if there is one."""
LONGEST_INTEREST = length_of("6 months")
"""The longest time an interest is kept without further news. `interest.ask` promises it."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long past data stays in the database before it is deleted automatically.

    `deliveries` and `broadcasts` count from when a message was said, or could last have been said. `registrations`
    (ended ones, guests, attendance) count from the end of the last meeting they are about. `unfinished` and
    `inactive` (whole profiles) count from a person's last activity, `talks` from each word, `audit` from each entry,
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
    """When a broadcast needs another member's yes: if one of these roles sends it, or it goes to more people."""

    roles: frozenset[Role] = frozenset()
    above: int | None = None


class Work(StrEnum):
    """What a processor does with people's data for the town."""

    HOST = "host"
    """Runs the machine."""
    DATABASE = "database"
    BACKUPS = "backups"
    TRANSLATION = "translation"
    SUPPORT = "support"
    """Maintains the program, and can see its data."""


@dataclass(frozen=True, slots=True)
class Processor:
    """A processor of people's data for the town. Names are the same in every language, the purpose is German."""

    work: Work
    name: str
    seat: str
    purpose: str
    contract: date | None
    """The date of the contract (Art. 28 GDPR). None: there is none."""


@dataclass(frozen=True, slots=True)
class Town:
    """One town's project. `zone` is an IANA name. `languages` include German, in the order they are offered.

    `quiet`: the hours in which nobody is written to. `weekly_cap`: how many reminders and broadcasts a person gets in
    seven days. `holidays`: the public holidays. `office_hours`: when the team answers in talks. `four_eyes` None:
    broadcasts need no second yes. `processors`: who processes people's data for the town.
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
        """Whether nobody answers in talks: on public holidays, and on Sundays unless the office hours name them."""
        return self.free(day) and not (SUNDAY in self.office_hours.days and day not in self.holidays)
