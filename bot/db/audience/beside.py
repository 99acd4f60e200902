"""Facts about anything but answers, as SQL. They are known for everybody, except a language not yet chosen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, true

from bot.core.attending import Attended
from bot.core.audience import (
    ATTENDANCE,
    DAY,
    DAYS,
    FINISHED,
    INTEREST,
    INTERESTS,
    LANGUAGE,
    NEVER,
    NO,
    REGISTRATION,
    SEATS,
    YES,
)
from bot.core.conditions import Fact, Test
from bot.db.schema import attendance, interest, profile, registration

Predicate = ColumnElement[bool]


def beside(fact: Fact, now: datetime) -> Predicate:
    """A fact about the rows of `profile`."""
    name = fact.question
    if fact.test is Test.ANSWERED:
        known = profile.c.language.is_not(None) if name == LANGUAGE else true()
        return known if fact.operand is True else not_(known)
    if name == LANGUAGE:
        return profile.c.language.in_(_words(fact))
    if name == DAYS:
        return _days(fact, now)
    if name == FINISHED:
        return _yes(fact, profile.c.finished)
    if name.startswith(ATTENDANCE):
        return _yes(fact, profile.c.participant_id.in_(_attended(name.removeprefix(ATTENDANCE))))
    if name.startswith(INTEREST):
        return profile.c.participant_id.in_(_interested(fact, name.removeprefix(INTEREST)))
    return profile.c.participant_id.in_(_seats(fact, name.removeprefix(REGISTRATION)))


def _words(fact: Fact) -> tuple[str, ...]:
    if fact.test not in {Test.IS, Test.ONE_OF}:
        raise _no_such(fact)
    return fact.operand if isinstance(fact.operand, tuple) else (str(fact.operand),)


def _no_such(fact: Fact) -> ValueError:
    return ValueError(f"{fact.question} is not compared with {fact.test}")


def _yes(fact: Fact, holds: Predicate) -> Predicate:
    asked = frozenset(_words(fact)) & {YES, NO}
    if len(asked) == 1:
        return holds if YES in asked else not_(holds)
    return true() if asked else false()


def _days(fact: Fact, now: datetime) -> Predicate:
    operands = fact.operand if isinstance(fact.operand, tuple) else (fact.operand,)
    numbers = [one for one in operands if isinstance(one, int)]
    match fact.test:
        case Test.AT_LEAST:
            return _at_least(numbers[0], now)
        case Test.AT_MOST:
            return not_(_at_least(numbers[0] + 1, now))
        case Test.IS | Test.ONE_OF:
            exactly = (and_(_at_least(one, now), not_(_at_least(one + 1, now))) for one in numbers)
            return or_(false(), *exactly)
    raise _no_such(fact)


def _at_least(days: int, now: datetime) -> Predicate:
    if days <= 0:
        return true()
    if days > NEVER:
        return false()
    return or_(profile.c.contacted_at.is_(None), profile.c.contacted_at <= now - days * DAY)


def _seats(fact: Fact, offer: str) -> Select[tuple[int]]:
    if fact.test is not Test.INCLUDES:
        raise _no_such(fact)
    states = sorted(one.value for one in SEATS.get(str(fact.operand), frozenset()))
    return select(registration.c.participant_id).where(
        registration.c.offer_id == offer,
        registration.c.participant_id.is_not(None),
        registration.c.ended_at.is_(None),
        registration.c.state.in_(states),
    )


def _interested(fact: Fact, opening: str) -> Select[tuple[int]]:
    if fact.test is not Test.INCLUDES:
        raise _no_such(fact)
    states = sorted(one.value for one in INTERESTS.get(str(fact.operand), frozenset()))
    return select(interest.c.participant_id).where(interest.c.offer_id == opening, interest.c.state.in_(states))


def _attended(offer: str) -> Select[tuple[int]]:
    return (
        select(registration.c.participant_id)
        .join_from(attendance, registration)
        .where(
            registration.c.offer_id == offer,
            registration.c.participant_id.is_not(None),
            attendance.c.state == Attended.PRESENT.value,
        )
    )
