"""The one condition language: it decides who is asked, who is reached and who may see an offer.

Conditions are three-valued (Kleene). A question that is unanswered, skipped, declined, no longer applicable or
answered "unsure" is *unknown*. `not` unknown is unknown. At the top, unknown counts as no.

As data (YAML): `{german_level: {at_least: B1}}`, `{paper: yes}`, `{all: [...]}`, `{any: [...]}`,
`{not: ...}`, `{goals: {includes: degree}}`, `{paper: {answered: true}}`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | tuple[str, ...]
"""The value of an answer: an option's id, a number, the ids of the ticked options, or words."""


class Test(StrEnum):
    """How an answer is compared."""

    __test__ = False  # the field is called "test"; pytest must not collect it

    IS = "is"
    ONE_OF = "one_of"
    INCLUDES = "includes"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Fact:
    """A comparison of one answer. `operand` holds option ids in order of rank if the test needs a rank.

    For `AT_LEAST` and `AT_MOST` on a scale, `scale` is the scale's option ids, lowest first. On a number or a month
    ("2026-03") it is empty.
    For `ANSWERED`, `operand` is True or False. It tests presence, and is never unknown.
    """

    question: str
    test: Test
    operand: Value | bool
    scale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    """True if every part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True if at least one part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True if the part is false."""

    part: Condition


Condition = Fact | All | Any | Not
NOBODY: Condition = Any(())
"""A condition that holds for nobody. It replaces one that can no longer be asked."""
Lookup = Callable[[str], Value | None]
"""Gives the value of a question by its id, None if it is unknown."""
Predicate = Callable[[Lookup], bool | None]
"""A condition as a function: True, False, or None if it cannot be known."""


def compiled(condition: Condition | None) -> Predicate:
    """The condition as a function: True, False, or None if it cannot be known. No condition is always True."""
    match condition:
        case None:
            return lambda _: True
        case Fact():
            return _asked(condition)
        case Not(part):
            return _negated(compiled(part))
        case All(parts):
            return _joined([compiled(part) for part in parts], stop=False)
        case Any(parts):
            return _joined([compiled(part) for part in parts], stop=True)


def questions_in(condition: Condition | None) -> frozenset[str]:
    """The ids of all questions a condition asks about."""
    match condition:
        case None:
            return frozenset()
        case Fact(question):
            return frozenset({question})
        case Not(part):
            return questions_in(part)
        case All(parts) | Any(parts):
            return frozenset().union(*(questions_in(part) for part in parts))


def _negated(part: Predicate) -> Predicate:
    def negated(lookup: Lookup) -> bool | None:
        inner = part(lookup)
        return None if inner is None else not inner

    return negated


def _joined(parts: list[Predicate], *, stop: bool) -> Predicate:
    """All or any of several parts. A part equal to `stop` decides. Otherwise one unknown part makes it unknown."""

    def joined(lookup: Lookup) -> bool | None:
        unknown = False
        for part in parts:
            value = part(lookup)
            if value is stop:
                return stop
            unknown = unknown or value is None
        return None if unknown else not stop

    return joined


def _asked(fact: Fact) -> Predicate:
    """One comparison as a function, built once because it is asked dozens of times at each tap."""
    name, operand = fact.question, fact.operand
    match fact.test:
        case Test.ANSWERED:
            return lambda lookup: (lookup(name) is not None) is operand
        case Test.IS:
            return lambda lookup: None if (value := lookup(name)) is None else value == operand
        case Test.ONE_OF:
            among = operand if isinstance(operand, tuple) else ()
            return lambda lookup: None if (value := lookup(name)) is None else value in among
        case Test.INCLUDES:
            return lambda lookup: (
                None if (value := lookup(name)) is None else isinstance(value, tuple) and operand in value
            )
        case Test.AT_LEAST:
            return lambda lookup: None if (value := lookup(name)) is None else _order(fact, value) >= 0
        case Test.AT_MOST:
            return lambda lookup: None if (value := lookup(name)) is None else _order(fact, value) <= 0


def _order(fact: Fact, value: Value) -> int:
    """The order of value and operand on the scale, as numbers or as months: negative if the value comes first."""
    if fact.scale:
        return fact.scale.index(str(value)) - fact.scale.index(str(fact.operand))
    if isinstance(value, int) and isinstance(fact.operand, int):
        return value - fact.operand
    return (str(value) > str(fact.operand)) - (str(value) < str(fact.operand))
