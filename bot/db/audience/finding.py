"""How the team searches for participants: by a condition over everybody, and by words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, func, or_, select

from bot.core.conditions import Condition
from bot.core.questionnaire import Questionnaire
from bot.db.audience.compiling import Crowd, Predicate
from bot.db.audience.keeping import layout
from bot.db.people import name_starts
from bot.db.schema import participant, profile


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a search: the beginning of a name (None: names are not searched), a number, or a meaning."""

    name: str | None
    number: int | None
    meaning: Condition


@dataclass(frozen=True, slots=True)
class Person:
    """A participant on a list."""

    id: int
    name: str | None
    language: str | None
    finished: bool


Wanted = tuple[Condition, Sequence[Word]]
"""A condition that must hold, and words that must all match."""


def people(
    connection: Connection, questionnaire: Questionnaire, wanted: Wanted, now: datetime, most: int
) -> tuple[int, list[Person]]:
    """How many people match, and the newest of them (at most `most`)."""
    return listed(connection, _fits(connection, questionnaire, wanted, now), most)


def listed(connection: Connection, fits: Predicate, most: int) -> tuple[int, list[Person]]:
    """How many people a predicate over `profile` finds, and the newest of them (at most `most`)."""
    joined = profile.join(participant, participant.c.id == profile.c.participant_id)
    every = connection.execute(select(func.count()).select_from(joined).where(fits)).scalar_one()
    columns = (participant.c.id, participant.c.name, profile.c.language, profile.c.finished)
    newest = select(*columns).select_from(joined).where(fits).order_by(participant.c.id.desc()).limit(most)
    return every, [Person(*row) for row in connection.execute(newest)]


def numbers(
    connection: Connection, questionnaire: Questionnaire, wanted: Wanted, now: datetime
) -> Select[tuple[int]]:
    """The participants' ids, for use inside another statement."""
    joined = profile.join(participant, participant.c.id == profile.c.participant_id)
    fits = _fits(connection, questionnaire, wanted, now)
    return select(participant.c.id).select_from(joined).where(fits)


def some(connection: Connection, ids: Collection[int]) -> dict[int, Person]:
    """Those of these people that exist, by id."""
    columns = (participant.c.id, participant.c.name, profile.c.language, participant.c.finished_at.is_not(None))
    joined = participant.outerjoin(profile, participant.c.id == profile.c.participant_id)
    found = select(*columns).select_from(joined).where(participant.c.id.in_(list(ids)))
    return {row[0]: Person(*row) for row in connection.execute(found)}


def _fits(connection: Connection, questionnaire: Questionnaire, wanted: Wanted, now: datetime) -> Predicate:
    condition, words = wanted
    crowd = Crowd(questionnaire, layout(connection), now)
    return and_(crowd.holds(condition), *(_has_to_do(crowd, one) for one in words))


def _has_to_do(crowd: Crowd, word: Word) -> Predicate:
    ways = [crowd.holds(word.meaning)]
    if word.name is not None:
        ways.append(participant.c.id.in_(name_starts.having(word.name)))
    if word.number is not None:
        ways.append(participant.c.id == word.number)
    return or_(*ways)
