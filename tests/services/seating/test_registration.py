"""Registering, waiting, holding and giving back: each way, on both databases."""

from __future__ import annotations

import pytest

from bot.core.seats import State
from bot.core.timing import parse_offset
from bot.db.offers import registrations
from bot.db.offers.registrations import Target
from bot.db.rights import erasure
from bot.services.offers import meetings, registration
from bot.services.offers.registration import Guest, Outcome, Result
from bot.services.offers.seats import What
from tests.services.seating.town import COURSE, DAY, HOUR, INFO, NOW, STAFF, Town, local


def told(outcome: Outcome) -> list[tuple[int, What]]:
    """Who hears what."""
    return [(one.participant_id, one.what) for one in outcome.news]


async def test_seats_go_to_who_comes_first_and_the_next_wait_in_order(town: Town) -> None:
    people = await town.people(4)
    outcomes = [await town.register(person) for person in people]
    assert [one.result for one in outcomes] == [Result.REGISTERED] * 2 + [Result.WAITING] * 2
    assert [one.position for one in outcomes] == [None, None, 1, 2]
    assert [told(one) for one in outcomes] == [
        [(person, what)] for person, what in zip(people, [What.REGISTERED] * 2 + [What.WAITING] * 2, strict=True)
    ]
    assert await town.do(registration.free_seats, town.terms, ["info", "b2"]) == {town.evening: 0}


async def test_who_registers_again_has_what_they_have(town: Town) -> None:
    one, two, three = await town.people(3)
    first = await town.register(one)
    again = await town.register(one)
    assert (again.result, again.registration_id, again.news) == (Result.ALREADY, first.registration_id, ())
    await town.register(two)
    waits = await town.register(three)
    again = await town.register(three)
    assert (again.result, again.registration_id, again.position) == (Result.ALREADY, waits.registration_id, 1)
    assert len(await town.states()) == 3


async def test_a_seat_that_gets_free_is_held_for_the_next_for_so_many_waking_hours(town: Town) -> None:
    one, two, three, four = await town.people(4)
    seat, _, waits, _ = await town.registered(one, two, three, four)
    back = await town.do(registration.give_back, town.terms, seat, one)
    assert (back.result, told(back)) == (Result.ENDED, [(one, What.GIVEN_BACK), (three, What.HELD)])
    # 24 hours from ten in the morning: eleven until nine in the evening, then thirteen from eight on.
    assert back.news[1].until == NOW + 35 * HOUR
    assert (await town.register(one)).result is Result.WAITING, "the seat is not free"
    taken = await town.do(registration.accept_hold, town.terms, waits, three)
    assert (taken.result, told(taken)) == (Result.REGISTERED, [(three, What.REGISTERED)])
    again = await town.do(registration.accept_hold, town.terms, waits, three)
    assert (again.result, again.news) == (Result.STALE, ())
    assert [state for _, state in await town.states()] == [
        *(State.GIVEN_BACK, State.REGISTERED, State.REGISTERED, State.WAITING, State.WAITING)
    ]


async def test_a_hold_that_runs_out_goes_to_the_next_and_so_does_one_that_is_declined(town: Town) -> None:
    one, two, three, four, five = await town.people(5)
    seat, _, first, second, third = await town.registered(one, two, three, four, five)
    await town.do(registration.give_back, town.terms, seat, one)
    until = await town.database.run(registrations.next_hold)
    assert until is not None
    town.now = until - HOUR
    assert await town.do(registration.lapse, town.terms) == ()
    town.now = until
    late = await town.do(registration.accept_hold, town.terms, first, three)
    assert late.result is Result.STALE, "at that moment the time is over, whether the clock has come by or not"
    assert told(late) == [(three, What.LAPSED), (four, What.HELD)]
    assert await town.do(registration.lapse, town.terms) == (), "once"
    declined = await town.do(registration.decline_hold, town.terms, second, four)
    assert told(declined) == [(four, What.LEFT), (five, What.HELD)]
    assert (await town.do(registration.accept_hold, town.terms, third, five)).result is Result.REGISTERED
    assert await town.database.run(registrations.next_hold) is None


