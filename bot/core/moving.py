"""Moves answers to the new ids when questions or options get other ids (`was` in the content)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.core.conditions import Value
from bot.core.inputs import Answer
from bot.core.questionnaire import Kind, Question, Questionnaire


def carried(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, tuple[str, Answer]]:
    """What has to move: today's question id, mapped to the id the answer is stored under and its value today.

    Answers that stay the same are left out. An option that was split is not carried over: nobody knows which part was
    meant, so the question is asked again.
    """
    moves: dict[str, tuple[str, Answer]] = {}
    for question in questionnaire.questions:
        home = question.id if question.id in answers else _former_home(questionnaire, question, answers)
        if home is None:
            continue
        given = answers[home]
        value = _renamed(question, given.value)
        if home != question.id or value != given.value:
            moves[question.id] = (home, replace(given, value=value))
    return moves


def _former_home(questionnaire: Questionnaire, question: Question, answers: Mapping[str, Answer]) -> str | None:
    return next((old for old in question.was if old in answers and old not in questionnaire.by_id), None)


def _renamed(question: Question, value: Value | None) -> Value | None:
    if isinstance(value, str) and (question.kind.has_options or question.kind is Kind.LIST):
        return _today(question, value)
    if isinstance(value, tuple) and question.kind is Kind.MULTIPLE:
        chosen = [_today(question, one) for one in value]
        order = {option.id: place for place, option in enumerate(question.options)}
        return tuple(sorted(dict.fromkeys(chosen), key=lambda one: order.get(one, len(order))))
    return value


def _today(question: Question, option: str) -> str:
    """The id of the option today. Unchanged if it still exists, was removed, or was split."""
    if option in question.option_ids:
        return option
    heirs = [one.id for one in question.options if option in one.was]
    return heirs[0] if len(heirs) == 1 else option
