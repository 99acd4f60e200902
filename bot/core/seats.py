"""Seats and the waiting list of one target: an offer as a whole, or one of its meetings. Pure; `now` is an argument.

docs/decisions/0012-registration.md has the table of what leads from which state to which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.offers import Offer
from bot.core.timing import FreeDay, Quiet, after_waking, moment


class State(StrEnum):
    """Where a registration stands."""

    REQUESTED = "requested"
    """Waits for a coordinator's yes; the seat is kept."""
    REGISTERED = "registered"
    WAITING = "waiting"
    HELD = "held"
    """A freed seat is kept for the next on the waiting list."""
    GIVEN_BACK = "given_back"
    LEFT = "left"
    """Left the waiting list, or declined the held seat."""
    REFUSED = "refused"
    LAPSED = "lapsed"
    """The time ran out in which a seat was held."""


TAKING = frozenset({State.REQUESTED, State.REGISTERED, State.HELD})
"""States that take a seat."""
ENDED = frozenset({State.GIVEN_BACK, State.LEFT, State.REFUSED, State.LAPSED})
"""States from which nothing leads on: whoever comes again is a new registration."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A live registration of a target. `participant_id` None is a guest of the staff's."""

    id: int
    participant_id: int | None
    state: State
    held_until: datetime | None = None


def taken(line: Sequence[Seat]) -> int:
    """How many seats are taken."""
    return sum(seat.state in TAKING for seat in line)


def waiting(line: Sequence[Seat]) -> list[Seat]:
    """The waiting list, in its order."""
    return sorted((seat for seat in line if seat.state is State.WAITING), key=lambda seat: seat.id)


def free(line: Sequence[Seat], seats: int | None) -> int | None:
    """Seats that somebody new can have; None: as many as come. A seat that becomes free belongs to those who wait."""
    return None if seats is None else max(0, seats - taken(line) - len(waiting(line)))


def run_out(line: Sequence[Seat], now: datetime) -> list[Seat]:
    """The held seats whose time is over."""
    return [seat for seat in line if seat.state is State.HELD and (seat.held_until is None or seat.held_until <= now)]


def next_up(line: Sequence[Seat], seats: int | None) -> list[Seat]:
    """Those on the waiting list for whom there is a seat now."""
    queue = waiting(line)
    return queue if seats is None else queue[: max(0, seats - taken(line))]


def position(line: Sequence[Seat], key: int) -> int | None:
    """The place of a registration on the waiting list, from 1 on; None where it does not wait."""
    return next((number for number, seat in enumerate(waiting(line), 1) if seat.id == key), None)


@dataclass(frozen=True, slots=True)
class Span:
    """When a target begins (a course with its first meeting) and when the last of it is over."""

    first: datetime
    end: datetime

    def deadline(self, offer: Offer, zone: ZoneInfo) -> datetime:
        """Until when people can register; without another word until it begins."""
        return self.first if offer.register_until is None else moment(offer.register_until, self.first, zone)

    def moves_until(self, offer: Offer, zone: ZoneInfo) -> datetime:
        """Until when freed seats go to the waiting list: its beginning, or the deadline where that is later."""
        return min(max(self.first, self.deadline(offer, zone)), self.end)


def hold_end(
    offer: Offer, span: Span, now: datetime, *, clock: ZoneInfo, quiet: Quiet, zone: ZoneInfo, free_day: FreeDay
) -> datetime:
    """Until when a seat that gets free now is kept for the next: so many waking hours, but not past the beginning.

    `zone` is where the next lives and sleeps, `clock` that of the offer's dates.
    """
    return min(after_waking(now, offer.hold, quiet, zone, free_day), span.moves_until(offer, clock))
