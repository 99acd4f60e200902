"""How answers age: some expire, and some are due to be checked again."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import MINYEAR, datetime, timedelta

from bot.core.inputs import Age, Answer, Status
from bot.core.months import later
from bot.core.questionnaire import Questionnaire, Span


def aged(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    given_at: Mapping[str, datetime],
    now: datetime,
    *,
    refreshing: bool,
) -> Mapping[str, Answer]:
    """The answers with their ages. While `refreshing`, the answers that the refresh asks about are due."""
    old = dict.fromkeys(expired(questionnaire, answers, given_at, now), Age.EXPIRED)
    if refreshing:
        old = dict.fromkeys(due(questionnaire, answers, given_at, now), Age.DUE) | old
    if not old:
        return answers
    return {name: replace(one, age=old[name]) if name in old else one for name, one in answers.items()}


def expired(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], given_at: Mapping[str, datetime], now: datetime
) -> frozenset[str]:
    """The questions whose given answers are too old to count."""
    return frozenset(
        question
        for question, span in questionnaire.ageing
        if question in answers and answers[question].status is Status.GIVEN and later(given_at[question], span) <= now
    )


def old_from(questionnaire: Questionnaire, question: str, given_at: datetime) -> datetime | None:
    """When an answer given at that time becomes old (expired, or due in the refresh). None: never."""
    spans = [span for name, span in questionnaire.ageing if name == question]
    if questionnaire.refresh is not None and question in questionnaire.refresh.questions:
        spans.append(questionnaire.refresh.every)
    return min((later(given_at, span) for span in spans), default=None)


def may_get_old(questionnaire: Questionnaire) -> frozenset[str]:
    """The questions whose answers can become old: they expire, or the refresh asks about them."""
    refreshed = questionnaire.refresh.questions if questionnaire.refresh is not None else ()
    return frozenset(refreshed) | {question for question, _ in questionnaire.ageing}


def due(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], given_at: Mapping[str, datetime], now: datetime
) -> frozenset[str]:
    """The questions of the refresh whose answers are at least as old as its interval."""
    refresh = questionnaire.refresh
    if refresh is None:
        return frozenset()
    return frozenset(
        question
        for question in refresh.questions
        if question in answers and later(given_at[question], refresh.every) <= now
    )


def expired_between(span: Span, now: datetime) -> tuple[tuple[datetime | None, datetime], ...]:
    """The spans of time in which an answer was given if it has expired by now. A start of None: from the beginning.

    There can be more than one span. On 28 February at 9:30, an answer from 31 January, 9:00, is a month old, and one
    from 30 January, 10:00, is not: it will be at 10:00.
    """
    if span.unit == "day":
        return ((None, now - timedelta(days=span.number)),)
    months = now.year * 12 + now.month - 1 - span.number * (12 if span.unit == "year" else 1)
    year, month = divmod(months, 12)
    if year < MINYEAR:
        return ()
    given = now.replace(year=year, month=month + 1, day=1)
    last = monthrange(year, month + 1)[1]
    found: list[tuple[datetime | None, datetime]] = [(None, given.replace(day=min(now.day, last)))]
    if now.day > last:
        found = [(None, given.replace(day=last, hour=23, minute=59, second=59, microsecond=999999))]
    elif now.day == monthrange(now.year, now.month)[1]:
        for day in range(now.day + 1, last + 1):
            until = given.replace(day=day)
            found.append((until.replace(hour=0, minute=0, second=0, microsecond=0), until))
    return tuple(found)
