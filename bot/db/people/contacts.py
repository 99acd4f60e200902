"""Contacts between the town and a participant: messages, seats, meetings they came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select

from bot.db.people.persons import last_seen, own_language
from bot.db.schema import attendance, chat, delivery, meeting, participant, registration


@dataclass(frozen=True, slots=True)
class Contact:
    """Something that happened, and the offer that it was about, if any.

    A message is `sent_<kind>`, a change of a seat `seat_<state>`, a meeting they were expected at `came_<state>`.
    """

    at: datetime
    what: str
    offer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A participant's standing: when they came, finished and were last seen, and whether they can be reached."""

    language: str | None
    source: str | None
    created_at: datetime
    finished_at: datetime | None
    seen_at: datetime
    blocked: bool
    chat_id: int
    moved_at: datetime | None
    on_phone: int
    """How many people share the phone, this one included."""
    restricted_at: datetime | None
    """Since when their data is only kept."""


def standing(connection: Connection, participant_id: int) -> Standing | None:
    """The standing of one participant. None if there is no such participant."""
    others = participant.alias("others")
    shared = select(func.count()).where(others.c.chat_id == participant.c.chat_id).scalar_subquery()
    columns = (
        *(own_language, chat.c.source, participant.c.created_at, participant.c.finished_at, last_seen),
        *(chat.c.blocked_at.is_not(None), chat.c.id, participant.c.moved_at, shared),
        participant.c.restricted_at,
    )
    row = connection.execute(
        select(*columns).join_from(participant, chat).where(participant.c.id == participant_id)
    ).first()
    return None if row is None else Standing(*row)


def of_person(connection: Connection, participant_id: int) -> list[Contact]:
    """All contacts, the newest first. Never what was said, only that it was and when."""
    found = [
        Contact(at, what, offer_id)
        for wanted in (_sent(participant_id), *_seats(participant_id), _attended(participant_id))
        for at, what, offer_id in connection.execute(wanted)
        if at is not None
    ]
    return sorted(found, key=lambda one: (one.at, one.what), reverse=True)


def attended(connection: Connection, participant_id: int) -> dict[str, int]:
    """How often they were present, excused and absent."""
    rows = connection.execute(
        select(attendance.c.state, func.count())
        .join_from(attendance, registration)
        .where(registration.c.participant_id == participant_id)
        .group_by(attendance.c.state)
    )
    return {row[0]: row[1] for row in rows}


def _sent(person: int) -> Select[Any]:
    about = func.coalesce(registration.c.offer_id, meeting.c.offer_id)
    return (
        select(delivery.c.sent_at, literal("sent_") + delivery.c.kind, about)
        .select_from(
            delivery.outerjoin(registration, registration.c.id == delivery.c.registration_id).outerjoin(
                meeting, meeting.c.id == delivery.c.meeting_id
            )
        )
        .where(delivery.c.participant_id == person, delivery.c.sent_at.is_not(None), delivery.c.edits.is_(None))
    )


def _seats(person: int) -> tuple[Select[Any], ...]:
    columns = registration.c
    mine = columns.participant_id == person
    asked = select(columns.queued_at, literal("seat_asked"), columns.offer_id).where(mine)
    firm = select(columns.registered_at, literal("seat_registered"), columns.offer_id).where(mine)
    ended = select(columns.ended_at, literal("seat_") + columns.state, columns.offer_id)
    return asked, firm, ended.where(mine, columns.ended_at.is_not(None))


def _attended(person: int) -> Select[Any]:
    return (
        select(meeting.c.starts_at, literal("came_") + attendance.c.state, meeting.c.offer_id)
        .select_from(
            attendance.join(registration, registration.c.id == attendance.c.registration_id).join(
                meeting, meeting.c.id == attendance.c.meeting_id
            )
        )
        .where(registration.c.participant_id == person)
    )
