"""Whose data a breach concerns: who is affected, how much of which data, and who has been told.

It is used on the command line, once in years, so it may look at everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, func, or_, select

from bot.db.people.persons import last_seen, own_language
from bot.db.rights.own_data import PARTS
from bot.db.schema import chat, delivery, participant, thread, thread_message

PAGE = 500
"""How many people are looked at, or planned for, at a time."""
TALKS, MESSAGES = "talk_messages", "messages"


def _classes() -> dict[str, Table]:
    """The classes of data by their names in /mydata. Each row of them says whose it is."""
    found = {one.name: one.table for one in PARTS if "participant_id" in one.table.c and one.name != "paper_codes"}
    return {**found, TALKS: thread_message}


CLASSES: Mapping[str, Table] = _classes()
"""Every class of data that belongs to a person by their id. Chat and settings belong to everybody."""


@dataclass(frozen=True, slots=True)
class Who:
    """Which people: each condition narrows it down. Without any, everybody.

    `people`: participants. `since`: active since then. `until`: had begun by then. `data`: has data of one of these
    classes.
    """

    people: frozenset[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Affected:
    """A person who is affected. `rows`: how many rows there are of each class."""

    participant_id: int
    chat_id: int
    name: str | None
    language: str | None
    created_at: datetime
    seen_at: datetime
    blocked: bool
    rows: Mapping[str, int] = field(default_factory=dict)


def affected(connection: Connection, who: Who) -> Iterator[Affected]:
    """Everybody who is affected, page by page in the order of their ids, with the rows of each class."""
    after = 0
    while found := _page(connection, who, after):
        counted = _counts(connection, [one.participant_id for one in found])
        for one in found:
            rows = {name: each[one.participant_id] for name, each in counted.items() if one.participant_id in each}
            yield replace(one, rows=rows)
        after = found[-1].participant_id


def how_many(connection: Connection, who: Who) -> int:
    """How many people are affected."""
    asked = select(func.count()).select_from(participant.join(chat)).where(*_conditions(who))
    return connection.execute(asked).scalar_one()


def numbers(connection: Connection, who: Who, after: int) -> list[tuple[int, int]]:
    """A page of them after the id `after`, as (participant, chat)."""
    asked = select(participant.c.id, participant.c.chat_id).select_from(participant.join(chat))
    page = asked.where(participant.c.id > after, *_conditions(who)).order_by(participant.c.id).limit(PAGE)
    return [(person, chat_id) for person, chat_id in connection.execute(page)]


def told(connection: Connection, causes: str) -> dict[str, int]:
    """How many deliveries whose cause begins like this are in each state."""
    asked = select(delivery.c.state, func.count()).where(delivery.c.cause.startswith(causes, autoescape=True))
    return {row[0]: row[1] for row in connection.execute(asked.group_by(delivery.c.state))}


def _page(connection: Connection, who: Who, after: int) -> Sequence[Affected]:
    asked = (
        select(
            participant.c.id.label("participant_id"),
            participant.c.chat_id,
            participant.c.name,
            own_language,
            participant.c.created_at,
            last_seen,
            chat.c.blocked_at.is_not(None).label("blocked"),
        )
        .select_from(participant.join(chat))
        .where(participant.c.id > after, *_conditions(who))
        .order_by(participant.c.id)
        .limit(PAGE)
    )
    return [Affected(*row) for row in connection.execute(asked)]


def _conditions(who: Who) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if who.people is not None:
        found.append(participant.c.id.in_(sorted(who.people)))
    if who.since is not None:
        found.append(last_seen >= who.since)
    if who.until is not None:
        found.append(participant.c.created_at <= who.until)
    if who.data:
        found.append(or_(*(participant.c.id.in_(_people_with(name)) for name in who.data)))
    return found


def _people_with(name: str) -> Select[int]:
    """The people who have rows of a class."""
    whose, rows = _rows_of(name)
    return select(whose).select_from(rows)


def _counts(connection: Connection, people: Sequence[int]) -> dict[str, dict[int, int]]:
    """How many rows there are of each class, by person."""
    found: dict[str, dict[int, int]] = {}
    for name in CLASSES:
        whose, rows = _rows_of(name)
        asked = select(whose, func.count()).select_from(rows).where(whose.in_(people)).group_by(whose)
        found[name] = {row[0]: row[1] for row in connection.execute(asked)}
    return found


def _rows_of(name: str) -> tuple[ColumnElement[int], FromClause]:
    """The rows of a class, and the column that says whose each is."""
    if name == TALKS:
        return thread.c.participant_id, thread.join(thread_message)
    if name == MESSAGES:  # a message to a chat of which only one person is known names nobody
        theirs = or_(delivery.c.participant_id.is_(None), delivery.c.participant_id == participant.c.id)
        return participant.c.id, participant.join(delivery, and_(delivery.c.chat_id == participant.c.chat_id, theirs))
    return CLASSES[name].c.participant_id, CLASSES[name]
