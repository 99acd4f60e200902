"""How many people an audience has, who gets nothing and why, who lacks only one thing, and a sample of ten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    literal_column,
    not_,
    null,
    select,
    true,
)

from bot.core.conditions import All, Condition
from bot.core.matching import beyond
from bot.core.questionnaire import Questionnaire
from bot.db.audience.compiling import Crowd, Predicate
from bot.db.audience.keeping import AGREED, MUTED, Layout, layout, refresh
from bot.db.audience.weeks import is_full
from bot.db.schema import participant, profile, profile_change

SAMPLE = 10
_DRAWN = 40
"""How many people the counting query draws for the sample if one in `_RARE` people fits."""
_RARE = 400
_FACTOR, _PRIME = 48271, 2**31 - 1


class Reason(StrEnum):
    """Why a person who fits gets nothing, in the order of checking. The first reason that holds counts."""

    BLOCKED = "blocked"
    NO_CONSENT = "no_consent"
    MUTED = "muted"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a message needs: consent to a purpose, a topic that is not muted, room within the weekly cap.

    None: it does not need that. `cap` is the town's, for people without a cap of their own.
    """

    purpose: str | None = None
    topic: str | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """How many people lack only this part and nearly have it. `place` is its index among the parts."""

    part: Condition
    place: int
    people: int


@dataclass(frozen=True, slots=True)
class Counted:
    """An audience in numbers.

    `fitting`: everybody for whom the condition holds. Each of them is either reached or excluded for one reason.
    `languages` counts the reached people ("" without a language). `sample`: some of them, in a stable order.
    `behind`: how many profiles are not up to date yet.
    """

    fitting: int
    excluded: Mapping[Reason, int]
    languages: Mapping[str, int]
    sample: tuple[int, ...]
    missed: tuple[Missed, ...] = ()
    behind: int = 0

    @property
    def reached(self) -> int:
        """How many people get it."""
        return self.fitting - sum(self.excluded.values())


@dataclass(slots=True)
class _Tally:
    excluded: Counter[Reason] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    missed: Counter[int] = field(default_factory=Counter)
    drawn: list[int] = field(default_factory=list)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that must all hold: the parts of an `all`, else the condition itself."""
    return condition.parts if isinstance(condition, All) and condition.parts else (condition,)


def count(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, terms: Terms, now: datetime
) -> Counted:
    """The audience in numbers, now. Everybody is looked at once.

    Before that, one page of marked profiles is rewritten. `keeping.catch_up` rewrites all of them.
    """
    refresh(connection)
    known = layout(connection)
    parts = parts_of(condition)
    people = connection.execute(select(func.max(participant.c.id))).scalar() or 0
    drawn = min(_DRAWN * _RARE * _PRIME // max(people, 1), _PRIME)

    reasons = why_not(known, terms)
    free = [not_(keeps_out) for _, keeps_out in reasons]
    if terms.cap is not None:
        reasons.append((Reason.CAP, is_full(terms.cap, now)))
    tally = _tallied(connection, _code(Crowd(questionnaire, known, now), parts, _fits(reasons, drawn), free))
    reached = tally.languages.total()
    some = tally.drawn
    if len(some) < min(SAMPLE, reached):
        some = sample(connection, questionnaire, condition, terms, now)
    missed = [Missed(parts[place], place, many) for place, many in tally.missed.most_common()]
    return Counted(
        fitting=reached + tally.excluded.total(),
        excluded={reason: tally.excluded[reason] for reason in Reason},
        languages=dict(tally.languages.most_common()),
        sample=tuple(sorted(some, key=rank_of)[:SAMPLE]),
        missed=tuple(missed),
        behind=connection.execute(select(func.count()).select_from(profile_change)).scalar_one(),
    )


def sample(
    connection: Connection,
    questionnaire: Questionnaire,
    condition: Condition,
    terms: Terms,
    now: datetime,
    most: int = SAMPLE,
) -> list[int]:
    """Ids of some of the reached people, in an order that looks random and is stable."""
    reached = who_is_reached(connection, questionnaire, condition, terms, now)
    key = profile.c.participant_id
    return list(connection.execute(select(key).where(reached).order_by(_RANK, key).limit(most)).scalars())


def who_is_reached(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, terms: Terms, now: datetime
) -> Predicate:
    """The rows of `profile` that get it: the condition holds and nothing excludes them."""
    known = layout(connection)
    free = (not_(keeps_out) for _, keeps_out in why_not(known, terms))
    room = [] if terms.cap is None else [not_(is_full(terms.cap, now))]
    return and_(Crowd(questionnaire, known, now).holds(condition), *free, *room)


def who_misses_one(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, terms: Terms, now: datetime
) -> list[tuple[Condition, Predicate]]:
    """For each part of a condition, who lacks only this part and nearly has it, as `count` counts them."""
    known, parts = layout(connection), parts_of(condition)
    crowd = Crowd(questionnaire, known, now)
    free = [not_(keeps_out) for _, keeps_out in why_not(known, terms)]
    holds = [crowd.holds(part) for part in parts]
    found = []
    for place, part in enumerate(parts):
        others = [*holds[:place], *holds[place + 1 :], *free, *_near(crowd, part)]
        found.append((part, and_(holds[place].is_not(true()), *others)))
    return found


def _near(crowd: Crowd, part: Condition) -> list[Predicate]:
    """Who is not far from meeting a part."""
    far = beyond(part)
    return [] if far is None else [crowd.holds(far).is_not(true())]


def why_not(known: Layout, terms: Terms) -> list[tuple[Reason, Predicate]]:
    """Every reason except the cap, in order, each with the people it excludes."""
    found: list[tuple[Reason, Predicate]] = [(Reason.BLOCKED, profile.c.blocked)]
    if terms.purpose is not None:
        bit = literal(known.bit(AGREED, terms.purpose), BigInteger)
        found.append((Reason.NO_CONSENT, profile.c.agreed.bitwise_and(bit) == 0))
    if terms.topic is not None:
        bit = literal(known.bit(MUTED, terms.topic), BigInteger)
        found.append((Reason.MUTED, profile.c.muted.bitwise_and(bit) != 0))
    return found


_BY = literal(_PRIME, BigInteger)
_RANK = profile.c.participant_id % _BY * literal(_FACTOR, BigInteger) % _BY
"""A number that follows from the participant's id and looks random: `rank_of` in SQL."""
_ZERO: ColumnElement[int] = literal_column("'0'")
"""An OFFSET of 0 in the form of a literal. Written as a number, it keeps PostgreSQL from working in parallel."""


