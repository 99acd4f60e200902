"""How many people an audience has, who of them gets nothing and why, who misses one thing, and ten of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    null,
    select,
    true,
)

from bot.core.conditions import All, Condition
from bot.core.questionnaire import Questionnaire
from bot.db.audience.compiling import Crowd, Predicate, fenced
from bot.db.audience.keeping import AGREED, MUTED, Layout, layout, refresh
from bot.db.deliveries import Kind
from bot.db.profile_tables import profile, profile_change
from bot.db.schema import delivery, participant

WEEK = timedelta(days=7)
SAMPLE = 10
NEAREST = 5
"""As many parts that people miss are told."""
_DRAWN = 40
"""People who are looked at for the sample in the same query, if a fiftieth of all fit."""
_RARE = 50
_FACTOR, _PRIME = 48271, 2**31 - 1


class Reason(StrEnum):
    """Why somebody who fits gets nothing, in the order in which it is looked at: the first one counts."""

    BLOCKED = "blocked"
    NO_CONSENT = "no_consent"
    MUTED = "muted"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a message needs: consent to a purpose, a topic nobody has muted, room within the weekly cap.

    None: it needs no such thing. `cap` is the town's, for those who have none of their own.
    """

    purpose: str | None = None
    topic: str | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """How many people miss only this part of the condition; `place` is its place among the parts."""

    part: Condition
    place: int
    people: int


@dataclass(frozen=True, slots=True)
class Counted:
    """An audience in numbers.

    `fitting` are all of whom the condition holds; each of them is reached or excluded, for one reason. `languages`
    counts those who are reached ("" without a language), `sample` are some of them in an order that stays.
    `behind`: so many people's profiles are not up to date yet.
    """

    fitting: int
    excluded: Mapping[Reason, int]
    languages: Mapping[str, int]
    sample: tuple[int, ...]
    missed: tuple[Missed, ...] = ()
    behind: int = 0

    @property
    def reached(self) -> int:
        """How many get it."""
        return self.fitting - sum(self.excluded.values())


@dataclass(slots=True)
class _Tally:
    excluded: Counter[Reason] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    missed: Counter[int] = field(default_factory=Counter)
    drawn: list[int] = field(default_factory=list)

    def keep_out(self, full: _Tally) -> None:
        """Those of whom the week is full, counted like everybody, are not reached."""
        self.languages -= full.languages
        self.excluded[Reason.CAP] += full.languages.total()
        self.drawn = [one for one in self.drawn if one not in frozenset(full.drawn)]


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """What must all hold: the parts of an `all`, else the condition itself."""
    return condition.parts if isinstance(condition, All) and condition.parts else (condition,)


