"""People who are interested in an opening, or in what a broadcast offers, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, literal_column, select, update

from bot.core.broadcasts import UNDECIDED, Interest, Subject
from bot.db.people.persons import only_kept
from bot.db.schema import interest, participant


@dataclass(frozen=True, slots=True)
class Interested:
    """One person's interest. `partner`: whom they agreed to be told. None: only the team.

    `agreed`: the version of the text they agreed to, or the member who noted it (`phone 7`, `team 7`).
    """

    id: int
    participant_id: int
    subject: Subject
    partner: str | None
    state: Interest
    since: datetime
    agreed: str = ""


_COLUMNS = tuple(
    interest.c[name]
    for name in ("id", "participant_id", "offer_id", "broadcast_id", "partner", "state", "since", "text_version")
)


def _about(subject: Subject) -> ColumnElement[bool]:
    if subject.opening is not None:
        return interest.c.offer_id == subject.opening
    return interest.c.broadcast_id == subject.broadcast


def of_person(connection: Connection, participant_id: int, subject: Subject) -> Interested | None:
    """A person's interest in one thing, withdrawn or not."""
    mine = select(*_COLUMNS).where(interest.c.participant_id == participant_id, _about(subject))
    row = connection.execute(mine).first()
    return None if row is None else _interested(row)


def all_of_person(connection: Connection, participant_id: int) -> list[Interested]:
    """Everything that a person is interested in, the newest first."""
    mine = (
        select(*_COLUMNS)
        .where(interest.c.participant_id == participant_id, interest.c.state != Interest.WITHDRAWN.value)
        .order_by(interest.c.id.desc())
    )
    return [_interested(row) for row in connection.execute(mine)]


def load(connection: Connection, number: int) -> Interested | None:
    """One interest by its id."""
    row = connection.execute(select(*_COLUMNS).where(interest.c.id == number)).first()
    return None if row is None else _interested(row)


def in_subject(connection: Connection, subject: Subject) -> list[Interested]:
    """The interested people, in order. Without those who took it back, or whose data is only kept."""
    found = (
        select(*_COLUMNS)
        .where(_about(subject), interest.c.state != Interest.WITHDRAWN.value)
        .order_by(interest.c.since, interest.c.id)
    )
    every = [_interested(row) for row in connection.execute(found)]
    locked = only_kept(connection, [one.participant_id for one in every])
    return [one for one in every if one.participant_id not in locked]


def subjects(connection: Connection) -> list[Subject]:
    """Everything that somebody is interested in: openings first, then what messages offer."""
    found = (
        select(interest.c.offer_id, interest.c.broadcast_id)
        .where(interest.c.state != Interest.WITHDRAWN.value)
        .distinct()
    )
    every = [Subject(opening, broadcast) for opening, broadcast in connection.execute(found)]
    return sorted(every, key=lambda one: (one.opening is None, one.opening or "", one.broadcast or 0))


def changes(connection: Connection, subject: Subject) -> dict[int, datetime]:
    """When each interest last changed, by its id."""
    rows = connection.execute(select(interest.c.id, interest.c.changed_at).where(_about(subject)))
    return {row[0]: row[1] for row in rows}


def numbers(connection: Connection, openings: Collection[str]) -> dict[str, int]:
    """How many people are interested in each of these openings."""
    rows = connection.execute(
        select(interest.c.offer_id, func.count())
        .where(interest.c.offer_id.in_(openings), interest.c.state != Interest.WITHDRAWN.value)
        .group_by(interest.c.offer_id)
    )
    return {row[0]: row[1] for row in rows}


def give(connection: Connection, one: Interested, language: str, text_version: str) -> None:
    """Adds an interest, or renews a withdrawn one, with the text that the person agreed to."""
    row: dict[str, Any] = {
        "partner": one.partner,
        "language": language,
        "text_version": text_version,
        "state": one.state.value,
        "since": one.since,
        "changed_at": one.since,
        "changed_by": None,
        "nudged_at": None,
        "told_at": None,
    }
    same = update(interest).where(interest.c.participant_id == one.participant_id, _about(one.subject))
    if not connection.execute(same.values(row)).rowcount:
        about = {"offer_id": one.subject.opening, "broadcast_id": one.subject.broadcast}
        connection.execute(insert(interest).values(participant_id=one.participant_id, **about, **row))


def share(connection: Connection, number: int, partner: str, language: str, text_version: str, now: datetime) -> None:
    """A person who told only the team agrees, now and to this text, that a partner is told too."""
    agreed = {"partner": partner, "language": language, "text_version": text_version, "since": now}
    row = {**agreed, "changed_at": now, "told_at": None}
    connection.execute(update(interest).where(interest.c.id == number).values(row))


def change(connection: Connection, number: int, state: Interest, by: int | None, now: datetime) -> None:
    """Changes what became of an interest. `by` None: the person themselves."""
    row = {"state": state.value, "changed_at": now, "changed_by": by}
    connection.execute(update(interest).where(interest.c.id == number).values(row))


def withdraw_from_partners(connection: Connection, participant_id: int, now: datetime) -> None:
    """Withdraws every interest of a person that a partner may be told about."""
    told = (interest.c.participant_id == participant_id, interest.c.partner.is_not(None))
    row = {"state": Interest.WITHDRAWN.value, "changed_at": now, "changed_by": None}
    connection.execute(update(interest).where(*told, interest.c.state != Interest.WITHDRAWN.value).values(row))


def forgotten(connection: Connection, before: datetime) -> Sequence[Subject]:
    """Subjects with people who have waited for a call since then, if the team was not told about them yet."""
    # A literal instead of a parameter, so that both databases see that the partial index holds the answer.
    waiting = (
        interest.c.state == literal_column("'open'"),
        interest.c.since < before,
        interest.c.nudged_at.is_(None),
    )
    rows = connection.execute(select(interest.c.offer_id, interest.c.broadcast_id).where(*waiting).distinct())
    return [Subject(*row) for row in rows]


def forget_old(connection: Connection, before: datetime) -> int:
    """Deletes interests that have not changed since then. Returns how many."""
    return connection.execute(delete(interest).where(interest.c.changed_at < before)).rowcount


def nudged(connection: Connection, subject: Subject, before: datetime, now: datetime) -> None:
    """Notes that the team was told about the people who wait since then."""
    waiting = (_about(subject), interest.c.state == Interest.OPEN.value, interest.c.since < before)
    connection.execute(update(interest).where(*waiting).values(nudged_at=now))


def _interested(row: Row[Any]) -> Interested:
    subject = Subject(row.offer_id, row.broadcast_id)
    return Interested(
        row.id, row.participant_id, subject, row.partner, Interest(row.state), row.since, row.text_version
    )


def waiting(connection: Connection, subject: Subject) -> list[tuple[int, int]]:
    """The people who wait for a result, called or not, each with their chat."""
    rows = connection.execute(
        select(participant.c.id, participant.c.chat_id)
        .join_from(interest, participant, interest.c.participant_id == participant.c.id)
        .where(_about(subject), interest.c.state.in_([state.value for state in UNDECIDED]))
        .order_by(participant.c.id)
    )
    return [(row.id, row.chat_id) for row in rows]
