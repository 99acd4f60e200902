"""Registrations: who has a seat, who waits, and who had one.

A target is what a seat is for: an offer as a whole, or one of its meetings. Code that gives or takes seats of a
target locks it first. SQLite has only one writer anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from bot.core.seats import TAKING, Seat, State
from bot.db.people.persons import only_kept
from bot.db.schema import UtcTime, meeting, registration


@dataclass(frozen=True, slots=True)
class Target:
    """What a seat is for: all meetings of an offer (`meeting_id` None), or one of them."""

    offer_id: str
    meeting_id: int | None = None

    @property
    def _lock(self) -> int:
        name = f"seats:{self.offer_id}:{self.meeting_id or ''}".encode()
        return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)

    @staticmethod
    def locks(targets: Iterable[Target]) -> list[int]:
        """The numbers of their locks, in the order in which everybody takes them."""
        return sorted({target._lock for target in targets})  # noqa: SLF001 - its own


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration with all that is known about it. `guest`: name and contact of a person without a chat."""

    id: int
    offer_id: str
    meeting_id: int | None
    participant_id: int | None
    guest: Mapping[str, str] | None
    state: State
    queued_at: datetime
    registered_at: datetime | None
    held_until: datetime | None
    entered_by: int | None
    approved_by: int | None
    ended_at: datetime | None

    @property
    def target(self) -> Target:
        """What it is for."""
        return Target(self.offer_id, self.meeting_id)


_COLUMNS = tuple(registration.c[name] for name in Registration.__dataclass_fields__)
_STATE = list(Registration.__dataclass_fields__).index("state")
_LIVE = registration.c.ended_at.is_(None)


def _registration(row: Iterable[Any]) -> Registration:
    values = list(row)
    values[_STATE] = State(values[_STATE])
    return Registration(*values)


_LOCK = select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger)))


def lock(connection: Connection, targets: Iterable[Target]) -> None:
    """Locks targets until the transaction ends. From now on it sees what others did to them before."""
    if connection.dialect.name == "postgresql":
        for key in Target.locks(targets):
            connection.execute(_LOCK, {"key": key})


def load(connection: Connection, registration_id: int) -> Registration | None:
    """A registration. None if there is none with that id."""
    row = connection.execute(select(*_COLUMNS).where(registration.c.id == registration_id)).first()
    return None if row is None else _registration(row)


_LINE = (
    select(registration.c.id, registration.c.participant_id, registration.c.state, registration.c.held_until)
    .where(registration.c.offer_id == bindparam("offer_id"), _LIVE)
    .order_by(registration.c.id)
)
_LINE_OF_OFFER = _LINE.where(registration.c.meeting_id.is_(None))
_LINE_OF_MEETING = _LINE.where(registration.c.meeting_id == bindparam("meeting_id"))


def line(connection: Connection, target: Target) -> list[Seat]:
    """The live registrations of a target, in order of arrival."""
    asked = {"offer_id": target.offer_id, "meeting_id": target.meeting_id}
    statement = _LINE_OF_OFFER if target.meeting_id is None else _LINE_OF_MEETING
    return [
        Seat(key, person, State(state), until) for key, person, state, until in connection.execute(statement, asked)
    ]


def create(connection: Connection, target: Target, state: State, now: datetime, **columns: Any) -> int:  # noqa: ANN401
    """Adds a registration at the end of the line. Returns its id."""
    row = {"offer_id": target.offer_id, "meeting_id": target.meeting_id, "state": state.value, "queued_at": now}
    made: int = connection.execute(insert(registration).returning(registration.c.id), {**row, **columns}).scalar_one()
    return made


def change(connection: Connection, registration_id: int, state: State, **columns: Any) -> None:  # noqa: ANN401
    """Changes the state of a registration."""
    connection.execute(
        update(registration).where(registration.c.id == registration_id).values(state=state.value, **columns)
    )


def coming(connection: Connection, registration_id: int, now: datetime) -> None:
    """The person confirms that they come."""
    connection.execute(update(registration).where(registration.c.id == registration_id).values(coming_at=now))


def of_participant(connection: Connection, participant_id: int) -> list[Registration]:
    """What a person is registered for or waits for, in order of arrival."""
    mine = select(*_COLUMNS).where(registration.c.participant_id == participant_id, _LIVE)
    return [_registration(row) for row in connection.execute(mine.order_by(registration.c.id))]


def former_of(connection: Connection, participant_id: int) -> list[Registration]:
    """The seats that somebody had for sure and has no more, in the order in which they came."""
    firm = (registration.c.registered_at.is_not(None), registration.c.ended_at.is_not(None))
    former = select(*_COLUMNS).where(registration.c.participant_id == participant_id, *firm)
    return [_registration(row) for row in connection.execute(former.order_by(registration.c.id))]


def at_meeting(connection: Connection, offer_id: str, meeting_id: int) -> list[Registration]:
    """The live registrations that a meeting concerns: for itself, or for its offer as a whole."""
    whose = or_(registration.c.meeting_id == meeting_id, registration.c.meeting_id.is_(None))
    found = select(*_COLUMNS).where(registration.c.offer_id == offer_id, whose, _LIVE)
    return [_registration(row) for row in connection.execute(found.order_by(registration.c.id))]


