"""Everybody at the same moment: exactly as many seats as there are, and a waiting list in order."""

from __future__ import annotations

from asyncio import Semaphore, gather
from collections import Counter
from dataclasses import replace

import pytest

from bot.core.seats import State
from bot.db.offers.registrations import Target
from bot.services.offers import registration
from bot.services.offers.meetings import synchronise
from bot.services.offers.registration import Outcome, Result
from bot.services.offers.seats import What
from bot.telegram.intake import PARALLEL
from tests.amounts import amount
from tests.catalogue import count
from tests.services.seating.town import DAY, INFO, Town, local, planned

PEOPLE, SEATS, TIMES = 200, 7, 20


async def rounds(town: Town) -> list[Target]:
    """As many evenings as rounds."""
    first = local("2027-04-01T18:00")
    names = [(first + number * DAY).isoformat(timespec="minutes") for number in range(amount("LAST_SEATS"))]
    town.change(INFO, seats=SEATS, meetings=planned(*names))
    await town.do(synchronise, town.terms)
    return [Target("info", (await town.meeting("info", name)).id) for name in names]


@pytest.mark.row(18)
async def test_two_hundred_people_at_once_for_the_last_seats(town: Town) -> None:
    people = await town.people(PEOPLE)
    for target in await rounds(town):
        outcomes = await gather(*(town.register(person, target) for person in people))
        assert Counter(one.result for one in outcomes) == {
            Result.REGISTERED: SEATS,
            Result.WAITING: PEOPLE - SEATS,
        }
        queue = sorted((one.position, one.registration_id or 0) for one in outcomes if one.position is not None)
        assert [position for position, _ in queue] == list(range(1, PEOPLE - SEATS + 1))
        keys = [key for _, key in queue]
        assert keys == sorted(keys), "the order people were told is the order of the list"
        # Some give their seats back at once, and others come again: nobody passes the list.
        seated = [one.registration_id or 0 for one in outcomes if one.result is Result.REGISTERED][:3]
        back = [town.do(registration.give_back, town.terms, key, None) for key in seated]
        again = [town.register(person, target) for person in people[:5]]
        news = [one for outcome in await gather(*back, *again) for one in outcome.news]
        held = sorted(one.registration_id for one in news if one.what is What.HELD)
        assert held == keys[:3]
        states = Counter(state for _, state in await town.states(target))
        assert states[State.REGISTERED] + states[State.HELD] == SEATS
    count("rounds of 200 people", amount("LAST_SEATS"))


@pytest.mark.row(17)
async def test_people_who_press_twenty_times_have_one_seat_each_or_one_place_on_the_list(town: Town) -> None:
    number = amount("PRESSING")
    people, seats = await town.people(number), number // 2
    town.change(INFO, seats=seats)
    presses = [person for _ in range(TIMES) for person in people]
    at_once = Semaphore(PARALLEL)  # twenty thousand would wait for ten connections longer than the pool bears

    async def press(person: int) -> Outcome:
        async with at_once:
            return await town.register(person)

    outcomes = await gather(*map(press, presses))
    assert Counter(outcome.result for outcome in outcomes) == {
        Result.REGISTERED: seats,
        Result.WAITING: number - seats,
        Result.ALREADY: (TIMES - 1) * number,
    }
    found = await town.states()
    assert sorted(str(person) for person, _ in found) == sorted(map(str, people))
    assert Counter(state for _, state in found) == {State.REGISTERED: seats, State.WAITING: number - seats}
    count("presses", len(presses))


@pytest.mark.row(18)
async def test_a_held_seat_is_taken_or_lapses_never_both(town: Town) -> None:
    people = await town.people(8)
    town.change(INFO, seats=4)
    keys = await town.registered(*people)
    for key in keys[:4]:
        await town.do(registration.give_back, town.terms, key, None)
    accepts = [
        town.do(registration.accept_hold, town.terms, key, person)
        for key, person in zip(keys[4:], people[4:], strict=True)
    ]
    sweeps = [later(town).do(registration.lapse, town.terms) for _ in range(4)]
    done, swept = await gather(gather(*accepts), gather(*sweeps))
    taken = [one.result for one in done]
    lapsed = [one for news in swept for one in news] + [
        one for outcome in done for one in outcome.news if one.what is What.LAPSED
    ]
    assert taken.count(Result.REGISTERED) + len(lapsed) == 4
    states = Counter(state for _, state in await town.states())
    assert states == {
        state: number
        for state, number in (
            (State.GIVEN_BACK, 4),
            (State.REGISTERED, taken.count(Result.REGISTERED)),
            (State.LAPSED, len(lapsed)),
        )
        if number
    }


def later(town: Town) -> Town:
    """The same town, after every hold."""
    return replace(town, now=town.now.replace(day=12))
