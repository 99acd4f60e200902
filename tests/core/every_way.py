"""Every way through a questionnaire, walked one by one with every answer that a condition could look at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from bot.core.answering import counts
from bot.core.conditions import Value, questions_in
from bot.core.engine import Answer, Status, frontier, lookup, path
from bot.core.months import as_value, year_and_month
from bot.core.paths import facts_in
from bot.core.questionnaire import SEEN, Kind, Question, Questionnaire


class EveryWay:
    """The questions `reached` on any way, and the most answers (`longest`), unless there are too many ways."""

    MOST = 400

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.reached: set[str] = set()
        self.longest = 0
        self._ways = 0
        self._questionnaire = questionnaire
        rules = [rule for one in questionnaire.questions for rule in one.rules]
        conditions = [one.ask_if for one in questionnaire.questions] + [rule.condition for rule in rules]
        self._facts = [fact for condition in conditions for fact in facts_in(condition)]
        self._looked_at = frozenset().union(*map(questions_in, conditions)) | {rule.take for rule in rules}
        self._walk({})

    @property
    def walked(self) -> bool:
        """Whether all ways were walked."""
        return self._ways < self.MOST

    def _walk(self, answers: dict[str, Answer]) -> None:
        at = frontier(self._questionnaire, answers)
        if at is None:
            self._end(answers)
            return
        question = self._questionnaire.by_id[at]
        given = [one for one in self._possible(question) if counts(question, one)]
        for one in given if at in self._looked_at else given[:1]:
            if self.walked:
                self._walk({**answers, at: one})

    def _end(self, answers: dict[str, Answer]) -> None:
        self._ways += 1
        ended = path(self._questionnaire, answers)
        self.reached |= {*ended, *self._computed(answers)}
        self.longest = max(self.longest, sum(self._questionnaire.by_id[one].kind.is_answered for one in ended))

    def _computed(self, answers: dict[str, Answer]) -> set[str]:
        """The computed questions that apply, with or without a value."""
        known = lookup(self._questionnaire, answers)
        asked = self._questionnaire.asked
        return {one.id for one, holds in asked if one.kind is Kind.COMPUTED and (not holds or holds(known) is True)}

    def _possible(self, question: Question) -> Iterator[Answer]:
        yield from (Answer(Status.GIVEN, value) for value in self._values(question))
        yield Answer(Status.SKIPPED, None)
        yield Answer(Status.DECLINED, None)

    def _values(self, question: Question) -> Iterator[Value]:
        ids = [option.id for option in question.options]
        match question.kind:
            case Kind.MULTIPLE:
                yield from (chosen for size in range(len(ids) + 1) for chosen in combinations(ids, size))
            case Kind.NUMBER:
                yield from range(question.minimum, question.maximum + 1)
            case Kind.MONTH_YEAR:
                months = {month for month in self._operands(question.id) if isinstance(month, str)}
                yield from sorted({"1950-01", "2090-01", *months, *map(_following, months)})
            case Kind.STATEMENT:
                yield SEEN
            case _:
                yield from (*ids, "~x")

    def _operands(self, question: str) -> Iterator[Value]:
        for fact in self._facts:
            if fact.question == question:
                yield from fact.operand if isinstance(fact.operand, tuple) else (fact.operand,)


def _following(month: str) -> str:
    year, number = year_and_month(month)
    return as_value(year + number // 12, number % 12 + 1)
