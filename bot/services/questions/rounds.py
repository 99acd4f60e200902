"""What there is to ask of somebody who has finished the first pass: old answers, and new questions. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from bot.core import engine
from bot.core.ageing import due, expired, old_from
from bot.core.answering import counts
from bot.core.engine import Answer, State
from bot.core.questionnaire import Questionnaire


def again(
    questionnaire: Questionnaire, state: State, given_at: Mapping[str, datetime], now: datetime
) -> tuple[str, ...]:
    """The questions whose answers have become old, in the order they are asked."""
    old = expired(questionnaire, state.answers, given_at, now)
    old |= due(questionnaire, engine.counting(questionnaire, state.answers), given_at, now)
    return tuple(
        name
        for name in engine.path(questionnaire, state.answers)
        if name in old and counts(questionnaire.by_id[name], fresh(state.answers[name]))
    )


def news(questionnaire: Questionnaire, state: State, old: tuple[str, ...]) -> tuple[str, ...]:
    """The open questions of the questionnaire, without those whose answers are old, and without statements."""
    return tuple(
        name
        for name in engine.still_open(questionnaire, state.answers)
        if name not in old and questionnaire.by_id[name].kind.is_answered
    )


def old_since(questionnaire: Questionnaire, question: str, given_at: datetime) -> date:
    """The day (UTC) from which an answer of that time is old."""
    moment = old_from(questionnaire, question, given_at)
    return date.max if moment is None else moment.astimezone(UTC).date()


def fresh(given: Answer) -> Answer:
    """The same answer, given now."""
    return Answer(given.status, given.value)
