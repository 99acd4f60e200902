"""Conditions as SQL over all profiles, with the meaning they have in memory.

A condition is compiled twice: where is it true, where is it false. What is neither cannot be known. So unknown needs no
value of its own, and no predicate ever stands behind NOT. Which questions apply, and what is computed from others, is
compiled from the questionnaire: nothing that follows from answers is stored.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, not_, or_, select, true

from bot.core.audience import (
    ATTENDANCE,
    DAY,
    DAYS,
    FINISHED,
    LANGUAGE,
    NEVER,
    NO,
    REGISTRATION,
    SEATS,
    YES,
    question_of,
)
from bot.core.attending import Attended
from bot.core.conditions import All, Any, Condition, Fact, Not, Test, Value, compiled
from bot.core.questionnaire import Kind, Question, Questionnaire
from bot.core.seats import ENDED
from bot.db.audience.answers import given
from bot.db.audience.keeping import Layout
from bot.db.schema import attendance, profile, registration

Predicate = ColumnElement[bool]


class Compiler:
    """Compiles conditions for one moment and one content."""

    def __init__(self, questionnaire: Questionnaire, layout: Layout, now: datetime) -> None:
        self._questionnaire = questionnaire
        self._layout = layout
        self._now = now
        self._order = {question.id: place for place, question in enumerate(questionnaire.questions)}

    def true(self, condition: Condition | None) -> Predicate:
        """Whose condition holds. It may stand behind AND and OR, never behind NOT."""
        return self._is(condition, True, len(self._order))

    def false(self, condition: Condition | None) -> Predicate:
        """Whose condition is known not to hold."""
        return self._is(condition, False, len(self._order))

    def _is(self, condition: Condition | None, outcome: bool, before: int) -> Predicate:
        """`before`: only questions that stand in front of that place are known, as for who is just being asked."""
        match condition:
            case None:
                return true() if outcome else false()
            case Fact():
                return self._fact(condition, outcome, before)
            case Not(part):
                return self._is(part, not outcome, before)
            case All(parts) | Any(parts):
                several = [self._is(part, outcome, before) for part in parts]
                together = isinstance(condition, All) is outcome
                return and_(true(), *several) if together else or_(false(), *several)

    def _fact(self, fact: Fact, outcome: bool, before: int) -> Predicate:
        name = question_of(fact.question)
        if name is None:
            return _beside(fact, outcome, self._now)
        if fact.test is Test.ANSWERED:
            known = self._known(name, before)
            return known if fact.operand is outcome else known.is_not(true())
        return self._answer(name, fact, outcome, before)

    def _known(self, name: str, before: int) -> Predicate:
        return self._answer(name, None, True, before)

    def _answer(self, name: str, fact: Fact | None, outcome: bool, before: int) -> Predicate:
        """Whether a question applies, has an answer that counts, and the fact is so of it."""
        place = self._order.get(name, before)
        if place >= before:
            return false()
        question = self._questionnaire.questions[place]
        if question.kind is Kind.COMPUTED:
            value = self._computed(question, fact, outcome, place)
        else:
            value = given(self._questionnaire, self._layout, self._now, question, fact, outcome)
        return and_(self._is(question.ask_if, True, place), value)

    def _computed(self, question: Question, fact: Fact | None, outcome: bool, place: int) -> Predicate:
        """The first rule that holds and gives something decides."""
        rules: list[tuple[Predicate, Predicate]] = []
        for rule in question.rules:
            holds = self._is(rule.condition, True, place)
            if rule.take is None:
                so = true() if fact is None or _compares(fact, rule.value, outcome) else false()
                rules.append((holds, so))
            else:
                taken = None if fact is None else replace(fact, question=rule.take)
                so = self._answer(rule.take, taken, outcome, place)
                rules.append((and_(holds, self._known(rule.take, place)), so))
        return case(*rules, else_=false()) if rules else false()


def _compares(fact: Fact, value: Value | None, outcome: bool) -> bool:
    return compiled(fact)(lambda _: value) is outcome


def _beside(fact: Fact, outcome: bool, now: datetime) -> Predicate:
    """A fact about something else than an answer: nobody is unknown but who has no language yet."""
    name = fact.question
    if name == LANGUAGE:
        return _language(fact, outcome)
    if fact.test is Test.ANSWERED:
        return true() if (fact.operand is True) is outcome else false()
    if name == DAYS:
        holds = _days(fact, now)
    elif name == FINISHED:
        holds = _yes(fact, profile.c.finished)
    elif name.startswith(ATTENDANCE):
        holds = _yes(fact, profile.c.participant_id.in_(_attended(name.removeprefix(ATTENDANCE))))
    else:
        holds = _seat(fact, name.removeprefix(REGISTRATION))
    return holds if outcome else not_(holds)


def _language(fact: Fact, outcome: bool) -> Predicate:
    known = profile.c.language.is_not(None)
    if fact.test is Test.ANSWERED:
        return known if fact.operand is outcome else not_(known)
    holds = profile.c.language.in_(_operands(fact))
    return and_(known, holds if outcome else not_(holds))


def _operands(fact: Fact) -> Collection[Value]:
    if fact.test not in {Test.IS, Test.ONE_OF}:
        raise ValueError(f"{fact.question} is not compared with {fact.test}")
    return fact.operand if isinstance(fact.operand, tuple) else (str(fact.operand),)


def _yes(fact: Fact, holds: Predicate) -> Predicate:
    asked = frozenset(_operands(fact)) & {YES, NO}
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
            return or_(false(), *(and_(_at_least(one, now), not_(_at_least(one + 1, now))) for one in numbers))
    raise ValueError(f"{fact.question} is not compared with {fact.test}")


def _at_least(days: int, now: datetime) -> Predicate:
    if days <= 0:
        return true()
    if days > NEVER:
        return false()
    return or_(profile.c.contacted_at.is_(None), profile.c.contacted_at <= now - days * DAY)


def _seat(fact: Fact, offer: str) -> Predicate:
    if fact.test is not Test.INCLUDES:
        raise ValueError(f"{fact.question} is not compared with {fact.test}")
    states = sorted(SEATS.get(str(fact.operand), frozenset()) - ENDED)
    return profile.c.participant_id.in_(
        select(registration.c.participant_id).where(
            registration.c.offer_id == offer,
            registration.c.participant_id.is_not(None),
            registration.c.ended_at.is_(None),
            registration.c.state.in_([one.value for one in states]),
        )
    )


def _attended(offer: str) -> object:
    return (
        select(registration.c.participant_id)
        .join_from(attendance, registration)
        .where(
            registration.c.offer_id == offer,
            registration.c.participant_id.is_not(None),
            attendance.c.state == Attended.PRESENT.value,
        )
    )
