"""The clock of the phones page, where there is one: the page shows it, and lets people jump ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment worth going to, in seconds since 1970, with what it is."""

    label: str
    at: float


class Journey(Protocol):
    """Who can move the time. Without one the page has no clock."""

    zone: str
    """The zone the page shows it in."""
    going_to: float | None
    """Where it is on its way to, in seconds since 1970; None where it only goes on."""

    def now(self) -> float:
        """The time, in seconds since 1970."""

    async def moments(self) -> Sequence[Moment]:
        """Moments worth going to, the next first."""

    async def go(self, to: float) -> None:
        """Be at that time, with everything done that was due until then. ValueError: it is past, or too far."""
