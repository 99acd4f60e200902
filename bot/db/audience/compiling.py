"""Conditions as SQL over all profiles, with the same meaning as in memory.

A condition becomes two predicates: where it is true, and where it is false. Elsewhere it is unknown. So `not` swaps
the two, and no predicate has to tell false from NULL.
What follows from answers is not stored: which questions apply, and what is computed, is worked out for each person,
as far as the condition needs it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, not_, or_, true

from bot.core.audience import question_of
from bot.core.conditions import All, Any, Condition, Fact, Not, Test
from bot.core.questionnaire import Kind, Question, Questionnaire, Rule
from bot.db.audience.answers import Wanted, gave
from bot.db.audience.beside import beside
from bot.db.audience.deciding import Tree, tree
from bot.db.audience.keeping import Layout

Predicate = ColumnElement[bool]
KNOWN = Wanted()


class Crowd:
    """What conditions say about the rows of `profile`, at one moment and for one content."""

    def __init__(self, questionnaire: Questionnaire, layout: Layout, now: datetime) -> None:
        self._questionnaire = questionnaire
        self._layout = layout
        self._now = now
        self._order = {question.id: place for place, question in enumerate(questionnaire.questions)}
        self._found: dict[tuple[str, Wanted], Predicate] = {}

    def holds(self, condition: Condition | None, truth: bool = True) -> Predicate:
        """Where the condition is true (or, with `truth` False, where it is false)."""
        return self._holds(condition, truth, len(self._order))

    def _holds(self, condition: Condition | None, truth: bool, before: int) -> Predicate:
        """Like `holds`, but only questions before the place `before` are known, as when a question is asked."""
        match condition:
            case None:
                return true() if truth else false()
            case Fact():
                return self._fact(condition, truth, before)
            case Not(part):
                return self._holds(part, not truth, before)
            case All(parts) | Any(parts):
                found = [self._holds(part, truth, before) for part in parts]
                return and_(true(), *found) if isinstance(condition, All) is truth else or_(false(), *found)

    def _fact(self, fact: Fact, truth: bool, before: int) -> Predicate:
        name = question_of(fact.question)
        if name is None:
            holds = beside(fact, self._now)
            return holds if truth else not_(holds)
        known = self._order.get(name, before) < before
        if fact.test is not Test.ANSWERED:
            return self._is(name, Wanted(fact, truth)) if known else false()
        answered = self._is(name, KNOWN) if known else false()
        return answered if fact.operand is truth else answered.is_not(true())

    def _is(self, name: str, wanted: Wanted) -> Predicate:
        """Who has a wanted value for a question that applies to them."""
        if (name, wanted) not in self._found:
            self._found[name, wanted] = self._made(self._questionnaire.by_id[name], wanted)
        return self._found[name, wanted]

    def _made(self, question: Question, wanted: Wanted) -> Predicate:
        if question.kind is Kind.COMPUTED:
            decided = tree(self._questionnaire, question.id, wanted)
            if decided is not None:
                return self._decided(decided)
        place = self._order[question.id]
        found = (
            self._follows(question, wanted, place) if question.kind is Kind.COMPUTED else self._gave(question, wanted)
        )
        return found if question.ask_if is None else and_(found, self._holds(question.ask_if, True, place))

    def _gave(self, question: Question, wanted: Wanted) -> Predicate:
        return gave(self._questionnaire, self._layout, self._now, question, wanted)

    def _decided(self, way: Tree) -> Predicate:
        if isinstance(way, bool):
            return true() if way else false()
        ways = [(self._gave(way.question, Wanted(among=some)), then) for some, then in way.ways]
        if way.otherwise is False and [then for _, then in ways] == [True]:
            return ways[0][0]
        return case(*((given, self._decided(then)) for given, then in ways), else_=self._decided(way.otherwise))

    def _follows(self, question: Question, wanted: Wanted, place: int) -> Predicate:
        """For whom the first rule that gives a value gives a wanted one."""
        rules = [found for rule in question.rules if (found := self._rule(rule, wanted, place)) is not None]
        return case(*rules, else_=false()) if rules else false()

    def _rule(self, rule: Rule, wanted: Wanted, place: int) -> tuple[Predicate, Predicate] | None:
        """Who gets a value by this rule, and who of them gets a wanted one. None if it can give no value."""
        condition = self._holds(rule.condition, True, place)
        if rule.take is None:
            assert rule.value is not None  # noqa: S101 - a rule takes a value or says one
            return condition, true() if wanted(rule.value) else false()
        if self._order.get(rule.take, place) >= place:
            return None
        return and_(condition, self._is(rule.take, KNOWN)), self._is(rule.take, wanted)