async def test_leaving_the_waiting_list_moves_the_others_up(town: Town) -> None:
    people = await town.people(4)
    *_, first, _ = await town.registered(*people)
    left = await town.do(registration.leave_list, town.terms, first, people[2])
    assert told(left) == [(people[2], What.LEFT)]
    assert (await town.register(people[3])).position == 1


async def test_a_button_of_another_person_or_another_state_changes_nothing(town: Town) -> None:
    people = await town.people(4)
    keys = await town.registered(*people)
    before = await town.states()
    acts = (
        registration.give_back,
        registration.leave_list,
        registration.accept_hold,
        registration.decline_hold,
    )
    right = {(registration.give_back, 0), (registration.give_back, 1)}
    right |= {(registration.leave_list, 2), (registration.leave_list, 3)}
    for act in acts:
        for number, key in enumerate(keys):
            for person in people:
                if (act, number) not in right or person != people[number]:
                    outcome = await town.do(act, town.terms, key, person)
                    assert (outcome.result, outcome.news) == (Result.STALE, ())
        assert (await town.do(act, town.terms, 999, people[0])).result is Result.STALE
    assert (await town.do(registration.approve, town.terms, keys[0], STAFF)).result is Result.STALE
    assert await town.states() == before


async def test_a_request_takes_a_seat_until_a_coordinator_says_yes_or_no(town: Town) -> None:
    one, two, three = await town.people(3)
    outcomes = [await town.register(person, town.course) for person in (one, two, three)]
    assert [outcome.result for outcome in outcomes] == [Result.REQUESTED, Result.REQUESTED, Result.WAITING]
    first, second, waits = (outcome.registration_id or 0 for outcome in outcomes)
    yes = await town.do(registration.approve, town.terms, first, STAFF)
    assert (yes.result, told(yes)) == (Result.REGISTERED, [(one, What.REGISTERED)])
    no = await town.do(registration.refuse, town.terms, second, STAFF)
    assert told(no) == [(two, What.REFUSED), (three, What.HELD)]
    taken = await town.do(registration.accept_hold, town.terms, waits, three)
    assert (taken.result, told(taken)) == (Result.REQUESTED, [(three, What.REQUESTED)])
    row = await town.database.run(lambda tx: registrations.load(tx, first))
    assert row is not None
    assert (row.state, row.approved_by, row.registered_at) == (State.REGISTERED, STAFF, NOW)


async def test_the_deadline_is_exact_and_comes_before_what_is_missing(town: Town) -> None:
    one, two, three = await town.people(3)
    deadline = local("2027-01-13T17:00").replace(tzinfo=NOW.tzinfo)  # six in the evening in Minden
    town.now = deadline - HOUR
    assert (await town.register(one, fits=False)).result is Result.NEEDS
    assert (await town.register(one)).result is Result.REGISTERED
    town.now = deadline
    assert (await town.register(two)).result is Result.CLOSED
    assert (await town.register(two, fits=False)).result is Result.CLOSED
    assert (await town.register(one)).result is Result.ALREADY
    assert len(await town.states()) == 1
    town.now = deadline + DAY + 2 * HOUR  # it is over
    assert (await town.register(three)).result is Result.OVER
    seat = (await town.register(one)).registration_id
    assert seat is None
    assert await town.do(registration.mine, one) == ()


async def test_without_a_deadline_it_closes_when_it_begins_and_is_over_when_it_ends(town: Town) -> None:
    (one,) = await town.people(1)
    town.now = local("2027-01-18T08:00").replace(tzinfo=NOW.tzinfo)
    assert (await town.register(one, town.course)).result is Result.CLOSED
    town.now = local("2027-01-25T09:30").replace(tzinfo=NOW.tzinfo)
    assert (await town.register(one, town.course)).result is Result.OVER


