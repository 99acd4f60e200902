"""Reads conditions as content files write them, and checks them against the questions that come before."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from bot.content.faults import nearest
from bot.content.lists_file import ItemList
from bot.content.nodes import Leaf, Node, Series, Table
from bot.content.reader import Reader
from bot.core.conditions import All, Any, Condition, Fact, Not, Test
from bot.core.months import within
from bot.core.questionnaire import Kind, Question

JOINTS = ("all", "any", "not")
"""Words of the condition language."""

TAGGED = "tagged"
"""A comparison for lists: the answer is an item with this tag."""
NO_LISTS: Mapping[str, ItemList] = MappingProxyType({})

_CHOICE = (Test.IS, Test.ONE_OF, Test.ANSWERED)
_RANKED = (Test.IS, Test.ONE_OF, Test.AT_LEAST, Test.AT_MOST, Test.ANSWERED)
_TESTS: dict[Kind, tuple[Test, ...]] = {
    Kind.SINGLE: _CHOICE,
    Kind.YES_NO: _CHOICE,
    Kind.SCALE: _RANKED,
    Kind.NUMBER: _RANKED,
    Kind.MULTIPLE: (Test.INCLUDES, Test.ANSWERED),
    Kind.SHORT_TEXT: (Test.ANSWERED,),
    Kind.LONG_TEXT: (Test.ANSWERED,),
    Kind.MONTH_YEAR: _RANKED,
    Kind.DAY: (Test.ANSWERED,),
    Kind.TIME: (Test.ANSWERED,),
    Kind.LIST: _CHOICE,
    Kind.STATEMENT: (),
    Kind.COMPUTED: _RANKED,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a condition, as a code and in English. `known`: the names that could be meant."""

    line: int
    code: str
    about: str
    known: tuple[str, ...]
    what: str
    mend: str


