"""Deliveries to everybody with a seat. Single statements plan and change them, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)

from bot.core.seats import State as Seat
from bot.db.offers.registrations import Target
from bot.db.outbox.deliveries import PLANNED, Due, Planned, State
from bot.db.people.participants import Hours
from bot.db.people.persons import last_seen
from bot.db.schema import chat, delivery, participant, registration
from bot.db.upsert import insert_into

_SKIPPED = (State.SKIPPED.value,)
_OPEN = (State.PLANNED.value, *_SKIPPED)
"""States of a delivery that may be planned again."""


def hours(connection: Connection, target: Target, states: Collection[Seat]) -> list[Hours]:
    """The different quiet hours and zones of the people whose registrations for the target are in these states."""
    found = select(participant.c.quiet, participant.c.zone).select_from(_people(target, states)).distinct()
    return [Hours(*row) for row in connection.execute(found.where(_stands(target, states)))]


def plan(
    connection: Connection,
    planned: Planned,
    target: Target,
    states: Collection[Seat],
    *,
    hours: Hours,
    registered_by: datetime | None = None,
    skipped: str | None = None,
    only: int | None = None,
    unless: str | None = None,
) -> None:
    """Plans a delivery for everybody whose registration for the target is in these states and who has these hours.

    The registration's id makes the cause unique. A delivery that was planned or skipped under that cause is planned
    again; one that was sent stays. For people who registered after `registered_by` it is skipped. `skipped`: it is
    skipped with this reason for everybody who does not have it planned already. `only`: only this registration.
    `unless`: nobody who has a delivery planned whose cause begins like this.
    """
    late = false() if registered_by is None else registration.c.registered_at > registered_by
    own = {
        "cause": literal(planned.cause + ":", String) + cast(registration.c.id, String),
        "chat_id": participant.c.chat_id,
        "participant_id": participant.c.id,
        "registration_id": registration.c.id,
        "state": case((late, State.SKIPPED.value), else_=(State.SKIPPED if skipped else State.PLANNED).value),
        "reason": case((late, "registered_late"), else_=literal(skipped, String)),
    }
    columns = _literals(planned.row()) | own
    found = (
        select(*columns.values()).select_from(_people(target, states)).where(_stands(target, states), _keeps(hours))
    )
    if only is not None:
        found = found.where(registration.c.id == only)
    if unless is not None:
        # One query for all. With a query for each person, PostgreSQL (which has no statistics of new rows yet) would
        # read all of them each time.
        told = select(delivery.c.registration_id).where(
            delivery.c.meeting_id == planned.meeting_id, delivery.c.registration_id.is_not(None), _begins(unless)
        )
        found = found.where(registration.c.id.not_in(told))
    _write(connection, list(columns), found, _OPEN if skipped is None else _SKIPPED)


def plan_again(connection: Connection, planned: Planned, beginning: str, *, hours: Hours) -> None:
    """Gives planned deliveries whose cause begins like this another time, for people with these hours."""
    theirs = exists().where(participant.c.id == delivery.c.participant_id, _keeps(hours))
    fresh = {name: planned.row()[name] for name in ("due_at", "next_at", "last_useful_at", "urgent")}
    connection.execute(
        update(delivery).where(delivery.c.meeting_id == planned.meeting_id, _begins(beginning), theirs).values(fresh)
    )


def _keeps(hours: Hours) -> ColumnElement[bool]:
    """A participant with these hours."""
    return and_(
        participant.c.quiet.is_not_distinct_from(hours.quiet), participant.c.zone.is_not_distinct_from(hours.zone)
    )


def _begins(cause: str) -> ColumnElement[bool]:
    """Planned, with a cause that begins like this."""
    return and_(delivery.c.state == State.PLANNED.value, delivery.c.cause.startswith(cause, autoescape=True))


def _literals(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: literal(value, delivery.c[name].type).label(name) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A person who stopped in the middle of the questionnaire."""

    id: int
    chat_id: int
    hours: Hours
    seen_at: datetime


def unfinished(connection: Connection, text_key: str, before: datetime, most: int) -> list[Unfinished]:
    """People who were last active before that, have not finished, and have no delivery of this text.

    A delivery that was skipped because they came back does not count.
    """
    known = exists().where(
        delivery.c.participant_id == participant.c.id,
        delivery.c.text_key == text_key,
        func.coalesce(delivery.c.reason, "") != "came_back",
    )
    rows = connection.execute(
        select(participant.c.id, participant.c.chat_id, participant.c.quiet, participant.c.zone, last_seen)
        .join_from(participant, chat)
        .where(participant.c.finished_at.is_(None), chat.c.blocked_at.is_(None), last_seen < before, ~known)
        .order_by(participant.c.id)
        .limit(most)
    )
    return [Unfinished(key, chat_id, Hours(quiet, zone), seen_at) for key, chat_id, quiet, zone, seen_at in rows]


