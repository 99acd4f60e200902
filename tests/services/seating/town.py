"""A small town: an evening with two seats, a course that a coordinator approves, and people who come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.content.loader import Content
from bot.content.reader import Source
from bot.content.texts import Translation
from bot.core.offers import Kind, Offer, PlannedMeeting
from bot.core.seats import State
from bot.core.timing import parse_offset
from bot.db.engine import Database
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.offers.registrations import Target
from bot.db.schema import registration
from bot.services.offers import registration as seats
from bot.services.offers.meetings import synchronise
from bot.services.offers.registration import Outcome
from bot.services.offers.seats import Terms
from bot.services.turn import Turn
from tests.db.rows import new_participant

P = ParamSpec("P")
T = TypeVar("T")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
"""A Monday at ten in the morning in Minden."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = "2027-01-14T18:00"
STAFF = 77


def local(text: str) -> datetime:
    """A time as the clock on the wall shows it."""
    return datetime.fromisoformat(text)


def planned(*starts: str, minutes: int = 90, room: str = "1") -> tuple[PlannedMeeting, ...]:
    """Meetings as a file has them."""
    return tuple(PlannedMeeting(local(start), minutes, room) for start in starts)


INFO = Offer(
    "info",
    Kind.EVENT,
    seats=2,
    register_until=parse_offset("-1d at 18:00"),
    meetings=planned(EVENING, "2027-02-11T18:00"),
)
COURSE = Offer(
    "b2",
    Kind.COURSE,
    seats=2,
    approval=True,
    meetings=planned("2027-01-18T09:00", "2027-01-19T09:00", "2027-01-20T09:00", "2027-01-25T09:00"),
)
ADVICE = Offer("advice", Kind.ADVICE, meetings=planned("2027-01-05T09:00"))
TERMS = Terms({one.id: one for one in (INFO, COURSE, ADVICE)}, BERLIN)


def with_offers(content: Content) -> Content:
    """The content with these offers, and their names in each language."""
    titles = [f"offers.{one}.title" for one in TERMS.offers]
    german = {key: Source(key, (key,), "", "here", 1) for key in titles}
    others: dict[str, Translation | None] = {key: ((key,), lambda _: 0) for key in titles}
    texts = content.texts.with_more(german, dict.fromkeys(content.languages, others))
    return replace(content, offers=TERMS.offers, texts=texts)


@dataclass
class Town:
    """The use cases on a database, at a time that a test sets."""

    database: Database
    content: Content
    now: datetime = NOW
    terms: Terms = TERMS
    evening: Target = field(default_factory=lambda: Target("info"))
    course: Target = field(default_factory=lambda: Target("b2"))
    _chats: int = field(default=0)

    async def begin(self) -> None:
        """Adds the meetings to the table."""
        await self.do(synchronise, self.terms)
        self.evening = Target("info", (await self.meeting("info", EVENING)).id)

    async def do(self, use_case: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs one use case in its transaction, now."""
        now = self.now
        return await self.database.run(lambda tx: use_case(Turn(tx, self.content, now), *args, **kwargs))

    async def people(self, number: int) -> list[int]:
        """New participants."""
        first = self._chats + 1
        self._chats += number
        return await self.database.run(lambda tx: [new_participant(tx, first + one) for one in range(number)])

    async def register(self, person: int, target: Target | None = None, **more: Any) -> Outcome:
        """A person registers, by default for the evening."""
        return await self.do(seats.register, self.terms, person, target or self.evening, **more)

    async def registered(self, *people: int, target: Target | None = None) -> list[int]:
        """Several people register one after the other. Returns the ids of their registrations."""
        found = [(await self.register(person, target)).registration_id for person in people]
        return [key for key in found if key is not None]

    async def meeting(self, offer_id: str, original: str) -> Meeting:
        """A meeting that must exist."""
        return (await self.database.run(meetings.everything))[offer_id, original]

    async def states(self, target: Target | None = None) -> list[tuple[int | None, State]]:
        """Everybody who ever registered for a target, in order."""
        asked = target or self.evening
        return await self.database.run(lambda tx: states(tx, asked))

    def change(self, offer: Offer, **columns: Any) -> None:
        """From now on the file says something else about an offer."""
        self.terms = replace(self.terms, offers={**self.terms.offers, offer.id: replace(offer, **columns)})


def states(connection: Connection, target: Target) -> list[tuple[int | None, State]]:
    """Everybody who ever registered for a target, in order."""
    rows = connection.execute(
        select(registration.c.participant_id, registration.c.state)
        .where(
            registration.c.offer_id == target.offer_id,
            registration.c.meeting_id.is_not_distinct_from(target.meeting_id),
        )
        .order_by(registration.c.id)
    )
    return [(person, State(state)) for person, state in rows]
