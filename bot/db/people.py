"""People, page by page, with what the rules about them look at: for messages that hang on no seat of theirs.

A page costs the same few queries however many people are on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select

from bot.core.seats import State as Seat
from bot.db.deliveries import INSERT, PLANNED, Planned, State
from bot.db.schema import chat, consent, delivery, participant, registration, unwanted_offer


@dataclass(frozen=True, slots=True)
class Held:
    """A registration of a person, also one that has ended."""

    id: int
    offer_id: str
    meeting_id: int | None
    state: Seat


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery to a person, also one that is only planned or was skipped."""

    cause: str
    text_key: str
    state: State
    reason: str | None
    due_at: datetime
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A participant who has not blocked us. `purposes` are what they agree to, `unwanted` offers they do not want."""

    id: int
    chat_id: int
    quiet: str | None
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
        participant.c.muted,
        participant.c.finished_at,
        chat.c.screen,
        participant.c.more,
        participant.c.offered,
    )
    .join_from(participant, chat)
    .where(chat.c.blocked_at.is_(None))
    .order_by(participant.c.id)
)


def page(connection: Connection, after: int, most: int, text_keys: Collection[str]) -> list[Person]:
    """The next people behind a participant's number, with what they were told under these texts."""
    return _with_all(connection, _PEOPLE.where(participant.c.id > after).limit(most), text_keys)


def of_chat(connection: Connection, chat_id: int, text_keys: Collection[str]) -> list[Person]:
    """The people of one chat."""
    return _with_all(connection, _PEOPLE.where(participant.c.chat_id == chat_id), text_keys)


def _with_all(connection: Connection, found: Any, text_keys: Collection[str]) -> list[Person]:  # noqa: ANN401 - a select
    rows = connection.execute(found).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    agreed: defaultdict[int, set[str]] = defaultdict(set)
    given = select(consent.c.participant_id, consent.c.purpose)
    for key, purpose in connection.execute(
        given.where(consent.c.participant_id.in_(ids), consent.c.withdrawn_at.is_(None))
    ):
        agreed[key].add(purpose)
    held, told, unwanted = seats(connection, ids), _told(connection, ids, text_keys), not_wanted(connection, ids)
    return [
        Person(
            row.id,
            row.chat_id,
            row.quiet,
            frozenset(row.muted or ()),
            row.finished_at,
            row.screen,
            row.more,
            row.offered or {},
            frozenset(agreed[row.id]),
            unwanted.get(row.id, frozenset()),
            tuple(held.get(row.id, ())),
            tuple(told.get(row.id, ())),
        )
        for row in rows
    ]


def seats(connection: Connection, people: Collection[int]) -> dict[int, list[Held]]:
    """Every registration these people have or had, by participant."""
    found: defaultdict[int, list[Held]] = defaultdict(list)
    columns = (registration.c.id, registration.c.offer_id, registration.c.meeting_id, registration.c.state)
    mine = select(registration.c.participant_id, *columns).where(registration.c.participant_id.in_(list(people)))
    for person, key, offer_id, meeting_id, state in connection.execute(mine.order_by(registration.c.id)):
        found[person].append(Held(key, offer_id, meeting_id, Seat(state)))
    return found


def not_wanted(connection: Connection, people: Collection[int]) -> dict[int, frozenset[str]]:
    """The offers these people want to hear no more of, by participant."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    mine = select(unwanted_offer.c.participant_id, unwanted_offer.c.offer_id)
    for person, offer_id in connection.execute(mine.where(unwanted_offer.c.participant_id.in_(list(people)))):
        found[person].add(offer_id)
    return {person: frozenset(offers) for person, offers in found.items()}


def want_no_more(connection: Connection, participant_id: int, offer_id: str, now: datetime) -> None:
    """The person wants to hear no more of an offer; who has said so already says nothing new."""
    if offer_id not in not_wanted(connection, [participant_id]).get(participant_id, frozenset()):
        connection.execute(
            insert(unwanted_offer), {"participant_id": participant_id, "offer_id": offer_id, "since": now}
        )


def _told(connection: Connection, people: Collection[int], text_keys: Collection[str]) -> dict[int, list[Told]]:
    found: defaultdict[int, list[Told]] = defaultdict(list)
    names = ("cause", "text_key", "state", "reason", "due_at", "params")
    mine = select(delivery.c.participant_id, *(delivery.c[name] for name in names)).where(
        delivery.c.participant_id.in_(list(people)), delivery.c.text_key.in_(list(text_keys))
    )
    for person, cause, text_key, state, reason, due_at, params in connection.execute(mine.order_by(delivery.c.id)):
        found[person].append(Told(cause, text_key, State(state), reason, due_at, params or {}))
    return found


_FRESH = ("due_at", "next_at", "last_useful_at", "state", "reason", "params", "topic", "urgent", "meeting_id")


def plan(connection: Connection, planned: Sequence[tuple[int, Planned]]) -> None:
    """Plan deliveries, each with its chat, in one statement; one that was skipped is planned anew.

    What somebody has muted stays so.
    """
    if not planned:
        return
    statement = INSERT[connection.dialect.name](delivery)
    again = and_(delivery.c.state == State.SKIPPED.value, func.coalesce(delivery.c.reason, "") != "muted")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["cause", "chat_id"],
            set_={name: statement.excluded[name] for name in _FRESH},
            where=again,
        ),
        [{"chat_id": chat_id, "reason": None, **one.row()} for chat_id, one in planned],
    )
    connection.info[PLANNED] = True