def _fenced(rows: Select[Any], dialect: str) -> Subquery:
    """A subquery that no database merges into the outer query, which would compute a column for every use."""
    return (rows.limit(-1) if dialect == "sqlite" else rows.offset(_ZERO)).subquery()


_REASONS, _MISSED, _REACHED = 1, 100, 1000
"""What a person's number means: a reason (from `_REASONS`), a missing part (from `_MISSED`), or reached (from
`_REACHED`; plus the participant's id, if they may be in the sample)."""


def _code(
    crowd: Crowd, parts: Sequence[Condition], fits: ColumnElement[int], free: Sequence[Predicate]
) -> ColumnElement[int]:
    """One number for each person. NULL if they lack more than one part, `fits` if they lack none.

    A person who lacks one part counts only if nothing else excludes them (`free`) and they are not far from it.
    """
    holds = [crowd.holds(part) for part in parts]
    for place in reversed(range(len(parts))):
        others = and_(true(), *holds[place + 1 :], *free, *_near(crowd, parts[place]))
        fits = case((holds[place], fits), (others, literal(_MISSED + place, BigInteger)), else_=null())
    return fits


def _fits(reasons: Sequence[tuple[Reason, Predicate]], drawn: int) -> ColumnElement[int]:
    """The number of a person for whom the condition holds. It includes the id if their rank is below `drawn`."""
    places = list(Reason)
    kept_out = [(holds, literal(_REASONS + places.index(reason), BigInteger)) for reason, holds in reasons]
    return case(
        *kept_out,
        (drawn > _RANK, profile.c.participant_id + literal(_REACHED, BigInteger)),
        else_=literal(_REACHED, BigInteger),
    )


def rank_of(participant_id: int) -> int:
    """A person's position in the order of the sample."""
    return participant_id % _PRIME * _FACTOR % _PRIME


def _tallied(connection: Connection, code: ColumnElement[int]) -> _Tally:
    each = _fenced(select(code.label("code"), profile.c.language), connection.dialect.name)
    # Only reached people are counted by language: SQLite sorts the groups, and words make that half as slow again.
    theirs = case((each.c.code >= literal_column(str(_REACHED)), each.c.language))
    groups = select(each.c.code, theirs, func.count()).where(each.c.code.is_not(None)).group_by(each.c.code, theirs)
    tally = _Tally()
    for number, language, people in connection.execute(groups):
        if number >= _REACHED:
            tally.languages[language or ""] += people
            tally.drawn += [number - _REACHED] if number > _REACHED else []
        elif number >= _MISSED:
            tally.missed[number - _MISSED] += people
        else:
            tally.excluded[list(Reason)[number - _REASONS]] += people
    return tally
