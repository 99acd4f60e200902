"""What a report counts: people, seats, attendance, levels over time. Each is one statement over everybody."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Text, and_, cast, distinct, func, or_, select, union_all

from bot.core.attending import Attended
from bot.core.broadcasts import Interest
from bot.core.inputs import Status
from bot.core.progress import Said
from bot.core.seats import State
from bot.db.figures.needs import agrees
from bot.db.people.persons import own_language
from bot.db.schema import (
    answer,
    answer_history,
    attendance,
    chat,
    interest,
    meeting,
    offer,
    participant,
    registration,
)
from bot.db.sealing import opened


@dataclass(frozen=True, slots=True)
class Came:
    """How many people came in a period, by link (its payload), language, and whether they finished."""

    source: str | None
    language: str | None
    finished: bool
    people: int


def came(connection: Connection, purpose: str, begin: datetime, end: datetime) -> list[Came]:
    """People who came from `begin` until before `end` and still agree to `purpose`."""
    finished = and_(participant.c.finished_at.is_not(None), participant.c.finished_at < end)
    by = (chat.c.source, own_language, finished)
    rows = connection.execute(
        select(*by, func.count())
        .join_from(participant, chat)
        .where(participant.c.created_at >= begin, participant.c.created_at < end, agrees(purpose))
        .group_by(*by)
    )
    return [Came(source, language, bool(done), people) for source, language, done, people in rows]


@dataclass(frozen=True, slots=True)
class Filled:
    """For an offer: seats that people have or had, and people on the waiting list."""

    taken: int
    waiting: int


def held(connection: Connection, begin: datetime, end: datetime) -> dict[str, int]:
    """The offers with meetings in a period that were not cancelled, each with their number."""
    rows = connection.execute(
        select(meeting.c.offer_id, func.count())
        .where(meeting.c.starts_at >= begin, meeting.c.starts_at < end, meeting.c.cancelled_at.is_(None))
        .group_by(meeting.c.offer_id)
    )
    return {row[0]: row[1] for row in rows}


def filled(connection: Connection, offer_ids: Collection[str], begin: datetime, end: datetime) -> dict[str, Filled]:
    """The live registrations of offers: for the whole offer, or for a meeting in a period."""
    state = registration.c.state
    within = and_(meeting.c.starts_at >= begin, meeting.c.starts_at < end)
    rows = connection.execute(
        select(
            registration.c.offer_id,
            func.count().filter(state.in_([State.REGISTERED.value, State.REQUESTED.value])),
            func.count().filter(state == State.WAITING.value),
        )
        .select_from(registration.outerjoin(meeting, registration.c.meeting_id == meeting.c.id))
        .where(
            registration.c.offer_id.in_(sorted(offer_ids)),
            registration.c.ended_at.is_(None),
            or_(registration.c.meeting_id.is_(None), within),
        )
        .group_by(registration.c.offer_id)
    )
    return {offer_id: Filled(taken, waiting) for offer_id, taken, waiting in rows}


@dataclass(frozen=True, slots=True)
class Attendance:
    """Marks on an offer's attendance lists: how many, and how many of them are "present".

    `came`: people with such a mark. `missed`: people with another mark. A person can be in both.
    """

    marks: int
    present: int
    came: int
    missed: int


def attended(connection: Connection, begin: datetime, end: datetime) -> dict[str, Attendance]:
    """What is on the attendance lists of meetings in a period, by offer."""
    present = attendance.c.state == Attended.PRESENT.value
    # A person has one registration for each evening of an event. Each guest is a different person.
    person = func.coalesce(registration.c.participant_id, -registration.c.id)
    rows = connection.execute(
        select(
            meeting.c.offer_id,
            func.count(),
            func.count().filter(present),
            func.count(distinct(person)).filter(present),
            func.count(distinct(person)).filter(~present),
        )
        .join_from(attendance, meeting)
        .join(registration, attendance.c.registration_id == registration.c.id)
        .where(meeting.c.starts_at >= begin, meeting.c.starts_at < end, meeting.c.cancelled_at.is_(None))
        .group_by(meeting.c.offer_id)
    )
    return {offer_id: Attendance(*numbers) for offer_id, *numbers in rows}


def outcomes(connection: Connection, purpose: str, begin: datetime, end: datetime) -> list[list[Interest]]:
    """What became of each person's interests from a period, if they still agree to `purpose`."""
    rows = connection.execute(
        select(interest.c.participant_id, interest.c.state)
        .join_from(interest, participant, interest.c.participant_id == participant.c.id)
        .where(
            interest.c.since >= begin,
            interest.c.since < end,
            interest.c.state != Interest.WITHDRAWN.value,
            agrees(purpose),
        )
        .order_by(interest.c.id)
    )
    found: dict[int, list[Interest]] = {}
    for person, state in rows:
        found.setdefault(person, []).append(Interest(state))
    return list(found.values())


def openings_filled(connection: Connection, begin: datetime, end: datetime) -> int:
    """How many openings were filled in a period."""
    within = and_(offer.c.filled_at >= begin, offer.c.filled_at < end)
    return int(connection.execute(select(func.count()).select_from(offer).where(within)).scalar_one())


def levels(connection: Connection, questions: Collection[str], purpose: str, was: Mapping[str, str]) -> list[Said]:
    """What people said about their level over time, if they ever changed it. `was`: former ids of options."""
    past, now = answer_history.c, answer.c
    named = sorted(questions)
    changed = select(past.participant_id).where(past.question_id.in_(named))
    counting = [Status.GIVEN.value, Status.COMPUTED.value]
    former = select(past.participant_id, cast(past.value, Text), past.answered_at).where(
        past.question_id.in_(named), past.status.in_(counting)
    )
    present = select(now.participant_id, cast(now.value, Text), now.answered_at).where(
        now.question_id.in_(named), now.applies, now.status.in_(counting), now.participant_id.in_(changed)
    )
    said = union_all(former, present).subquery("said")
    person, value, at = said.c
    rows = connection.execute(
        select(person, value, at)
        .join_from(said, participant, person == participant.c.id)
        .where(participant.c.finished_at.is_not(None), agrees(purpose), value.is_not(None))
    )
    return [
        Said(one, was.get(level, level), moment)
        for one, stored, moment in rows
        if isinstance(level := opened(json.loads(stored), "answer"), str)
    ]
