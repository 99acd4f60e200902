"""Meetings of offers: when and where each takes place now, whatever was planned first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update

from bot.core.seats import Span
from bot.db.schema import meeting

Identity = tuple[str, str]
"""An offer's id, and the local time for which a meeting of it was first planned."""
AT_ONCE = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it is now. `changed` names what staff changed, `sequence` counts the changes.

    `place` is set if it differs from the offer's place: name, address, map.
    """

    id: int
    offer_id: str
    original: str
    starts_at: datetime
    ends_at: datetime
    room: str
    place: Mapping[str, str] | None
    cancelled_at: datetime | None
    exceptional: bool
    changed: tuple[str, ...]
    sequence: int
    from_file: bool
    uid: str | None = None
    """Its UID in the calendar file it was read from."""

    @property
    def identity(self) -> Identity:
        """What identifies it, in the file and here."""
        return self.offer_id, self.original


_COLUMNS = tuple(meeting.c[name] for name in Meeting.__dataclass_fields__)
_CHANGED = list(Meeting.__dataclass_fields__).index("changed")


def _meeting(row: Sequence[Any]) -> Meeting:
    values = list(row)
    values[_CHANGED] = tuple(values[_CHANGED] or ())
    return Meeting(*values)


_LOAD = select(*_COLUMNS).where(meeting.c.id == bindparam("id"))


def load(connection: Connection, meeting_id: int) -> Meeting | None:
    """A meeting. None if there is none with that id."""
    row = connection.execute(_LOAD, {"id": meeting_id}).first()
    return None if row is None else _meeting(row)


def everything(connection: Connection) -> dict[Identity, Meeting]:
    """Every meeting, past ones included."""
    return {one.identity: one for one in map(_meeting, connection.execute(select(*_COLUMNS)))}


def named(connection: Connection, identities: Collection[Identity]) -> list[Meeting]:
    """The meetings with these identities, in order of time."""
    wanted = set(identities)
    offers = select(*_COLUMNS).where(meeting.c.offer_id.in_(sorted({offer_id for offer_id, _ in wanted})))
    found = map(_meeting, connection.execute(offers.order_by(meeting.c.starts_at, meeting.c.id)))
    return [one for one in found if one.identity in wanted]


def of_offers(connection: Connection, offer_ids: Collection[str], after: datetime) -> list[Meeting]:
    """The meetings of offers that are not over by then, in order of time, cancelled ones included."""
    found = select(*_COLUMNS).where(meeting.c.offer_id.in_(list(offer_ids)), meeting.c.ends_at > after)
    return [_meeting(row) for row in connection.execute(found.order_by(meeting.c.starts_at, meeting.c.id))]


def of_offer(connection: Connection, offer_id: str) -> list[Meeting]:
    """All meetings of an offer, in order of time, cancelled and past ones included."""
    found = select(*_COLUMNS).where(meeting.c.offer_id == offer_id).order_by(meeting.c.starts_at, meeting.c.id)
    return [_meeting(row) for row in connection.execute(found)]


def between(connection: Connection, start: datetime, end: datetime) -> list[Meeting]:
    """The meetings of all offers that begin in that period, in order of time, cancelled ones included."""
    found = select(*_COLUMNS).where(meeting.c.starts_at >= start, meeting.c.starts_at < end)
    return [_meeting(row) for row in connection.execute(found.order_by(meeting.c.starts_at, meeting.c.id))]


def before(connection: Connection, one: Meeting) -> Meeting | None:
    """The last meeting of the same offer that took place before this one."""
    earlier = (
        select(*_COLUMNS)
        .where(
            meeting.c.offer_id == one.offer_id,
            meeting.c.starts_at < one.starts_at,
            meeting.c.cancelled_at.is_(None),
        )
        .order_by(meeting.c.starts_at.desc())
        .limit(1)
    )
    row = connection.execute(earlier).first()
    return None if row is None else _meeting(row)


_SPAN = select(func.min(meeting.c.starts_at), func.max(meeting.c.ends_at)).where(
    meeting.c.offer_id == bindparam("offer_id"), meeting.c.cancelled_at.is_(None)
)
_SPAN_OF_ONE = _SPAN.where(meeting.c.id == bindparam("meeting_id"))


def span(connection: Connection, offer_id: str, meeting_id: int | None) -> Span | None:
    """When an offer, or one of its meetings, begins and ends. None if nothing takes place."""
    asked = {"offer_id": offer_id, "meeting_id": meeting_id}
    first, end = connection.execute(_SPAN if meeting_id is None else _SPAN_OF_ONE, asked).one()
    return None if first is None else Span(first, end)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds meetings, given as columns."""
    if rows:
        connection.execute(insert(meeting), list(rows))


def create(connection: Connection, row: Mapping[str, Any]) -> Meeting:
    """Adds one meeting."""
    return _meeting(connection.execute(insert(meeting).returning(*_COLUMNS), dict(row)).one())


_WRITE = (
    update(meeting)
    .where(meeting.c.id == bindparam("key"))
    .values(
        {
            name: bindparam(f"new_{name}", type_=meeting.c[name].type)
            for name in (
                *("starts_at", "ends_at", "room", "place", "cancelled_at"),
                *("exceptional", "changed", "sequence", "from_file", "updated_at"),
            )
        }
    )
)


def write(connection: Connection, changed: Iterable[Meeting], now: datetime) -> None:
    """Updates the rows of these meetings."""
    rows = [
        {
            "key": one.id,
            "new_starts_at": one.starts_at,
            "new_ends_at": one.ends_at,
            "new_room": one.room,
            "new_place": None if one.place is None else dict(one.place),
            "new_cancelled_at": one.cancelled_at,
            "new_exceptional": one.exceptional,
            "new_changed": list(one.changed) or None,
            "new_sequence": one.sequence,
            "new_from_file": one.from_file,
            "new_updated_at": now,
        }
        for one in changed
    ]
    if rows:
        connection.execute(_WRITE, rows)


def name(connection: Connection, meeting_id: int, uid: str) -> None:
    """Sets the UID by which a calendar file knows a meeting."""
    connection.execute(update(meeting).where(meeting.c.id == meeting_id).values(uid=uid))


def remove(connection: Connection, meeting_ids: Sequence[int]) -> None:
    """Deletes meetings that nobody was ever registered for or told about."""
    for start in range(0, len(meeting_ids), AT_ONCE):
        connection.execute(delete(meeting).where(meeting.c.id.in_(meeting_ids[start : start + AT_ONCE])))


def is_named(connection: Connection, identity: Identity) -> bool:
    """Whether a meeting with that identity exists."""
    offer_id, original = identity
    named = select(literal(1)).where(meeting.c.offer_id == offer_id, meeting.c.original == original)
    return connection.execute(named).first() is not None
