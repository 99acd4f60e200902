"""Seats and the waiting list as values."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.core import seats
from bot.core.offers import Kind, Offer
from bot.core.seats import Seat, Span, State
from bot.core.timing import Quiet, parse_offset

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIVE = (State.REQUESTED, State.REGISTERED, State.WAITING, State.HELD)
lines = st.lists(st.sampled_from(LIVE), max_size=12).map(
    lambda states: [Seat(number, number, state, NOW) for number, state in enumerate(states, 1)]
)


@given(lines, st.one_of(st.none(), st.integers(0, 12)))
def test_the_next_are_the_first_who_wait_and_never_more_than_there_are_seats(
    line: list[Seat], limit: int | None
) -> None:
    chosen = seats.next_up(line, limit)
    waiting = [seat for seat in line if seat.state is State.WAITING]
    assert chosen == waiting[: len(chosen)]
    assert [seats.position(line, seat.id) for seat in waiting] == list(range(1, len(waiting) + 1))
    left = seats.free(line, limit)
    if limit is None:
        assert (chosen, left) == (waiting, None)
    else:
        taken = len(line) - len(waiting)
        assert len(chosen) == min(len(waiting), max(0, limit - taken))
        assert left == max(0, limit - taken - len(waiting))


def test_only_holds_run_out_and_at_the_very_moment() -> None:
    line = [
        Seat(1, 1, State.HELD, NOW),
        Seat(2, 2, State.HELD, NOW + timedelta.resolution),
        Seat(3, 3, State.HELD),
        Seat(4, 4, State.WAITING),
        Seat(5, None, State.REGISTERED),
    ]
    assert [seat.id for seat in seats.run_out(line, NOW)] == [1, 3]
    assert seats.position(line, 1) is None


def test_a_hold_runs_in_waking_hours_and_ends_with_the_beginning() -> None:
    offer, quiet = Offer("a", Kind.EVENT, hold=timedelta(hours=24)), Quiet(time(21), time(8), time(10))

    def end(span: Span, zone: str = "Europe/Berlin") -> datetime:
        return seats.hold_end(
            offer, span, NOW, clock=BERLIN, quiet=quiet, zone=ZoneInfo(zone), free_day=lambda _: False
        )

    far = Span(NOW + 100 * HOUR, NOW + 102 * HOUR)
    assert end(far) == NOW + 35 * HOUR
    assert end(far, "America/New_York") == NOW + 39 * HOUR, "it is four in the morning there: 13 hours, and 11"
    assert end(far, "Asia/Kathmandu") == NOW + 46 * HOUR, "14:45 there: 6 hours and a quarter, 13, and the rest"
    assert end(Span(NOW + 20 * HOUR, NOW + 22 * HOUR)) == NOW + 20 * HOUR


def test_the_list_moves_until_it_begins_or_longer_where_people_still_register_but_not_beyond_the_end() -> None:
    span = Span(NOW, NOW + 48 * HOUR)
    moves = {
        text: span.moves_until(Offer("a", Kind.COURSE, register_until=parse_offset(text)), BERLIN) - NOW
        for text in ("-2h", "0", "+30h", "+9d")
    }
    assert moves == {"-2h": 0 * HOUR, "0": 0 * HOUR, "+30h": 30 * HOUR, "+9d": 48 * HOUR}
    assert span.deadline(Offer("a", Kind.COURSE, register_until=parse_offset("-2h")), BERLIN) == NOW - 2 * HOUR
    assert span.deadline(Offer("a", Kind.COURSE), BERLIN) == NOW