@pytest.mark.one_on_postgres
@pytest.mark.parametrize(
    "target", [Target("advice"), Target("nowhere"), Target("info"), Target("info", 999), Target("b2", 1)], ids=str
)
async def test_what_nobody_can_register_for_is_over(town: Town, target: Target) -> None:
    (one,) = await town.people(1)
    assert (await town.register(one, target)).result is Result.OVER
    assert (await town.do(registration.enter_guest, town.terms, target, Guest("A"), STAFF)).result is Result.OVER
    assert await town.states(target) == []


async def test_after_the_deadline_the_list_still_moves_and_a_hold_ends_with_the_beginning(town: Town) -> None:
    one, two, three = await town.people(3)
    seat, _, waits = await town.registered(one, two, three)
    begins = local("2027-01-14T17:00").replace(tzinfo=NOW.tzinfo)
    town.now = begins - 2 * HOUR
    back = await town.do(registration.give_back, town.terms, seat, one)
    assert [(person, what) for person, what in told(back)] == [(one, What.GIVEN_BACK), (three, What.HELD)]
    assert back.news[1].until == begins
    town.now = begins
    assert [(one.participant_id, one.what) for one in await town.do(registration.lapse, town.terms)] == [
        (three, What.LAPSED)
    ]
    assert (await town.do(registration.accept_hold, town.terms, waits, three)).result is Result.STALE


async def test_who_waits_when_it_begins_hears_that_there_was_no_seat(town: Town) -> None:
    people = await town.people(4)
    seat, *_ = await town.registered(*people)
    town.now = local("2027-01-14T17:00").replace(tzinfo=NOW.tzinfo)
    news = await town.do(registration.lapse, town.terms)
    assert [(one.participant_id, one.what) for one in news] == [
        (people[2], What.NO_SEAT),
        (people[3], What.NO_SEAT),
    ]
    back = await town.do(registration.give_back, town.terms, seat, people[0])
    assert told(back) == [(people[0], What.GIVEN_BACK)], "nobody is called into what has begun"
    town.now += DAY
    other = await town.do(registration.give_back, town.terms, seat + 1, people[1])
    assert other.result is Result.OVER, "what is past stays as it was"


async def test_a_deadline_after_the_beginning_lets_people_join_and_the_list_move(town: Town) -> None:
    town.change(COURSE, seats=1, register_until=parse_offset("+3d at 12:00"))
    one, two = await town.people(2)
    seat, _ = await town.registered(one, two, target=town.course)
    town.now = local("2027-01-19T12:00").replace(tzinfo=NOW.tzinfo)
    back = await town.do(registration.give_back, town.terms, seat, one)
    assert told(back) == [(one, What.GIVEN_BACK), (two, What.HELD)]
    assert back.news[1].until == local("2027-01-21T10:00").replace(tzinfo=NOW.tzinfo), "24 waking hours"


async def test_more_seats_in_the_file_are_held_for_the_list_and_fewer_take_nobodys_seat(town: Town) -> None:
    people = await town.people(6)
    keys = await town.registered(*people[:5])
    town.change(INFO, seats=4)
    late = await town.register(people[5])
    assert late.result is Result.WAITING, "who comes now does not pass those who wait"
    assert told(late) == [(people[2], What.HELD), (people[3], What.HELD), (people[5], What.WAITING)]
    town.change(INFO, seats=1)
    assert await town.do(registration.lapse, town.terms) == ()
    back = await town.do(registration.give_back, town.terms, keys[0], people[0])
    assert told(back) == [(people[0], What.GIVEN_BACK)], "there are still more people than seats"
    assert (await town.do(registration.accept_hold, town.terms, keys[2], people[2])).result is Result.REGISTERED
    town.change(INFO, seats=None)
    assert [one.participant_id for one in await town.do(registration.lapse, town.terms)] == [people[4], people[5]]
    assert await town.do(registration.free_seats, town.terms, ["info"]) == {}