def plan_one(connection: Connection, chat_id: int, planned: Planned, *, skipped: str | None = None) -> None:
    """Plans a delivery for one chat. One that was skipped is planned again. `skipped`: skipped for this reason."""
    state = State.PLANNED if skipped is None else State.SKIPPED
    values = planned.row() | {"chat_id": chat_id, "state": state.value, "reason": skipped}
    found = select(*_literals(values).values()).where(true())
    _write(connection, list(values), found, _OPEN)


def _write(connection: Connection, names: list[str], found: Select[Any], states: Collection[str]) -> None:
    """Writes deliveries. Existing ones in these states are overwritten."""
    statement = insert_into(connection, delivery).from_select(names, found)
    fresh = ("due_at", "next_at", "last_useful_at", "state", "reason", "text_key", "params", "urgent", "topic")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["cause", "chat_id"],
            set_={name: statement.excluded[name] for name in fresh},
            where=and_(delivery.c.state.in_(states), func.coalesce(delivery.c.reason, "") != "muted"),
        )
    )
    connection.info[PLANNED] = True


def _people(target: Target, states: Collection[Seat]) -> Any:  # noqa: ANN401 - a join
    del target, states
    return registration.join(participant, registration.c.participant_id == participant.c.id)


def _stands(target: Target, states: Collection[Seat]) -> Any:  # noqa: ANN401 - a condition
    return and_(
        registration.c.offer_id == target.offer_id,
        registration.c.meeting_id.is_not_distinct_from(target.meeting_id),
        registration.c.state.in_([one.value for one in states]),
    )


def skip(
    connection: Connection, reason: str, *, prefix: str, meeting_id: int | None = None, only: int | None = None
) -> None:
    """Skips planned deliveries with such a text: about a meeting, or for one registration."""
    found = update(delivery).where(
        delivery.c.state == State.PLANNED.value, delivery.c.text_key.startswith(prefix, autoescape=True)
    )
    if meeting_id is not None:
        found = found.where(delivery.c.meeting_id == meeting_id)
    if only is not None:
        found = found.where(delivery.c.registration_id == only)
    connection.execute(found.values(state=State.SKIPPED.value, reason=reason))


def spoken_of(connection: Connection, meeting_ids: Collection[int], texts: Collection[str]) -> list[int]:
    """The meetings about which messages with these texts (their beginnings) stand in chats."""
    found = (
        select(delivery.c.meeting_id).distinct().where(delivery.c.meeting_id.in_(list(meeting_ids)), _stand(texts))
    )
    return sorted(connection.scalars(found))


def correct(connection: Connection, meeting_id: int, texts: Collection[str], planned: Planned) -> None:
    """Plans a change of every message about a meeting in a chat, if its text begins like one of these.

    A planned change stays as it is. A message that was changed before is changed again. `params` keeps what was known
    about the meeting when the message was sent.

    Two statements without a join: PostgreSQL has no statistics of new rows yet, and would read all of them for each
    message.
    """
    changes = and_(delivery.c.meeting_id == meeting_id, delivery.c.text_key == planned.text_key)
    known = select(delivery.c.chat_id, delivery.c.edits).where(changes, delivery.c.edits.is_not(None))
    fresh = and_(
        delivery.c.meeting_id == meeting_id,
        _stand(texts),
        tuple_(delivery.c.chat_id, delivery.c.message_id).not_in(known),
    )
    waits = func.max(case((delivery.c.state == State.PLANNED.value, 1), else_=0))
    by_message = select(func.min(delivery.c.id)).where(changes).group_by(delivery.c.chat_id, delivery.c.edits)
    _change(connection, planned, delivery.c.id.in_(by_message.having(waits == 0)), again=True)
    _change(connection, planned, fresh, again=False)


def _change(connection: Connection, planned: Planned, found: ColumnElement[bool], *, again: bool) -> None:
    """Plans a change of each found message: a new delivery, or (`again`) its first change once more."""
    columns = _literals(planned.row()) | {
        "cause": literal(f"{planned.cause}:{'again' if again else 'first'}:", String) + cast(delivery.c.id, String),
        "chat_id": delivery.c.chat_id,
        "participant_id": delivery.c.participant_id,
        "registration_id": delivery.c.registration_id,
        "meeting_id": delivery.c.meeting_id,
        "edits": delivery.c.edits if again else delivery.c.message_id,
    }
    columns |= {"params": delivery.c.params} if again else {}
    _write(connection, list(columns), select(*columns.values()).where(found), _SKIPPED)


def changed_before(connection: Connection, one: Due) -> bool:
    """Whether another delivery has already changed the same message."""
    others = select(delivery.c.id).where(
        delivery.c.chat_id == one.chat_id,
        delivery.c.edits == one.edits,
        delivery.c.state == State.SENT.value,
        delivery.c.id != one.id,
    )
    return connection.execute(others.limit(1)).first() is not None


def _stand(texts: Collection[str]) -> ColumnElement[bool]:
    """A message that stands in its chat, with a text that begins like one of these."""
    return and_(
        delivery.c.state == State.SENT.value,
        delivery.c.message_id.is_not(None),
        delivery.c.edits.is_(None),
        or_(*(delivery.c.text_key.startswith(one, autoescape=True) for one in texts)),
    )
