"""Meetings of the files and what staff changed: which of them wins, and who has to hear."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.core.offers import Kind, Offer
from bot.db.offers import meetings as rows
from bot.db.offers.meetings import Meeting
from bot.db.postgres import PostgresDatabase
from bot.services.offers import meetings, registration
from bot.services.offers.meetings import Change, Report
from bot.services.offers.registration import Result
from tests.services.seating.town import COURSE, DAY, EVENING, INFO, NOW, TERMS, Town, local, planned

EMPTY = Report((), (), (), (), (), ())


def utc(text: str) -> datetime:
    return local(text).replace(tzinfo=NOW.tzinfo)


async def synchronise(town: Town, *, dry_run: bool = False) -> Report:
    return await town.do(meetings.synchronise, town.terms, dry_run=dry_run)


async def everything(town: Town) -> dict[tuple[str, str], Meeting]:
    return await town.database.run(rows.everything)


async def evening(town: Town) -> Meeting:
    return await town.meeting("info", EVENING)


async def test_the_files_come_into_the_table_once(town: Town) -> None:
    assert await synchronise(town) == EMPTY
    found = await everything(town)
    assert len(found) == 2 + 4 + 1
    one = found["info", EVENING]
    assert (one.starts_at, one.ends_at, one.room) == (utc("2027-01-14T17:00"), utc("2027-01-14T18:30"), "1")
    assert (one.sequence, one.exceptional, one.changed, one.from_file) == (0, False, (), True)


async def test_a_dry_run_says_what_would_be_and_changes_nothing(town: Town) -> None:
    (one,) = await town.people(1)
    await town.register(one)
    before = await everything(town)
    more = planned("2027-02-11T18:00", "2027-03-11T18:00", minutes=60)
    town.change(INFO, meetings=more)
    told = await synchronise(town, dry_run=True)
    assert await everything(town) == before
    assert await synchronise(town) == told
    assert told.added == (("info", "2027-03-11T18:00"),)
    assert [change.new.identity for change in told.moved] == [("info", "2027-02-11T18:00")]
    assert [change.new.identity for change in told.cancelled] == [("info", EVENING)]
    assert await synchronise(town) == EMPTY


async def test_what_the_file_changes_is_exceptional_and_counted(town: Town) -> None:
    town.change(INFO, meetings=planned(EVENING, minutes=120, room="2") + INFO.meetings[1:])
    (change,) = (await synchronise(town)).moved
    assert (change.old.room, change.new.room, change.new.ends_at) == ("1", "2", utc("2027-01-14T19:00"))
    assert (change.new.sequence, change.new.exceptional, change.new.changed) == (1, True, ())
    assert await evening(town) == change.new


async def test_what_staff_changed_beats_the_file_whatever_it_says_then(town: Town) -> None:
    key = (await evening(town)).id
    moved = await town.do(meetings.move, town.terms, key, local("2027-01-15T19:00"), 60)
    assert isinstance(moved, Change)
    assert (moved.old.starts_at, moved.new.starts_at) == (utc("2027-01-14T17:00"), utc("2027-01-15T18:00"))
    assert (moved.new.original, moved.new.sequence, moved.new.exceptional) == (EVENING, 1, True)
    town.change(INFO, meetings=planned(EVENING, minutes=45, room="9") + INFO.meetings[1:])
    told = await synchronise(town)
    assert told.kept == (("info", EVENING),)
    assert [(change.new.room, change.new.starts_at) for change in told.moved] == [("9", moved.new.starts_at)]
    room = await town.do(meetings.set_room, key, "hall")
    assert room is not None
    assert room.new.changed == ("time", "room")
    assert await synchronise(town) == replace(EMPTY, kept=(("info", EVENING),))
    town.change(INFO, meetings=INFO.meetings[1:])
    assert await synchronise(town) == replace(EMPTY, kept=(("info", EVENING),))
    assert await evening(town) == room.new


async def test_a_meeting_that_is_gone_is_removed_where_nobody_ever_had_to_do_with_it(town: Town) -> None:
    (one,) = await town.people(1)
    town.change(INFO, meetings=planned(EVENING))
    assert (await synchronise(town)).removed == (("info", "2027-02-11T18:00"),)
    seat = (await town.register(one)).registration_id
    assert seat is not None
    await town.do(registration.give_back, town.terms, seat, one)
    town.change(INFO, meetings=())
    told = await synchronise(town)
    assert (told.removed, [change.new.identity for change in told.cancelled]) == ((), [("info", EVENING)])
    assert (await evening(town)).cancelled_at == NOW
    assert await synchronise(town) == EMPTY


async def test_a_meeting_of_a_course_that_is_gone_is_cancelled_for_whoever_is_in_it(town: Town) -> None:
    (one,) = await town.people(1)
    await town.register(one, town.course)
    town.change(COURSE, meetings=COURSE.meetings[:-1])
    (change,) = (await synchronise(town)).cancelled
    assert change.new.sequence == 1
    concerned = await town.do(meetings.concerned, change.new)
    assert [each.participant_id for each in concerned] == [one]
    town.change(COURSE, meetings=COURSE.meetings)
    (again,) = (await synchronise(town)).restored
    assert (again.new.cancelled_at, again.new.sequence) == (None, 2)
    assert await synchronise(town) == EMPTY


async def test_an_offer_that_is_gone_goes_with_its_meetings(town: Town) -> None:
    town.terms = replace(TERMS, offers={"info": INFO})
    told = await synchronise(town)
    assert {offer for offer, _ in told.removed} == {"b2", "advice"}
    assert {offer for offer, _ in await everything(town)} == {"info"}


async def test_what_is_past_stays_as_it_was(town: Town) -> None:
    town.now = utc("2027-01-19T12:00")
    before = await everything(town)
    town.change(COURSE, meetings=planned(*("2027-01-18T09:00", "2027-01-25T09:00"), room="other"))
    town.change(INFO, meetings=INFO.meetings[1:])
    told = await synchronise(town)
    after = await everything(town)
    assert [change.new.original[:10] for change in told.moved] == ["2027-01-25"]
    assert [original[:10] for _, original in told.removed] == ["2027-01-20"]
    assert after["b2", "2027-01-18T09:00"] == before["b2", "2027-01-18T09:00"]
    assert after["info", EVENING] == before["info", EVENING]
    key = before["info", EVENING].id
    assert await town.do(meetings.move, town.terms, key, local("2027-03-01T09:00"), 60) is None
    assert await town.do(meetings.cancel, key) is None


async def test_staff_changes_each_thing_once_and_hears_what_changed(town: Town) -> None:
    key = (await evening(town)).id
    place = {"name": "Rathaus", "address": "Kleiner Domhof 17", "map": "https://example.org"}
    acts: tuple[tuple[Any, ...], ...] = (
        (meetings.move, town.terms, key, local("2027-01-14T18:30"), 90),
        (meetings.set_room, key, "2"),
        (meetings.set_place, key, place),
        (meetings.cancel, key),
    )
    for number, (act, *args) in enumerate(acts, 1):
        change = await town.do(act, *args)
        assert isinstance(change, Change)
        assert (change.old.sequence, change.new.sequence) == (number - 1, number)
        assert await evening(town) == change.new
        assert await town.do(act, *args) is None, "it is so already"
    assert (await evening(town)).changed == ("time", "room", "place", "cancelled")
    assert await town.do(meetings.set_room, key, "3") is None, "it is cancelled"
    assert await town.do(meetings.set_room, 999, "3") is None
    assert await synchronise(town) == replace(EMPTY, kept=(("info", EVENING),)), "cancelled by staff stays cancelled"
    again = await town.do(meetings.reinstate, key)
    assert again is not None
    assert (again.new.cancelled_at, again.new.place) == (None, place)
    assert await town.do(meetings.reinstate, key) is None
    assert await town.do(meetings.move, town.terms, key, local("2027-01-01T09:00"), 60) is None, "into the past"


async def test_a_meeting_that_staff_adds_is_theirs(town: Town) -> None:
    start = local("2027-01-21T18:00")
    made = await town.do(meetings.add, town.terms, "info", start, 60, "5")
    assert made is not None
    assert (made.identity, made.room, made.from_file) == (("info", "2027-01-21T18:00"), "5", False)
    assert await town.do(meetings.add, town.terms, "info", start, 60) is None
    assert await town.do(meetings.add, town.terms, "nowhere", start, 60) is None
    assert await synchronise(town) == EMPTY
    town.change(INFO, meetings=(*INFO.meetings, *planned("2027-01-21T18:00", room="9")))
    assert (await synchronise(town)).kept == (("info", "2027-01-21T18:00"),)
    found = await town.meeting("info", "2027-01-21T18:00")
    assert (found.room, found.from_file) == ("5", True)


async def test_the_first_meeting_after_a_pause_is_exceptional(town: Town) -> None:
    weekly = [f"2027-01-{day:02}T18:00" for day in (4, 11, 18)] + ["2027-02-01T18:00", "2027-02-08T18:00"]
    terms = replace(TERMS, offers={**TERMS.offers, "a1": Offer("a1", Kind.COURSE, meetings=planned(*weekly))})
    await town.do(meetings.synchronise, terms)
    found = await everything(town)
    assert [found["a1", one].original for one in weekly if found["a1", one].exceptional] == ["2027-02-01T18:00"]


@pytest.mark.row(28)
@pytest.mark.parametrize("clock", ["2027-03-28T02:30", "2027-10-31T02:30"])
async def test_times_of_the_hours_that_the_clock_skips_or_repeats_are_stable(town: Town, clock: str) -> None:
    town.change(INFO, meetings=(*INFO.meetings, *planned(clock)))
    await synchronise(town)
    assert await synchronise(town) == EMPTY
    assert (await town.meeting("info", clock)).original == clock


async def test_many_offers_and_meetings_take_few_statements(town: Town) -> None:
    starts = [local("2027-02-01T09:00") + number * DAY for number in range(150)]
    many = {
        name: Offer(name, Kind.COURSE, meetings=planned(*(one.isoformat() for one in starts)))
        for name in (f"offer_{number}" for number in range(20))
    }
    town.terms = replace(TERMS, offers={**TERMS.offers, **many})
    statements: list[str] = []

    def counted(turn: Any) -> Report:
        from sqlalchemy import event  # noqa: PLC0415 - only here

        def heard(_: object, __: object, statement: str, *___: object) -> None:
            statements.append(statement)

        event.listen(turn.connection, "before_cursor_execute", heard)
        try:
            return meetings.synchronise(turn, town.terms)
        finally:
            event.remove(turn.connection, "before_cursor_execute", heard)

    assert len((await town.do(counted)).added) == 20 * 150
    assert len(statements) <= 10
    statements.clear()
    assert await town.do(counted) == EMPTY
    assert len(statements) == 1


@pytest.mark.row(30)
async def test_a_person_who_registers_while_the_meeting_goes_has_a_seat_or_a_no(town: Town) -> None:
    from asyncio import gather  # noqa: PLC0415

    (one,) = await town.people(1)
    found = set[Result]()
    for day in range(1, 9):
        name = f"2027-03-{day:02}T18:00"
        town.change(INFO, meetings=planned(name))
        await synchronise(town)
        target = replace(town.evening, meeting_id=(await town.meeting("info", name)).id)
        town.change(INFO, meetings=())
        if day % 2:
            outcome, report = await gather(town.register(one, target), synchronise(town))
        else:
            report, outcome = await gather(synchronise(town), town.register(one, target))
        found.add(outcome.result)
        if outcome.result is Result.REGISTERED:
            assert [change.new.identity for change in report.cancelled] == [("info", name)]
        else:
            assert (outcome.result, report.removed) == (Result.OVER, (("info", name),))
    assert len(found) == 2 or isinstance(town.database, PostgresDatabase), "there either may be the quicker one"
