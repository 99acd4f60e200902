"""The calendar's arithmetic, as tables: both changes of the clock, other zones, quiet hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.timing import (
    Offset,
    Quiet,
    after_waking,
    fit,
    instant,
    local_time,
    moment,
    parse_offset,
)

BERLIN, KABUL, ST_JOHNS, LISBON, TEHRAN = map(
    ZoneInfo, ("Europe/Berlin", "Asia/Kabul", "America/St_Johns", "Europe/Lisbon", "Asia/Tehran")
)
ZONES = (BERLIN, KABUL, ST_JOHNS, LISBON, TEHRAN)
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


def at(text: str) -> datetime:
    """A local time, or with a Z a moment."""
    read = datetime.fromisoformat(text.removesuffix("Z"))
    return read.replace(tzinfo=UTC) if text.endswith("Z") else read


def sundays(day: date) -> bool:
    return day.isoweekday() == 7


@pytest.mark.row(28)
@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        (BERLIN, "2026-01-15T18:00", "2026-01-15T17:00Z"),
        (BERLIN, "2026-07-15T18:00", "2026-07-15T16:00Z"),
        (BERLIN, "2026-03-29T01:59", "2026-03-29T00:59Z"),
        (BERLIN, "2026-03-29T02:30", "2026-03-29T01:30Z"),  # there is no such time: 03:30
        (BERLIN, "2026-03-29T03:00", "2026-03-29T01:00Z"),
        (BERLIN, "2026-10-25T02:30", "2026-10-25T00:30Z"),  # it comes twice: the first
        (BERLIN, "2026-10-25T03:00", "2026-10-25T02:00Z"),
        (KABUL, "2026-10-25T18:00", "2026-10-25T13:30Z"),
        (ST_JOHNS, "2026-07-01T18:00", "2026-07-01T20:30Z"),
        (LISBON, "2026-10-25T01:30", "2026-10-25T00:30Z"),
        (TEHRAN, "2026-07-01T18:00", "2026-07-01T14:30Z"),
    ],
)
def test_a_local_time_is_a_moment(zone: ZoneInfo, local: str, expected: str) -> None:
    assert instant(at(local), zone) == at(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-7d at 18:00", Offset(-7, time(18))),
        ("+1d at 9:05", Offset(1, time(9, 5))),
        ("-1d", Offset(-1)),
        ("-2h", Offset(elapsed=-2 * HOUR)),
        ("-30m", Offset(elapsed=-30 * timedelta(minutes=1))),
        ("3h", Offset(elapsed=3 * HOUR)),
        ("0d at 08:00", Offset(0, time(8))),
        ("0", Offset()),
        (" -1d ", Offset(-1)),
        ("-1w", None),
        ("-1d at 24:00", None),
        ("-1d at 8:60", None),
        ("-2h at 18:00", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_offsets_are_read(text: str, expected: Offset | None) -> None:
    assert parse_offset(text) == expected


@pytest.mark.row(29)
@pytest.mark.parametrize(
    ("offset", "anchor", "expected"),
    [
        # 25 October 2026, 10:00 in Berlin; the night before is an hour longer.
        ("-1d", "2026-10-25T10:00", "2026-10-24T10:00"),
        ("-24h", "2026-10-25T10:00", "2026-10-24T11:00"),
        ("-1d at 18:00", "2026-10-25T10:00", "2026-10-24T18:00"),
        ("-2h", "2026-10-25T04:00", "2026-10-25T02:00"),  # the second one
        # 29 March 2026; the night before is an hour shorter.
        ("-1d", "2026-03-29T10:00", "2026-03-28T10:00"),
        ("-24h", "2026-03-29T10:00", "2026-03-28T09:00"),
        ("-1d", "2026-03-30T02:30", "2026-03-29T03:30"),  # 02:30 was jumped over
        ("-2h", "2026-03-29T04:00", "2026-03-29T01:00"),
        ("-7d at 18:00", "2026-11-01T09:00", "2026-10-25T18:00"),
        ("+1d at 09:00", "2026-12-31T18:00", "2027-01-01T09:00"),
        ("0", "2026-10-25T10:00", "2026-10-25T10:00"),
        ("0d at 08:00", "2026-10-25T10:00", "2026-10-25T08:00"),
    ],
)
def test_days_are_wall_clock_and_hours_elapse(offset: str, anchor: str, expected: str) -> None:
    parsed = parse_offset(offset)
    assert parsed is not None
    assert local_time(moment(parsed, instant(at(anchor), BERLIN), BERLIN), BERLIN) == at(expected)


@pytest.mark.row(28)
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("first", [date(2026, 3, 28), date(2026, 10, 24), date(2027, 3, 27), date(2027, 10, 30)])
@pytest.mark.parametrize("offset", ["-1d", "-1d at 09:00", "-2h", "-24h", "-7d at 18:00"])
def test_every_quarter_of_an_hour_around_a_change_has_one_right_reminder(
    zone: ZoneInfo, first: date, offset: str
) -> None:
    parsed = parse_offset(offset)
    assert parsed is not None
    slot = datetime.combine(first, time(0))
    while slot < datetime.combine(first, time(0)) + 3 * DAY:
        anchor = instant(slot, zone)
        said = moment(parsed, anchor, zone)
        if parsed.elapsed is not None:
            assert anchor - said == -parsed.elapsed
        else:
            wall, shown = local_time(anchor, zone), local_time(said, zone)
            expected = datetime.combine(wall.date() + parsed.days * DAY, parsed.at or wall.time())
            # Where the clock jumps over it, it is as much later as the jump is long.
            assert shown == expected or (shown - expected <= HOUR and instant(expected, zone) == said)
        slot += QUARTER


@pytest.mark.parametrize(
    ("local", "quiet"),
    [
        ("2026-11-25T20:59", False),
        ("2026-11-25T21:00", True),
        ("2026-11-26T00:00", True),
        ("2026-11-26T07:59", True),
        ("2026-11-26T08:00", False),
        ("2026-11-29T09:59", True),  # a Sunday
        ("2026-11-29T10:00", False),
    ],
)
def test_quiet_hours(local: str, quiet: bool) -> None:
    assert Quiet().covers(at(local), sundays) is quiet


def test_quiet_hours_behind_midnight_and_none_at_all() -> None:
    night = Quiet(time(1), time(6), time(6))
    assert [night.covers(at(f"2026-11-26T{hour:02}:00"), sundays) for hour in (0, 1, 5, 6, 23)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert not Quiet(time(8), time(8)).covers(at("2026-11-26T08:00"), sundays)


@pytest.mark.parametrize(
    ("wanted", "last_useful", "earliest", "said"),
    [
        ("2026-11-25T18:00", None, None, "2026-11-25T18:00"),
        ("2026-11-25T22:00", None, None, "2026-11-26T08:00"),
        ("2026-11-28T22:00", None, None, "2026-11-29T10:00"),  # the next day is a Sunday
        ("2026-11-26T06:00", "2026-11-26T07:30", None, "2026-11-25T20:55"),  # too late afterwards: before
        ("2026-11-25T22:00", "2026-11-26T07:30", None, "2026-11-25T20:55"),
        ("2026-11-26T06:00", "2026-11-26T08:00", None, "2026-11-26T08:00"),
        ("2026-11-26T06:00", "2026-11-26T07:30", "2026-11-26T05:00", None),  # before has passed
        ("2026-11-26T06:00", "2026-11-26T05:00", None, None),
        ("2026-11-25T12:00", None, "2026-11-25T15:00", "2026-11-25T15:00"),
        ("2026-11-25T12:00", "2026-11-25T14:00", "2026-11-25T15:00", None),
    ],
)
def test_what_falls_into_quiet_hours_moves(
    wanted: str, last_useful: str | None, earliest: str | None, said: str | None
) -> None:
    def when(text: str | None) -> datetime | None:
        return None if text is None else instant(at(text), BERLIN)

    found = fit(
        instant(at(wanted), BERLIN), Quiet(), BERLIN, sundays, last_useful=when(last_useful), earliest=when(earliest)
    )
    assert found == when(said)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-25T10:00", 5, "2026-11-25T15:00"),
        ("2026-11-25T20:00", 2, "2026-11-26T09:00"),
        ("2026-11-25T23:00", 1, "2026-11-26T09:00"),
        ("2026-11-28T20:00", 3, "2026-11-29T12:00"),  # into a Sunday
        ("2026-11-25T10:00", 24, "2026-11-26T21:00"),
        ("2026-10-24T20:00", 2, "2026-10-25T11:00"),  # the night of the change, and a Sunday
    ],
)
def test_a_time_that_does_not_run_in_quiet_hours(start: str, hours: int, end: str) -> None:
    found = after_waking(instant(at(start), BERLIN), hours * HOUR, Quiet(), BERLIN, sundays)
    assert local_time(found, BERLIN) == at(end)


MOMENTS = st.datetimes(at("2026-01-01"), at("2027-12-31"), timezones=st.just(UTC))
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
QUIETS = st.builds(Quiet, TIMES, TIMES, TIMES)


@given(MOMENTS, st.timedeltas(-DAY, 3 * DAY), st.timedeltas(-2 * DAY, DAY), QUIETS, st.sampled_from(ZONES))
def test_what_is_said_is_never_too_late_nor_too_early_nor_in_quiet_hours(
    wanted: datetime, useful: timedelta, early: timedelta, quiet: Quiet, zone: ZoneInfo
) -> None:
    last, earliest = wanted + useful, wanted + early
    found = fit(wanted, quiet, zone, sundays, last_useful=last, earliest=earliest)
    if found is not None:
        assert earliest <= found <= last
        local = local_time(found, zone)
        # In an hour that comes twice the wall clock may fall back into quiet hours that were over.
        assert not quiet.covers(local, sundays) or instant(local, zone) != found


@given(MOMENTS, st.timedeltas(timedelta(0), 3 * DAY), st.timedeltas(timedelta(0), DAY), st.sampled_from(ZONES))
def test_waking_time_grows_with_its_length(
    start: datetime, length: timedelta, more: timedelta, zone: ZoneInfo
) -> None:
    first, second = (after_waking(start, one, Quiet(), zone, sundays) for one in (length, length + more))
    assert start + length <= first <= second
    assert second - first >= more