async def test_an_offer_without_a_limit_takes_everybody(town: Town) -> None:
    town.change(INFO, seats=None)
    people = await town.people(5)
    assert {(await town.register(person)).result for person in people} == {Result.REGISTERED}


async def test_an_erased_person_leaves_a_seat_that_the_clock_gives_on(town: Town) -> None:
    one, two, three = await town.people(3)
    await town.registered(one, two, three)
    await town.database.run(lambda tx: erasure.erase_chat(tx, 1))
    assert [person for person, _ in await town.states()] == [two, three]
    assert [(one.participant_id, one.what) for one in await town.do(registration.lapse, town.terms)] == [
        (three, What.HELD)
    ]


async def test_a_cancelled_meeting_takes_nobody_and_moves_nobody_until_it_takes_place_after_all(town: Town) -> None:
    one, two, three, four = await town.people(4)
    seat, *_ = await town.registered(one, two, three)
    meeting_id = town.evening.meeting_id
    assert meeting_id is not None
    assert await town.do(meetings.cancel, meeting_id) is not None
    assert (await town.register(four)).result is Result.OVER
    back = await town.do(registration.give_back, town.terms, seat, None)
    assert told(back) == [(one, What.GIVEN_BACK)]
    assert await town.do(registration.lapse, town.terms) == ()
    (mine,) = await town.do(registration.mine, two)
    assert mine.meetings[0].cancelled_at == NOW
    assert await town.do(meetings.reinstate, meeting_id) is not None
    assert [(one.participant_id, one.what) for one in await town.do(registration.lapse, town.terms)] == [
        (three, What.HELD)
    ]


async def test_staff_enters_guests_after_the_deadline_but_beyond_the_seats_only_knowingly(town: Town) -> None:
    (one,) = await town.people(1)
    town.now = local("2027-01-14T16:00").replace(tzinfo=NOW.tzinfo)  # closed since yesterday
    enter = registration.enter_guest
    anna = Guest("Anna", "0571 1")
    outcomes = [await town.do(enter, town.terms, town.evening, anna, STAFF) for _ in range(3)]
    assert [outcome.result for outcome in outcomes] == [Result.REGISTERED, Result.REGISTERED, Result.FULL]
    assert [outcome.news for outcome in outcomes] == [(), (), ()], "a guest has no chat"
    beyond = await town.do(enter, town.terms, town.evening, anna, STAFF, beyond=True)
    assert beyond.result is Result.REGISTERED
    row = await town.database.run(lambda tx: registrations.load(tx, beyond.registration_id or 0))
    assert row is not None
    assert (row.guest, row.entered_by, row.participant_id) == ({"name": "Anna", "contact": "0571 1"}, STAFF, None)
    assert (await town.do(registration.give_back, town.terms, row.id, one)).result is Result.STALE
    assert (await town.do(registration.give_back, town.terms, row.id, None)).result is Result.ENDED


async def test_mine_is_what_is_to_come_with_the_next_first(town: Town) -> None:
    one, two, three = await town.people(3)
    await town.register(one, town.course)
    await town.registered(two, three, one)
    found = await town.do(registration.mine, one)
    assert [(mine.registration.target, mine.position) for mine in found] == [(town.evening, 1), (town.course, None)]
    assert [meeting.original[:10] for meeting in found[1].meetings] == [
        *("2027-01-18", "2027-01-19", "2027-01-20", "2027-01-25")
    ]
    town.now = local("2027-01-19T12:00").replace(tzinfo=NOW.tzinfo)
    (course,) = await town.do(registration.mine, one)
    assert [meeting.original[:10] for meeting in course.meetings] == ["2027-01-20", "2027-01-25"]
