"""Who came, who was excused, and who was missing twice in a row."""

from __future__ import annotations

import pytest

from bot.core.attending import Attended
from bot.services.offers import attendance, meetings, registration
from bot.services.offers.registration import Guest
from tests.services.seating.town import COURSE, STAFF, Town

PRESENT, EXCUSED, ABSENT = Attended.PRESENT, Attended.EXCUSED, Attended.ABSENT


async def enter(town: Town, *people: int) -> list[int]:
    """The people have a firm seat in the course; the ids of their registrations."""
    town.change(COURSE, seats=None, approval=False)
    return await town.registered(*people, target=town.course)


async def keys(town: Town) -> list[int]:
    return [(await town.meeting("b2", one.original.isoformat(timespec="minutes"))).id for one in COURSE.meetings]


async def missing(town: Town, meeting_id: int) -> list[int | None]:
    found = await town.do(attendance.absent_twice_in_a_row, town.terms, meeting_id)
    return [one.participant_id for one in found]


async def test_the_list_of_a_meeting_has_everybody_with_a_firm_seat_and_what_was_last_said(town: Town) -> None:
    one, two, three, four = await town.people(4)
    requested = await town.register(four, town.course)
    first, second, third = await enter(town, one, two, three)
    guest = await town.do(registration.enter_guest, town.terms, town.course, Guest("Anna"), STAFF)
    (meeting, other, *_) = await keys(town)
    mark = attendance.mark
    assert await town.do(mark, first, meeting, ABSENT, STAFF)
    assert await town.do(mark, first, meeting, PRESENT, STAFF)
    assert await town.do(mark, second, meeting, EXCUSED, STAFF)
    assert await town.do(mark, third, other, ABSENT, STAFF)
    assert await town.do(mark, guest.registration_id or 0, meeting, PRESENT, STAFF)
    found = await town.do(attendance.list_for, meeting)
    assert [(entry.registration.participant_id, entry.attended) for entry in found] == [
        (one, PRESENT),
        (two, EXCUSED),
        (three, None),
        (None, PRESENT),
    ]
    assert await town.do(mark, second, meeting, None, STAFF)
    assert (await town.do(attendance.list_for, meeting))[1].attended is None
    assert not await town.do(mark, requested.registration_id or 0, meeting, PRESENT, STAFF), "no firm seat"
    assert not await town.do(mark, first, town.evening.meeting_id or 0, PRESENT, STAFF), "of another offer"
    assert not await town.do(mark, first, 999, PRESENT, STAFF)
    assert not await town.do(mark, 999, meeting, PRESENT, STAFF)
    assert await town.do(attendance.list_for, 999) == ()
    await town.do(meetings.cancel, meeting)
    assert not await town.do(mark, first, meeting, PRESENT, STAFF)


@pytest.mark.parametrize(
    ("before", "then", "told"),
    [
        (ABSENT, ABSENT, True),
        (ABSENT, EXCUSED, False),
        (EXCUSED, ABSENT, False),
        (PRESENT, ABSENT, False),
        (None, ABSENT, False),
        (ABSENT, None, False),
    ],
)
async def test_only_who_was_absent_at_both_is_told_of(
    town: Town, before: Attended | None, then: Attended | None, told: bool
) -> None:
    (one,) = await town.people(1)
    (seat,) = await enter(town, one)
    first, second, *_ = await keys(town)
    await town.do(attendance.mark, seat, first, before, STAFF)
    await town.do(attendance.mark, seat, second, then, STAFF)
    assert await missing(town, first) == []
    assert await missing(town, second) == ([one] if told else [])


async def test_each_pair_is_told_of_once_however_often_the_list_is_saved(town: Town) -> None:
    one, two = await town.people(2)
    first, second = await enter(town, one, two)
    days = await keys(town)
    for day in days[:2]:
        await town.do(attendance.mark, first, day, ABSENT, STAFF)
    assert await missing(town, days[1]) == [one]
    assert await missing(town, days[1]) == []
    for said in (PRESENT, ABSENT):
        await town.do(attendance.mark, first, days[1], said, STAFF)
        assert await missing(town, days[1]) == []
    for day in days[:2]:
        await town.do(attendance.mark, second, day, ABSENT, STAFF)
    assert await missing(town, days[1]) == [two]
    await town.do(attendance.mark, first, days[2], ABSENT, STAFF)
    assert await missing(town, days[2]) == [one], "another pair"


async def test_a_cancelled_meeting_between_them_does_not_count_and_an_event_has_no_row(town: Town) -> None:
    (one,) = await town.people(1)
    (seat,) = await enter(town, one)
    first, second, third, _ = await keys(town)
    for day in (first, third):
        await town.do(attendance.mark, seat, day, ABSENT, STAFF)
    assert await missing(town, third) == []
    await town.do(meetings.cancel, second)
    assert await missing(town, third) == [one]
    assert await missing(town, second) == []
    assert await missing(town, town.evening.meeting_id or 0) == []
    assert await missing(town, 999) == []
