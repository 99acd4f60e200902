"""Somebody's path as they see it: values that screens are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.road import Plan


@dataclass(frozen=True, slots=True)
class Way:
    """A plan with what its person can do about it.

    `decisive` are the questions whose answers they could change, by the step they decide; "" has those of the goals.
    `marked` are the steps they have ticked, `ticks` those they can tick.
    """

    plan: Plan
    decisive: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()
    ticks: frozenset[str] = frozenset()
