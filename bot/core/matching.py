"""Why a condition holds for somebody, or what is missing: the facts that decide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.conditions import All, Any, Condition, Fact, Lookup, Not, compiled


@dataclass(frozen=True, slots=True)
class Point:
    """A fact that decides: it holds, or (`negated`) its opposite does, or should. `known` False: not answered yet."""

    fact: Fact
    negated: bool
    known: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """Whether a condition holds (None: it cannot be known), the points for it, and those it lacks.

    Where it holds, `missing` is empty; else it is the nearest way: were all of these points so, it would hold.
    """

    holds: bool | None
    because: tuple[Point, ...]
    missing: tuple[Point, ...]


def explained(condition: Condition | None, lookup: Lookup) -> Explained:
    """A condition asked of one person. No condition always holds, for no reason."""
    return Explained(True, (), ()) if condition is None else _explained(condition, lookup, negated=False)


def together(parts: Sequence[Explained]) -> Explained:
    """Several conditions that must all hold."""
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
    """Parts of which one is enough: all that hold, else the one that lacks least."""
    holding = [part for part in parts if part.holds]
    if holding:
        return together(holding)
    nearest = min(parts, key=lambda part: (len(part.missing), part.holds is False))
    return Explained(None if any(part.holds is None for part in parts) else False, (), nearest.missing)