def concerned(connection: Connection) -> tuple[set[str], set[int]]:
    """The whole offers, and the meetings, that somebody is registered for or waits for."""
    rows = connection.execute(select(registration.c.offer_id, registration.c.meeting_id).where(_LIVE).distinct())
    found = [(offer_id, meeting_id) for offer_id, meeting_id in rows]
    offers = {offer_id for offer_id, meeting_id in found if meeting_id is None}
    return offers, {meeting_id for _, meeting_id in found if meeting_id is not None}


def all_of(connection: Connection, offer_id: str, meeting_id: int | None = None) -> list[Registration]:
    """Every registration of an offer, or of one of its meetings, ended ones included, in order of arrival.

    Without people whose data is only kept.
    """
    found = select(*_COLUMNS).where(registration.c.offer_id == offer_id)
    if meeting_id is not None:
        found = found.where(registration.c.meeting_id == meeting_id)
    every = [_registration(row) for row in connection.execute(found.order_by(registration.c.id))]
    locked = only_kept(connection, [one.participant_id for one in every if one.participant_id is not None])
    return [one for one in every if one.participant_id not in locked]


def offers(connection: Connection) -> list[str]:
    """The offers that somebody is or was registered for."""
    return list(connection.execute(select(registration.c.offer_id).distinct()).scalars())


def live_of(connection: Connection, offer_id: str) -> list[Registration]:
    """The live registrations of an offer, for all of it or one meeting, in order of arrival."""
    found = select(*_COLUMNS).where(registration.c.offer_id == offer_id, _LIVE).order_by(registration.c.id)
    return [_registration(row) for row in connection.execute(found)]


def targets(connection: Connection, offer_id: str) -> list[int]:
    """The meetings of an offer that somebody is registered for individually."""
    of = (registration.c.offer_id == offer_id, registration.c.meeting_id.is_not(None), _LIVE)
    return list(connection.execute(select(registration.c.meeting_id).where(*of).distinct()).scalars())


def remembered(connection: Connection) -> set[int]:
    """The meetings that somebody is or was registered for."""
    rows = connection.execute(
        select(registration.c.meeting_id).where(registration.c.meeting_id.is_not(None)).distinct()
    )
    return set(rows.scalars())


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many seats of a target are taken, and how many people wait."""

    taken: int
    waiting: int


def _numbers() -> Select[Any]:
    state = registration.c.state
    return (
        select(
            registration.c.offer_id,
            registration.c.meeting_id,
            func.count().filter(state.in_([one.value for one in TAKING])),
            func.count().filter(state == State.WAITING.value),
        )
        .where(_LIVE)
        .group_by(registration.c.offer_id, registration.c.meeting_id)
    )


def numbers(connection: Connection, offer_ids: Collection[str]) -> dict[Target, Numbers]:
    """Seats taken and people waiting, by target. Targets without anybody are left out."""
    rows = connection.execute(_numbers().where(registration.c.offer_id.in_(list(offer_ids))))
    return {Target(offer, meeting): Numbers(taken, waiting) for offer, meeting, taken, waiting in rows}


# A literal instead of a parameter, so that both databases see that the partial index holds the answer.
_QUEUED = literal_column("registration.state").in_([literal_column("'waiting'"), literal_column("'held'")])


_STIRRING = (
    select(registration.c.offer_id, registration.c.meeting_id)
    .where(
        _QUEUED,
        or_(
            registration.c.state == State.WAITING.value, registration.c.held_until <= bindparam("now", type_=UtcTime)
        ),
    )
    .distinct()
)
_NEXT_HOLD = select(func.min(registration.c.held_until)).where(_QUEUED, registration.c.state == State.HELD.value)


def stirring(connection: Connection, now: datetime) -> list[Target]:
    """Targets where somebody waits or a hold has run out."""
    return [Target(offer_id, meeting_id) for offer_id, meeting_id in connection.execute(_STIRRING, {"now": now})]


def next_meetings(connection: Connection, now: datetime, most: int) -> list[tuple[str, datetime]]:
    """The next meetings that somebody is registered for or waits for: the offer, and when each begins."""
    whose = or_(registration.c.meeting_id == meeting.c.id, registration.c.meeting_id.is_(None))
    somebody = exists().where(registration.c.offer_id == meeting.c.offer_id, whose, _LIVE)
    found = (
        select(meeting.c.offer_id, meeting.c.starts_at)
        .where(meeting.c.starts_at > now, meeting.c.cancelled_at.is_(None), somebody)
        .order_by(meeting.c.starts_at)
        .limit(most)
    )
    return [(offer_id, starts_at) for offer_id, starts_at in connection.execute(found)]


def next_hold(connection: Connection) -> datetime | None:
    """When the next hold runs out. None if no seat is held."""
    found: datetime | None = connection.execute(_NEXT_HOLD).scalar()
    return found
