"""What is known about one participant besides answers, read from the tables, to explain and to check."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, bindparam, func, select

from bot.core.attending import Attended
from bot.core.audience import About
from bot.core.broadcasts import Interest
from bot.core.seats import State
from bot.db.outbox.deliveries import Kind
from bot.db.people.persons import own_language
from bot.db.schema import attendance, chat, delivery, interest, participant, registration

_PERSON = (
    select(own_language, participant.c.finished_at)
    .join_from(participant, chat)
    .where(participant.c.id == bindparam("id"))
)
_CONTACTED = select(func.max(delivery.c.sent_at)).where(
    delivery.c.participant_id == bindparam("id"), delivery.c.kind == Kind.BROADCAST.value
)
_SEATS = select(registration.c.offer_id, registration.c.state).where(
    registration.c.participant_id == bindparam("id"), registration.c.ended_at.is_(None)
)
_ATTENDED = (
    select(registration.c.offer_id)
    .join_from(attendance, registration)
    .where(registration.c.participant_id == bindparam("id"), attendance.c.state == Attended.PRESENT.value)
)

_INTERESTS = select(interest.c.offer_id, interest.c.state).where(
    interest.c.participant_id == bindparam("id"), interest.c.offer_id.is_not(None)
)


def about(connection: Connection, participant_id: int) -> About | None:
    """What conditions can ask about a participant besides answers. None if there is no such participant."""
    asked = {"id": participant_id}
    person = connection.execute(_PERSON, asked).first()
    if person is None:
        return None
    seats: defaultdict[str, set[State]] = defaultdict(set)
    for offer, state in connection.execute(_SEATS, asked):
        seats[offer].add(State(state))
    return About(
        language=person.language,
        finished=person.finished_at is not None,
        contacted_at=connection.execute(_CONTACTED, asked).scalar(),
        seats={offer: frozenset(states) for offer, states in seats.items()},
        attended=frozenset(connection.execute(_ATTENDED, asked).scalars()),
        interests={opening: Interest(state) for opening, state in connection.execute(_INTERESTS, asked)},
    )
