"""Why a condition holds for a person, or what is missing: the facts that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.conditions import All, Any, Condition, Fact, Lookup, Not, Test, compiled

STEPS = 1
"""How many steps of a scale (such as language levels) a person may be away from what they nearly have."""


@dataclass(frozen=True, slots=True)
class Point:
    """A fact that decides. If `negated`, its opposite does. `known` False: the question is not answered yet."""

    fact: Fact
    negated: bool
    known: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """Whether a condition holds (None: it cannot be known), the points for it, and the points it lacks.

    If it holds, `missing` is empty. Otherwise `missing` is the nearest way: if all these points held, it would hold.
    """

    holds: bool | None
    because: tuple[Point, ...]
    missing: tuple[Point, ...]


def explained(condition: Condition | None, lookup: Lookup) -> Explained:
    """Asks a condition about one person. No condition always holds, for no reason."""
    return Explained(True, (), ()) if condition is None else _explained(condition, lookup, negated=False)


def beyond(condition: Condition, *, negated: bool = False) -> Condition | None:
    """A condition for people who are far from meeting this one: more than one step away on a scale.

    None if there can be nobody. People without an answer are not far, because they may fit. A value that has no order
    is never far.
    """
    match condition:
        case Fact():
            return _beyond(condition, negated=negated)
        case Not(part):
            return beyond(part, negated=not negated)
        case All(parts) | Any(parts):
            inner = [beyond(part, negated=negated) for part in parts]
            far = tuple(one for one in inner if one is not None)
            if isinstance(condition, All) is not negated:  # all must hold, so one that is far off is enough
                return Any(far) if far else None
            return All(far) if far and len(far) == len(inner) else None


def _beyond(fact: Fact, *, negated: bool) -> Condition | None:
    if not fact.scale or fact.test not in {Test.AT_LEAST, Test.AT_MOST}:
        return None
    at, upwards = fact.scale.index(str(fact.operand)), (fact.test is Test.AT_LEAST) is not negated
    # The first value that is too far off: below the lowest one that fits, or above the highest one.
    right = at if not negated else at + (1 if upwards else -1)
    far = right - STEPS - 1 if upwards else right + STEPS + 1
    if not 0 <= far < len(fact.scale):
        return None
    return Fact(fact.question, Test.AT_MOST if upwards else Test.AT_LEAST, fact.scale[far], fact.scale)


def together(parts: Sequence[Explained]) -> Explained:
    """Combines several conditions that must all hold."""
    values = [part.holds for part in parts]
    holds = False if False in values else None if None in values else True
    because = tuple(dict.fromkeys(point for part in parts for point in part.because))
    missing = tuple(dict.fromkeys(point for part in parts if part.holds is not True for point in part.missing))
    return Explained(holds, because, missing)


def _explained(condition: Condition, lookup: Lookup, *, negated: bool) -> Explained:
    match condition:
        case Fact():
            return _fact(condition, lookup, negated=negated)
        case Not(part):
            return _explained(part, lookup, negated=not negated)
        case All(parts) | Any(parts):
            inner = [_explained(part, lookup, negated=negated) for part in parts]
            return together(inner) if isinstance(condition, All) is not negated else _nearest(inner)


def _fact(fact: Fact, lookup: Lookup, *, negated: bool) -> Explained:
    value = compiled(fact)(lookup)
    holds = None if value is None else value is not negated
    point = (Point(fact, negated, known=value is not None),)
    return Explained(holds, point, ()) if holds else Explained(holds, (), point)


def _nearest(parts: Sequence[Explained]) -> Explained:
    """Combines parts of which one is enough: all that hold, else the one that lacks least. No parts: not enough."""
    if not parts:
        return Explained(False, (), ())
    holding = [part for part in parts if part.holds]
    if holding:
        return together(holding)
    nearest = min(parts, key=lambda part: (len(part.missing), part.holds is False))
    return Explained(None if any(part.holds is None for part in parts) else False, (), nearest.missing)
