"""Seats and the waiting list of one target: an offer as a whole, or one of its meetings. `now` is an argument.

docs/decisions/0012-registration.md has the table of states and transitions.
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
    """The state of a registration."""

    REQUESTED = "requested"
    """Waits for a coordinator's approval. The seat is kept."""
    REGISTERED = "registered"
    WAITING = "waiting"
    HELD = "held"
    """A freed seat is kept for the next person on the waiting list."""
    GIVEN_BACK = "given_back"
    LEFT = "left"
    """Left the waiting list, or declined the held seat."""
    REFUSED = "refused"
    LAPSED = "lapsed"
    """The time for which the seat was held has run out."""


TAKING = frozenset({State.REQUESTED, State.REGISTERED, State.HELD})
"""States that take a seat."""
ENDED = frozenset({State.GIVEN_BACK, State.LEFT, State.REFUSED, State.LAPSED})
"""Final states. A person who comes again gets a new registration."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A live registration for a target. `participant_id` None: a guest that staff added."""

    id: int
    participant_id: int | None
    state: State
    held_until: datetime | None = None


def taken(line: Sequence[Seat]) -> int:
    """How many seats are taken."""
    return sum(seat.state in TAKING for seat in line)


def waiting(line: Sequence[Seat]) -> list[Seat]:
    """The waiting list, in order."""
    return sorted((seat for seat in line if seat.state is State.WAITING), key=lambda seat: seat.id)


def free(line: Sequence[Seat], seats: int | None) -> int | None:
    """Seats that a new person can have. None: no limit. Freed seats belong to those who wait."""
    return None if seats is None else max(0, seats - taken(line) - len(waiting(line)))


def run_out(line: Sequence[Seat], now: datetime) -> list[Seat]:
    """The held seats whose time is over."""
    return [seat for seat in line if seat.state is State.HELD and (seat.held_until is None or seat.held_until <= now)]


def next_up(line: Sequence[Seat], seats: int | None) -> list[Seat]:
    """The people on the waiting list for whom there is a seat now."""
    queue = waiting(line)
    return queue if seats is None else queue[: max(0, seats - taken(line))]


def position(line: Sequence[Seat], key: int) -> int | None:
    """The position of a registration on the waiting list, from 1. None if it is not waiting."""
    return next((number for number, seat in enumerate(waiting(line), 1) if seat.id == key), None)


@dataclass(frozen=True, slots=True)
class Span:
    """When a target begins (a course: its first meeting) and when its last meeting is over."""

    first: datetime
    end: datetime

    def deadline(self, offer: Offer, zone: ZoneInfo) -> datetime:
        """Until when people can register. If the offer does not say: until it begins."""
        return self.first if offer.register_until is None else moment(offer.register_until, self.first, zone)

    def moves_until(self, offer: Offer, zone: ZoneInfo) -> datetime:
        """Until when freed seats go to the waiting list: until it begins, or until a later deadline."""
        return min(max(self.first, self.deadline(offer, zone)), self.end)


def hold_end(
    offer: Offer, span: Span, now: datetime, *, clock: ZoneInfo, quiet: Quiet, zone: ZoneInfo, free_day: FreeDay
) -> datetime:
    """Until when a seat that is freed now is kept for the next person.

    That is `hold` in waking hours, but no later than `moves_until`. `zone` is the next person's zone, `clock` the
    zone of the offer's dates.
    """
    return min(after_waking(now, offer.hold, quiet, zone, free_day), span.moves_until(offer, clock))