class _FaultyError(Exception):
    """Stops reading a condition at its first fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


class _UnreadError(Exception):
    """The condition asks about a question that has a fault itself, which is reported there."""


def read_condition(
    reader: Reader,
    node: Node,
    earlier: Mapping[str, Question | None],
    later: Collection[str],
    lists: Mapping[str, ItemList] = NO_LISTS,
) -> Condition | None:
    """The condition that a node holds. None with a fault.

    `earlier`: the questions it may ask about (None: one that could not be read). `later`: the ids of the others.
    `lists` know the tags of their items.
    """
    try:
        found = parsed(node, earlier, later, lists)
    except _UnreadError:
        return None
    if isinstance(found, Fault):
        reader.error(found.line, found.what, found.mend)
        return None
    return found


def parsed(
    node: Node,
    earlier: Mapping[str, Question | None],
    later: Collection[str],
    lists: Mapping[str, ItemList],
    includes: Collection[str] = (),
) -> Condition | Fault:
    """The condition that a node holds, or its first fault. For names in `includes`, a bare word is one of several."""
    try:
        return _Parser(earlier, later, lists, includes).condition(node)
    except _FaultyError as faulty:
        return faulty.fault


def _fail(
    node: Node, what: str, mend: str, code: str = "shape", about: str = "", known: Iterable[str] = ()
) -> NoReturn:
    raise _FaultyError(Fault(node.line, code, about, tuple(known), what, mend))


class _Parser:
    def __init__(
        self,
        earlier: Mapping[str, Question | None],
        later: Collection[str],
        lists: Mapping[str, ItemList],
        includes: Collection[str],
    ) -> None:
        self._earlier = earlier
        self._later = later
        self._lists = lists
        self._includes = includes

    def condition(self, node: Node) -> Condition:
        if not isinstance(node, Table) or not node.entries:
            _fail(node, "A condition must be a mapping", "Write '{question: answer}', or all, any, not")
        parts = tuple(self._entry(node, key, value) for key, value in node.entries.items())
        return parts[0] if len(parts) == 1 else All(parts)

    def _entry(self, table: Table, key: str, value: Node) -> Condition:
        if key == "not":
            return Not(self.condition(value))
        if key in JOINTS:
            if not isinstance(value, Series) or not value.items:
                mend = f"Write '{key}: [{{...}}, {{...}}]'"
                _fail(value, f"'{key}' needs a list of conditions", mend, "joint", key)
            parts = tuple(self.condition(item) for item in value.items)
            return All(parts) if key == "all" else Any(parts)
        here = Leaf(table.lines[key], key)
        if key in self._later:
            what = f"The condition asks about '{key}', which is not asked before"
            _fail(here, what, "Ask about earlier questions only, or move the question")
        if key not in self._earlier:
            known = [*self._earlier, *JOINTS]
            _fail(here, f"There is no question '{key}'", nearest(key, known), "name", key, known)
        question = self._earlier[key]
        if question is None:
            raise _UnreadError
        return self._about(question, value)

    def _about(self, question: Question, value: Node) -> Condition:
        if isinstance(value, Leaf):
            test = Test.INCLUDES if question.id in self._includes else Test.IS
            return self._fact(question, test, value, value)
        if isinstance(value, Series) or not value.entries:
            _fail(
                value,
                f"'{question.id}' must be compared",
                "Write '{one_of: [a, b]}' or '{at_least: B1}'",
                "other",
                question.id,
            )
        facts = []
        for name, operand in value.entries.items():
            here = Leaf(value.lines[name], name)
            if name == TAGGED and question.kind is Kind.LIST:
                facts.append(self._tagged(question, operand))
                continue
            if name not in list(Test):
                known = _comparisons(question)
                _fail(here, f"There is no comparison '{name}'", nearest(name, known), "compare", name, known)
            facts.append(self._fact(question, Test(name), here, operand))
        return facts[0] if len(facts) == 1 else All(tuple(facts))

    def _fact(self, question: Question, test: Test, here: Node, operand: Node) -> Fact:
        if test not in _TESTS[question.kind]:
            what = f"'{question.id}' ({question.kind}) cannot be compared with '{test}'"
            known = _comparisons(question)
            _fail(here, what, f"Possible here: {', '.join(known) or 'none'}", "compare", str(test), known)
        if test is Test.ANSWERED:
            if not isinstance(operand, Leaf) or operand.value not in {"true", "false"}:
                _fail(operand, "'answered' must be true or false", "Write '{answered: true}'", "flag")
            return Fact(question.id, test, operand.value == "true")
        if test is Test.ONE_OF:
            if not isinstance(operand, Series) or not operand.items:
                _fail(operand, "'one_of' needs a list", "Write '{one_of: [a, b]}'", "list")
            values = tuple(_operand(question, item) for item in operand.items)
            # A tuple holds option ids. Numbers are compared one by one.
            return Fact(question.id, test, values)  # type: ignore[arg-type]
        ranks = tuple(option.id for option in question.options if not option.unsure)
        ranked = test in {Test.AT_LEAST, Test.AT_MOST} and question.kind in {Kind.SCALE, Kind.COMPUTED}
        return Fact(question.id, test, _operand(question, operand), ranks if ranked else ())

    def _tagged(self, question: Question, operand: Node) -> Fact:
        """The fact that the answer is one of the items with a tag."""
        listed = self._lists.get(question.list_name)
        tag = operand.value if isinstance(operand, Leaf) else ""
        items = listed.tagged(tag) if listed else ()
        if not items:
            known = sorted(listed.tags) if listed else []
            what = f"No item of '{question.list_name}' is tagged '{tag}'"
            _fail(operand, what, nearest(tag, known), "option", tag, known)
        return Fact(question.id, Test.ONE_OF, items)


def _comparisons(question: Question) -> tuple[str, ...]:
    return (*_TESTS[question.kind], TAGGED) if question.kind is Kind.LIST else _TESTS[question.kind]


def _operand(question: Question, node: Node) -> str | int:
    value = node.value if isinstance(node, Leaf) else ""
    if question.kind is Kind.MONTH_YEAR:
        if not within(value):
            _fail(node, f"'{question.id}' is compared with a month", "Write it as 2026-03", "month", question.id)
        return value
    if question.kind is Kind.NUMBER:
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            _fail(node, f"'{question.id}' is compared with a number", "Write a whole number", "number", question.id)
        number = int(value)
        if not question.minimum <= number <= question.maximum:
            what = f"'{question.id}' is never {number}"
            mend = f"It is asked from {question.minimum} to {question.maximum}"
            _fail(node, what, mend, "number", question.id, (f"{question.minimum}-{question.maximum}",))
        return number
    option = question.option(value)
    if option is None:
        ids = [one.id for one in question.options]
        _fail(node, f"'{question.id}' has no option '{value}'", nearest(value, ids), "option", value, ids)
    if option.unsure:
        what = f"'{value}' counts as unknown, so this can never hold"
        _fail(node, what, "Use '{answered: false}' or another option", "unsure", value)
    return value
