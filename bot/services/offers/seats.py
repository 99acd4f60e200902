"""The seats of one target during a transaction: locked, looked at again, and never left free while somebody waits.

docs/decisions/0012-registration.md has the states and the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any
from zoneinfo import ZoneInfo

from bot.core import seats
from bot.core.offers import Kind, Offer
from bot.core.seats import ENDED, Seat, Span, State
from bot.core.timing import FreeDay, Quiet
from bot.db.offers import meetings, registrations
from bot.db.offers.registrations import Target
from bot.db.people import participants
from bot.services.preferences.preferences import own_zone
from bot.services.turn import Turn


def sunday(day: date) -> bool:
    """The only free day where no holidays are known."""
    return day.isoweekday() == 7  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Terms:
    """What the town says: its offers, its zone, and when a held seat's time stands still."""

    offers: Mapping[str, Offer]
    zone: ZoneInfo
    quiet: Quiet = Quiet()  # noqa: RUF009 - frozen
    free_day: FreeDay = sunday


class What(StrEnum):
    """What has happened to a registration."""

    REGISTERED = auto()
    REQUESTED = auto()
    WAITING = auto()
    HELD = auto()
    """A seat is kept for the person until `News.until`."""
    GIVEN_BACK = auto()
    LEFT = auto()
    REFUSED = auto()
    LAPSED = auto()
    """The time ran out in which a seat was held."""
    NO_SEAT = auto()
    """The waiting list is closed: no seat became free in time."""
    WITHDRAWN = auto()
    """The offer was withdrawn."""


_WHAT = {state: What(state.value) for state in State}


@dataclass(frozen=True, slots=True)
class News:
    """Something that changed for a participant, to be told in the same transaction."""

    participant_id: int
    what: What
    offer_id: str
    meeting_id: int | None
    until: datetime | None
    registration_id: int


class Seats:
    """The seats of a target. Opening them locks it, ends what ran out, and holds what is free for whoever waits."""

    def __init__(self, turn: Turn, terms: Terms, target: Target) -> None:
        registrations.lock(turn.connection, [target])
        self._turn, self._terms, self.target = turn, terms, target
        self.offer = terms.offers.get(target.offer_id)
        self.span = span(turn, self.offer, target)
        self._line = {one.id: one for one in registrations.line(turn.connection, target)}
        self.news: list[News] = []
        self.settle()

    @property
    def line(self) -> list[Seat]:
        """The live registrations."""
        return list(self._line.values())

    @property
    def is_over(self) -> bool:
        """Whether nothing of it takes place any more."""
        return self.span is None or self.span.end <= self._turn.now

    @property
    def is_closed(self) -> bool:
        """Whether people can no longer register by themselves."""
        assert self.offer is not None and self.span is not None  # noqa: S101, PT018 - whoever asks has seen `is_over`
        return self.span.deadline(self.offer, self._terms.zone) <= self._turn.now

    @property
    def free(self) -> int | None:
        """Seats that somebody new can have; None: as many as come."""
        return seats.free(self.line, None if self.offer is None else self.offer.seats)

    def of(self, participant_id: int) -> Seat | None:
        """Somebody's live registration."""
        return next((one for one in self.line if one.participant_id == participant_id), None)

    def get(self, registration_id: int) -> Seat | None:
        """A live registration by its id."""
        return self._line.get(registration_id)

    def position(self, registration_id: int) -> int | None:
        """The place of a registration on the waiting list."""
        return seats.position(self.line, registration_id)

    def add(self, participant_id: int | None, state: State, **columns: Any) -> int:  # noqa: ANN401
        """A new registration; its id."""
        if state is State.REGISTERED:
            columns["registered_at"] = self._turn.now
        key = registrations.create(
            self._turn.connection, self.target, state, self._turn.now, participant_id=participant_id, **columns
        )
        self._line[key] = Seat(key, participant_id, state)
        self._tell(self._line[key])
        return key

    def turn_to(
        self,
        seat: Seat,
        state: State,
        *,
        until: datetime | None = None,
        what: What | None = None,
        **columns: Any,  # noqa: ANN401 - a column's value
    ) -> None:
        """Bring a registration into another state."""
        now = self._turn.now
        columns |= {"held_until": until}
        if state in ENDED:
            columns["ended_at"] = now
            del self._line[seat.id]
        elif state is State.REGISTERED:
            columns["registered_at"] = now
        registrations.change(self._turn.connection, seat.id, state, **columns)
        seat = replace(seat, state=state, held_until=until)
        if state not in ENDED:
            self._line[seat.id] = seat
        self._tell(seat, what)

    def settle(self) -> None:
        """End the holds whose time is over, and hold what is free for the first of the waiting list.

        Once it has begun, the waiting list is closed: nobody waits for ever.
        """
        for seat in seats.run_out(self.line, self._turn.now):
            self.turn_to(seat, State.LAPSED)
        if self.offer is None or self.span is None:
            return
        now, terms = self._turn.now, self._terms
        if self.span.moves_until(self.offer, terms.zone) <= now:
            for seat in seats.waiting(self.line):
                self.turn_to(seat, State.LAPSED, what=What.NO_SEAT)
        elif chosen := seats.next_up(self.line, self.offer.seats):
            zones = participants.zones(self._turn.connection, [one.participant_id or 0 for one in chosen])
            for seat in chosen:
                until = seats.hold_end(
                    self.offer,
                    self.span,
                    now,
                    clock=terms.zone,
                    quiet=terms.quiet,
                    zone=own_zone(zones.get(seat.participant_id or 0)) or terms.zone,
                    free_day=terms.free_day,
                )
                self.turn_to(seat, State.HELD, until=until)

    def _tell(self, seat: Seat, what: What | None = None) -> None:
        person, target = seat.participant_id, self.target
        if person is not None:
            what = what or _WHAT[seat.state]
            self.news.append(News(person, what, target.offer_id, target.meeting_id, seat.held_until, seat.id))


def span(turn: Turn, offer: Offer | None, target: Target) -> Span | None:
    """When the target begins and ends; None where it does not take place, or one cannot register for it."""
    registered_for = Kind.COURSE if target.meeting_id is None else Kind.EVENT
    if offer is None or offer.kind is not registered_for:
        return None
    return meetings.span(turn.connection, target.offer_id, target.meeting_id)