def count(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, terms: Terms, now: datetime
) -> Counted:
    """An audience in numbers, now. Everybody is looked at once, and who has a full week once more.

    Profiles that are marked are written before, a page of them; `keeping.catch_up` writes them all.
    """
    refresh(connection)
    known = layout(connection)
    parts = parts_of(condition)
    people = connection.execute(select(func.max(participant.c.id))).scalar() or 0
    drawn = min(_DRAWN * _RARE * _PRIME // max(people, 1), _PRIME)

    def tallied(only: Iterable[Predicate] = ()) -> _Tally:
        crowd = Crowd(questionnaire, known, now, parts, connection.dialect.name, ("blocked", "agreed", "muted"), only)
        return _tallied(connection, crowd.rows, _code(crowd, parts, _fits(crowd.rows, known, terms, drawn)))

    tally = tallied()
    if terms.cap is not None:
        tally.keep_out(tallied([_is_full(profile.c.participant_id, terms.cap, now)]))
    reached = tally.languages.total()
    some = tally.drawn
    if len(some) < min(SAMPLE, reached):
        some = sample(connection, questionnaire, condition, terms, now)
    missed = [Missed(parts[place], place, many) for place, many in tally.missed.most_common(NEAREST)]
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
    """Some of those who are reached, in an order that looks like chance and stays."""
    crowd, reached = who_is_reached(connection, questionnaire, condition, terms, now)
    found = select(crowd.c.participant_id).where(reached).order_by(_rank(crowd), crowd.c.participant_id).limit(most)
    return list(connection.execute(found).scalars())


_LOOKED_AT = ("chat_id", "blocked", "agreed", "muted")


def who_is_reached(
    connection: Connection,
    questionnaire: Questionnaire,
    condition: Condition,
    terms: Terms,
    now: datetime,
    only: Iterable[Predicate] = (),
) -> tuple[FromClause, Predicate]:
    """Everybody (or `only` some, by columns of `profile`), and who of them gets it: nothing stands against it."""
    known = layout(connection)
    crowd = Crowd(questionnaire, known, now, [condition], connection.dialect.name, _LOOKED_AT, only)
    free = (not_(keeps_out) for _, keeps_out in why_not(crowd.rows, known, terms))
    room = [] if terms.cap is None else [not_(_is_full(crowd.rows.c.participant_id, terms.cap, now))]
    return crowd.rows, and_(crowd.holds(condition), *free, *room)


def why_not(rows: FromClause, known: Layout, terms: Terms) -> list[tuple[Reason, Predicate]]:
    """Every reason but the cap with whom it keeps out, in their order."""
    found: list[tuple[Reason, Predicate]] = [(Reason.BLOCKED, rows.c.blocked)]
    if terms.purpose is not None:
        bit = literal(known.bit(AGREED, terms.purpose), BigInteger)
        found.append((Reason.NO_CONSENT, rows.c.agreed.bitwise_and(bit) == 0))
    if terms.topic is not None:
        bit = literal(known.bit(MUTED, terms.topic), BigInteger)
        found.append((Reason.MUTED, rows.c.muted.bitwise_and(bit) != 0))
    return found


def _is_full(key: ColumnElement[int], cap: int, now: datetime) -> Predicate:
    """Whose week is full, as it is counted when something is sent (`worlds.sent_since`).

    Asked of the deliveries of the week: to look them up for each person would cost more, and keep PostgreSQL from
    working in parallel.
    """
    full = (
        select(participant.c.id)
        .join_from(delivery, participant, delivery.c.chat_id == participant.c.chat_id)
        .where(
            delivery.c.sent_at > now - WEEK,
            delivery.c.kind != Kind.NOTICE.value,
            delivery.c.urgent == false(),
            delivery.c.edits.is_(None),
        )
        .group_by(participant.c.id, participant.c.weekly_cap)
        .having(func.count() >= func.coalesce(participant.c.weekly_cap, cap))
    )
    return key.in_(full)


_REASONS, _MISSED, _REACHED = 1, 100, 1000
"""What the one number of a person says: why not; that they miss part so-and-so; or that they are reached: it is
`_REACHED`, and more by the participant's number where they may be in the sample."""


def _code(crowd: Crowd, parts: Sequence[Condition], fits: ColumnElement[int]) -> ColumnElement[int]:
    """One number for each person, NULL for those who miss more than one part; `fits` for those who miss none."""
    holds = [crowd.holds(part) for part in parts]
    for place in reversed(range(len(parts))):
        others = and_(true(), *holds[place + 1 :])
        fits = case((holds[place], fits), (others, literal(_MISSED + place, BigInteger)), else_=null())
    return fits


def _fits(rows: FromClause, known: Layout, terms: Terms, drawn: int) -> ColumnElement[int]:
    """The number of somebody of whom the condition holds; of a rank below `drawn` it names them."""
    places = list(Reason)
    kept_out = [
        (holds, literal(_REASONS + places.index(reason), BigInteger)) for reason, holds in why_not(rows, known, terms)
    ]
    return case(
        *kept_out,
        (_rank(rows) < drawn, rows.c.participant_id + literal(_REACHED, BigInteger)),
        else_=literal(_REACHED, BigInteger),
    )


def _rank(rows: FromClause) -> ColumnElement[int]:
    """A number that follows from a participant's and looks like chance: `rank_of` in SQL."""
    prime = literal(_PRIME, BigInteger)
    return rows.c.participant_id % prime * literal(_FACTOR, BigInteger) % prime


def rank_of(participant_id: int) -> int:
    """Where somebody stands in the order of the sample."""
    return participant_id % _PRIME * _FACTOR % _PRIME


def _tallied(connection: Connection, rows: FromClause, code: ColumnElement[int]) -> _Tally:
    each = fenced(select(code.label("code"), rows.c.language), connection.dialect.name)
    groups = (
        select(each.c.code, each.c.language, func.count())
        .where(each.c.code.is_not(None))
        .group_by(each.c.code, each.c.language)
    )
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
