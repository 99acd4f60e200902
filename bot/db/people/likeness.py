"""What could show that two profiles belong to one person, for the newest participants."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from bot.core.conditions import Value
from bot.core.engine import Status, value_from_data
from bot.core.folding import fold
from bot.db.people.persons import own_language
from bot.db.schema import answer, chat, participant

NEWEST = 5_000
"""How many people are compared with each other. A person who comes a second time does so soon."""


@dataclass(frozen=True, slots=True)
class Traits:
    """A participant's name as it is searched for, their language, their chat, and some answers."""

    id: int
    folded: str
    language: str | None
    chat_id: int
    said: dict[str, Value] = field(default_factory=dict)


def newest(connection: Connection, questions: Collection[str]) -> list[Traits]:
    """The newest people, with their answers to these questions."""
    columns = (participant.c.id, participant.c.name, own_language, participant.c.chat_id)
    free = participant.c.restricted_at.is_(None)
    wanted = select(*columns).join_from(participant, chat).where(free).order_by(participant.c.id.desc()).limit(NEWEST)
    found = {row[0]: Traits(row[0], fold(row[1] or ""), *row[2:]) for row in connection.execute(wanted)}
    if not found:
        return []
    given = select(answer.c.participant_id, answer.c.question_id, answer.c.value).where(
        answer.c.question_id.in_(list(questions)),
        answer.c.participant_id >= min(found),
        answer.c.status == Status.GIVEN.value,
        answer.c.applies,
    )
    for person, question, data in connection.execute(given):
        value = value_from_data(data)
        if person in found and value is not None:
            found[person].said[question] = value
    return list(found.values())
