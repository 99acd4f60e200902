"""The rules of the engine in another form: each question looks back by itself, as often as it needs."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.answering import counts, unsure
from bot.core.conditions import Condition, Value, compiled
from bot.core.engine import Age, Answer, Status
from bot.core.questionnaire import Kind, Questionnaire


class _Looking:
    def __init__(self, questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> None:
        self._questionnaire = questionnaire
        self._answers = answers

    def answer(self, name: str) -> Answer | None:
        """The answer of a question, if it counts: given or computed."""
        asked = self._questionnaire.by_id.get(name)
        if asked is None or not self.holds(asked.ask_if):
            return None
        if asked.kind is Kind.COMPUTED:
            holding = [rule for rule in asked.rules if self.holds(rule.condition)]
            values = [rule.value if rule.take is None else self.value(rule.take) for rule in holding]
            known = [value for value in values if value is not None]
            return Answer(Status.COMPUTED, known[0]) if known else None
        given = self._answers.get(name)
        return given if given is not None and counts(asked, given) else None

    def value(self, name: str) -> Value | None:
        """What conditions see of a question."""
        found = self.answer(name)
        if found is None or found.value is None or unsure(self._questionnaire.by_id[name], found.value):
            return None
        return found.value

    def holds(self, condition: Condition | None) -> bool:
        return compiled(condition)(self.value) is True


def counts_by_definition(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers that count, computed ones included."""
    looking = _Looking(questionnaire, answers)
    found = {one.id: looking.answer(one.id) for one in questionnaire.questions}
    return {name: one for name, one in found.items() if one is not None}


def path_by_definition(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> list[str]:
    """The questions that apply."""
    looking = _Looking(questionnaire, answers)
    asked = [one for one in questionnaire.questions if one.kind is not Kind.COMPUTED]
    return [one.id for one in asked if looking.holds(one.ask_if)]


def open_by_definition(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> set[str]:
    """The questions that apply and have no counting answer, or a due one."""
    counted = counts_by_definition(questionnaire, answers)
    settled = {name for name, one in counted.items() if one.age is not Age.DUE}
    return set(path_by_definition(questionnaire, answers)) - settled


def frontier_by_definition(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> str | None:
    """Drops what is before the last settled question, if something after it is still open."""
    known = path_by_definition(questionnaire, answers)
    still = open_by_definition(questionnaire, answers)
    settled = [place for place, name in enumerate(known) if name not in still]
    ahead = known[max(settled, default=-1) + 1 :]
    return next(iter(ahead), next((name for name in known if name in still), None))


def following_by_definition(questionnaire: Questionnaire, answers: Mapping[str, Answer], answered: str) -> str | None:
    """Where an answer leads: to the nearest open question after it, else to the frontier."""
    known = path_by_definition(questionnaire, answers)
    still = open_by_definition(questionnaire, answers)
    behind = [name for name in known[known.index(answered) :] if name in still]
    return next(iter(behind), frontier_by_definition(questionnaire, answers))
