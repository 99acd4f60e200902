"""People, page by page, with what the rules about them need: for messages that are not about a seat of theirs.

A page costs the same few queries, however many people are on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, select

from bot.core.seats import State as Seat
from bot.db.outbox.deliveries import PLANNED, Planned, State
from bot.db.people.participants import Hours
from bot.db.people.persons import own_screen
from bot.db.schema import chat, consent, delivery, participant, registration, unwanted_offer
from bot.db.upsert import insert_of

if TYPE_CHECKING:
    from bot.db.upsert import Insert


@dataclass(frozen=True, slots=True)
class Held:
    """A registration of a person, ended ones included."""

    id: int
    offer_id: str
    meeting_id: int | None
    state: Seat


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery to a person, planned and skipped ones included."""

    cause: str
    text_key: str
    state: State
    reason: str | None
    due_at: datetime
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A participant who has not blocked us, and whose data is not only kept.

    `purposes`: what they agree to. `unwanted`: offers they do not want.
    """

    id: int
    chat_id: int
    hours: Hours
    muted: frozenset[str]
    finished_at: datetime | None
    screen: str
    more: bool
    offered: Mapping[str, str]
    purposes: frozenset[str]
    unwanted: frozenset[str]
    seats: tuple[Held, ...]
    told: tuple[Told, ...]


_PEOPLE = (
    select(
        participant.c.id,
        participant.c.chat_id,
        participant.c.quiet,
        participant.c.zone,
        participant.c.muted,
        participant.c.finished_at,
        own_screen,
        participant.c.more,
        participant.c.offered,
    )
    .join_from(participant, chat)
    .where(chat.c.blocked_at.is_(None), participant.c.restricted_at.is_(None))
    .order_by(participant.c.id)
)
_PAGE = _PEOPLE.where(participant.c.id > bindparam("after")).limit(bindparam("most"))
_OF_CHAT = _PEOPLE.where(participant.c.chat_id == bindparam("chat_id"))


def page(connection: Connection, after: int, most: int, text_keys: Collection[str]) -> list[Person]:
    """The next people after a participant's id, with what they were told under these texts."""
    return _with_all(connection, connection.execute(_PAGE, {"after": after, "most": most}).all(), text_keys)


def of_chat(connection: Connection, chat_id: int, text_keys: Collection[str]) -> list[Person]:
    """The people of one chat."""
    return _with_all(connection, connection.execute(_OF_CHAT, {"chat_id": chat_id}).all(), text_keys)


def _between(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.between(bindparam("first"), bindparam("last"))


_AGREED = select(consent.c.participant_id, consent.c.purpose).where(
    _between(consent.c.participant_id), consent.c.withdrawn_at.is_(None)
)
_SEATS = (
    select(
        registration.c.participant_id,
        registration.c.id,
        registration.c.offer_id,
        registration.c.meeting_id,
        registration.c.state,
    )
    .where(_between(registration.c.participant_id))
    .order_by(registration.c.id)
)
_UNWANTED = select(unwanted_offer.c.participant_id, unwanted_offer.c.offer_id).where(
    _between(unwanted_offer.c.participant_id)
)
_TOLD = (
    select(
        delivery.c.participant_id,
        delivery.c.cause,
        delivery.c.text_key,
        delivery.c.state,
        delivery.c.reason,
        delivery.c.due_at,
        delivery.c.params,
    )
    .where(_between(delivery.c.participant_id), delivery.c.text_key.in_(bindparam("keys", expanding=True)))
    .order_by(delivery.c.id)
)


def _with_all(connection: Connection, found: Sequence[Any], text_keys: Collection[str]) -> list[Person]:
    """People by id, with their rows. Rows between the first and last id belong to them or to people who block us."""
    if not found:
        return []
    bounds = {"first": found[0].id, "last": found[-1].id}
    agreed: defaultdict[int, set[str]] = defaultdict(set)
    for key, purpose in connection.execute(_AGREED, bounds):
        agreed[key].add(purpose)
    told: defaultdict[int, list[Told]] = defaultdict(list)
    for key, cause, text_key, state, reason, due_at, params in connection.execute(
        _TOLD, bounds | {"keys": list(text_keys)}
    ):
        told[key].append(Told(cause, text_key, State(state), reason, due_at, params or {}))
    held, unwanted = _seats(connection, bounds), _not_wanted(connection, bounds)
    return [
        Person(
            row.id,
            row.chat_id,
            Hours(row.quiet, row.zone),
            frozenset(row.muted or ()),
            row.finished_at,
            row.screen,
            row.more,
            row.offered or {},
            frozenset(agreed[row.id]),
            frozenset(unwanted[row.id]),
            tuple(held[row.id]),
            tuple(told[row.id]),
        )
        for row in found
    ]


def _seats(connection: Connection, bounds: Mapping[str, int]) -> defaultdict[int, list[Held]]:
    held: defaultdict[int, list[Held]] = defaultdict(list)
    for person, key, offer_id, meeting_id, state in connection.execute(_SEATS, bounds):
        held[person].append(Held(key, offer_id, meeting_id, Seat(state)))
    return held


def _not_wanted(connection: Connection, bounds: Mapping[str, int]) -> defaultdict[int, set[str]]:
    unwanted: defaultdict[int, set[str]] = defaultdict(set)
    for person, offer_id in connection.execute(_UNWANTED, bounds):
        unwanted[person].add(offer_id)
    return unwanted


def seats(connection: Connection, participant_id: int) -> list[Held]:
    """Every registration that a person has or had."""
    return _seats(connection, {"first": participant_id, "last": participant_id})[participant_id]


def not_wanted(connection: Connection, participant_id: int) -> set[str]:
    """The offers that a person no longer wants to be told about."""
    return _not_wanted(connection, {"first": participant_id, "last": participant_id})[participant_id]


def unwanted(
    connection: Connection, participants: Collection[int], offers: Collection[str]
) -> frozenset[tuple[int, str]]:
    """Which of these people no longer want to be told about which of these offers, as (participant, offer)."""
    columns = (unwanted_offer.c.participant_id, unwanted_offer.c.offer_id)
    rows = connection.execute(select(*columns).where(columns[0].in_(participants), columns[1].in_(offers)))
    return frozenset((person, offer_id) for person, offer_id in rows)


def want_no_more(connection: Connection, participant_id: int, offer_id: str, now: datetime) -> None:
    """Notes that the person no longer wants to be told about an offer. A second time changes nothing."""
    if offer_id not in not_wanted(connection, participant_id):
        connection.execute(
            insert(unwanted_offer), {"participant_id": participant_id, "offer_id": offer_id, "since": now}
        )


_FRESH = ("due_at", "next_at", "last_useful_at", "state", "reason", "params", "topic", "urgent", "meeting_id")
_SKIPPED = and_(delivery.c.state == State.SKIPPED.value, func.coalesce(delivery.c.reason, "") != "muted")


@cache
def _upsert(dialect: str) -> Insert:
    statement = insert_of(dialect, delivery)
    fresh = {name: statement.excluded[name] for name in _FRESH}
    return statement.on_conflict_do_update(index_elements=["cause", "chat_id"], set_=fresh, where=_SKIPPED)


def plan(connection: Connection, planned: Sequence[tuple[int, Planned]]) -> None:
    """Plans deliveries, each with its chat, in one statement. One that was skipped is planned again.

    What a person has muted stays skipped.
    """
    if planned:
        rows = [{"chat_id": chat_id, "reason": None, **one.row()} for chat_id, one in planned]
        connection.execute(_upsert(connection.dialect.name), rows)
        connection.info[PLANNED] = True
