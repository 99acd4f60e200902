"""People who live by another clock than the town, and towns anywhere: when they are written to, which time they read.

Around both changes of the clock in Europe and in the United States, whose dates differ, and beside zones that have
none (Istanbul) or lie at half and quarter hours (Tehran, Kathmandu).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, update

from bot.content.loader import Content
from bot.core.message import Argument, Listing, Screen, Text
from bot.core.offers import Offer
from bot.db.engine import open_database
from bot.db.schema import chat, participant, registration
from bot.services import places
from bot.services.offers import meetings
from bot.services.preferences import settings, telling
from bot.services.reminders import preview, sweeping
from bot.services.reply import Reply
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.services.visit import Visit, load
from tests.services.reminding.helpers import (
    CHANGE,
    DAY_BEFORE,
    HOURS,
    agree,
    at,
    change,
    come,
    press,
    rows,
    said,
    sent,
)
from tests.services.seating.town import COURSE, INFO, TERMS, Town, local, planned, with_offers

BERLIN, PARIS, ISTANBUL, TEHRAN, KATHMANDU, NEW_YORK, LOS_ANGELES = (
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Istanbul",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "America/New_York",
    "America/Los_Angeles",
)


async def built(database_url: str, content: Content, zone: str, *offers: Offer) -> Town:
    """A town in a zone, with these offers."""
    terms = replace(TERMS, offers={one.id: one for one in offers}, zone=ZoneInfo(zone))
    there = replace(with_offers(content), offers=terms.offers, town=replace(content.town, zone=zone))
    return Town(await open_database(database_url), there, terms=terms)


@pytest.fixture
async def town(database_url: str, content: Content) -> AsyncIterator[Town]:
    """The small town, in Berlin's zone."""
    town = await built(database_url, content, BERLIN, INFO, COURSE)
    await town.begin()
    yield town
    await town.database.close()


async def living(town: Town, *zones: str | None) -> list[int]:
    """New people, each with their own zone; None: the town's."""
    people = await town.people(len(zones))

    def write(connection: Connection) -> None:
        for person, zone in zip(people, zones, strict=True):
            connection.execute(update(participant).where(participant.c.id == person).values(zone=zone))

    await town.database.run(write)
    return people


SPRING, AUTUMN = "2027-03-28T18:00", "2027-10-31T18:00"
US_SPRING, US_AUTUMN = "2027-03-14T18:00", "2027-11-07T18:00"
"""Sundays on which the clock changes: there nobody is written to before ten."""
PLANNED = [
    # the town, its evening (18:00 there) | who lives where | told the day before at 18:00 | two hours before, in UTC
    (BERLIN, SPRING, None, "2027-03-27T17:00", "2027-03-28T14:00"),
    (BERLIN, SPRING, ISTANBUL, "2027-03-27T17:00", "2027-03-28T14:00"),
    (BERLIN, SPRING, TEHRAN, "2027-03-27T17:00", "2027-03-28T14:00"),  # at 20:30 there
    (BERLIN, SPRING, KATHMANDU, "2027-03-28T04:15", "2027-03-28T14:00"),  # 22:45 there: on Sunday at ten
    (BERLIN, SPRING, NEW_YORK, "2027-03-27T17:00", "2027-03-28T14:00"),  # 10:00 there
    (BERLIN, SPRING, LOS_ANGELES, "2027-03-27T17:00", "2027-03-28T03:55"),  # 7:00 there: on Saturday at 20:55
    (BERLIN, AUTUMN, None, "2027-10-30T16:00", "2027-10-31T15:00"),
    (BERLIN, AUTUMN, ISTANBUL, "2027-10-30T16:00", "2027-10-31T15:00"),
    (BERLIN, AUTUMN, TEHRAN, "2027-10-30T16:00", "2027-10-31T15:00"),
    (BERLIN, AUTUMN, KATHMANDU, "2027-10-31T04:15", "2027-10-31T15:00"),  # 21:45 there
    (BERLIN, AUTUMN, NEW_YORK, "2027-10-30T16:00", "2027-10-31T15:00"),  # 11:00 there, a week before its change
    (NEW_YORK, US_SPRING, None, "2027-03-13T23:00", "2027-03-14T20:00"),
    (NEW_YORK, US_SPRING, BERLIN, "2027-03-14T09:00", "2027-03-14T19:55"),  # midnight, 21:00 there
    (NEW_YORK, US_SPRING, KATHMANDU, "2027-03-14T04:15", "2027-03-14T15:10"),  # 4:45 and 1:45 there
    (NEW_YORK, US_AUTUMN, None, "2027-11-06T22:00", "2027-11-07T21:00"),
    (NEW_YORK, US_AUTUMN, BERLIN, "2027-11-07T09:00", "2027-11-07T19:55"),
    (NEW_YORK, US_AUTUMN, LOS_ANGELES, "2027-11-06T22:00", "2027-11-07T21:00"),
    (KATHMANDU, SPRING, None, "2027-03-27T12:15", "2027-03-28T10:15"),
    (KATHMANDU, SPRING, BERLIN, "2027-03-27T12:15", "2027-03-28T10:15"),
    (KATHMANDU, SPRING, NEW_YORK, "2027-03-27T12:15", "2027-03-28T00:55"),  # 8:15 there; 6:15: on Saturday at 20:55
    (KATHMANDU, SPRING, LOS_ANGELES, "2027-03-27T15:00", "2027-03-28T03:55"),  # 5:15 there: at eight
]


@pytest.mark.one_on_postgres
@pytest.mark.parametrize(("zone", "evening"), list(dict.fromkeys(row[:2] for row in PLANNED)))
async def test_everybody_is_reminded_outside_their_own_quiet_hours(
    database_url: str, content: Content, zone: str, evening: str
) -> None:
    expected = [row[2:] for row in PLANNED if row[:2] == (zone, evening)]
    offer = replace(INFO, seats=None, meetings=planned(evening))
    town = await built(database_url, content, zone, offer)
    try:
        await town.do(meetings.synchronise, town.terms)
        evening_id = (await town.meeting("info", evening)).id
        people = await living(town, *(home for home, *_ in expected))
        await come(town, *people, target=replace(town.evening, meeting_id=evening_id))
        due = {(one.participant_id, one.text_key): one.due_at for one in await rows(town) if one.state == "planned"}
        assert [(due[person, DAY_BEFORE], due[person, HOURS]) for person in people] == [
            (at(day), at(hours)) for _, day, hours in expected
        ]
    finally:
        await town.database.close()


@pytest.mark.one_on_postgres
@pytest.mark.parametrize(
    ("seen", "home", "due"),
    [  # the day after, at 17:00 on the person's own clock
        ("2027-03-27T10:00", None, "2027-03-28T15:00"),
        ("2027-03-27T10:00", ISTANBUL, "2027-03-28T14:00"),
        ("2027-03-27T10:00", TEHRAN, "2027-03-28T13:30"),
        ("2027-03-27T10:00", KATHMANDU, "2027-03-28T11:15"),
        ("2027-03-27T10:00", NEW_YORK, "2027-03-28T21:00"),
        ("2027-03-27T20:00", KATHMANDU, "2027-03-29T11:15"),  # it is Sunday there already
        ("2027-03-13T18:00", NEW_YORK, "2027-03-14T21:00"),
        ("2027-11-06T18:00", NEW_YORK, "2027-11-07T22:00"),
        ("2027-10-30T10:00", None, "2027-10-31T16:00"),
        ("2027-10-30T10:00", "Never/Land", "2027-10-31T16:00"),  # a zone the world knows no more: the town's
    ],
)
async def test_who_left_in_the_middle_is_reminded_in_their_own_afternoon(
    town: Town, seen: str, home: str | None, due: str
) -> None:
    await living(town, home)
    await town.database.run(lambda tx: tx.execute(update(chat).values(seen_at=at(seen))))
    town.now = at(seen).replace(minute=0) + sweeping.QUIET_FOR * 2
    await town.do(sweeping.look_around)
    assert [one.due_at for one in await rows(town, text_key="reminders.unfinished_day")] == [at(due)]


# -- which time they read


def times(screen: Screen) -> Iterator[tuple[bool, datetime]]:
    """Every time a message tells, and whether it says that it is the town's."""

    def inside(argument: Argument, *, named: bool) -> Iterator[tuple[bool, datetime]]:
        match argument:
            case datetime():
                yield named, argument
            case Text(key=key, args=args):
                for one in args.values():
                    yield from inside(one, named=named or key == "ui.time.town")
            case Listing(items):
                for item in items:
                    yield from inside(item, named=named)

    for line in (one for block in screen.blocks for one in block if isinstance(one, Text)):
        yield from inside(line, named=False)


HOMES = [(None, False), (BERLIN, False), (PARIS, False), (NEW_YORK, True), (KATHMANDU, True), (ISTANBUL, True)]
"""Where somebody lives, and whether their clock shows another time than Berlin's in January."""


@pytest.mark.one_on_postgres
@pytest.mark.parametrize(("home", "named"), HOMES)
async def test_a_meeting_is_told_in_the_towns_time_and_so_called_where_ones_own_differs(
    town: Town, home: str | None, named: bool
) -> None:
    (person,) = await living(town, home)
    await come(town, person)
    await agree(town, person)
    key = await sent(town, text_key=DAY_BEFORE)
    town.now = at("2027-01-13T15:00")
    evening, later = local("2027-01-14T18:00"), local("2027-01-15T19:00")
    reminder = await said(town, text_key=DAY_BEFORE)
    assert isinstance(reminder, Screen)
    assert list(times(reminder)) == [(named, evening)]
    answered = (await press(town, 1, key, "come")).letter
    assert answered is not None
    assert list(times(answered.screen)) == [(named, evening)]
    for place, focus in ((places.MINE, None), (places.OFFER, "info"), (places.OFFERS, "events.0")):
        told = list(times(await looked_at(town, place, focus)))
        assert (named, evening) in told
        assert {one for one, _ in told} == {named}
    await change(town, meetings.move, later, 90)
    notice = await said(town, text_key=CHANGE)
    assert isinstance(notice, Screen)
    assert sorted(times(notice)) == [(named, evening), (named, later)]


async def test_a_held_seat_is_kept_for_the_waking_hours_of_who_waits_and_told_in_the_towns_time(town: Town) -> None:
    first, second, third = await living(town, None, None, NEW_YORK)
    await come(town, first, second, third)
    key = (await rows(town, text_key=DAY_BEFORE, participant_id=first))[0].id
    await press(town, 1, key, "cannot")
    held = [one for one in await registrations_of(town, third) if one.state == "held"]
    assert [one.held_until for one in held] == [at("2027-01-06T00:00")], "13 waking hours there, and 11 the next day"
    news = await said(town, text_key="ui.news.told_held")
    assert not isinstance(news, Screen), "it is four in the morning there"
    town.now = at("2027-01-04T13:00")
    news = await said(town, text_key="ui.news.told_held")
    assert isinstance(news, Screen)
    assert set(times(news)) == {(True, local("2027-01-14T18:00")), (True, local("2027-01-06T01:00"))}


async def registrations_of(town: Town, person: int) -> list[Any]:
    """What somebody ever had to do with a seat."""
    mine = registration.select().where(registration.c.participant_id == person)
    return await town.database.run(lambda tx: list(tx.execute(mine)))


async def looked_at(town: Town, place: str, focus: str | None) -> Screen:
    """A card as the first person sees it."""

    def look(turn: Turn) -> Screen:
        visit = visited(turn)
        visit.look_at(place, focus)
        return visit.screen()

    return await town.do(look)


def visited(turn: Turn) -> Visit:
    visit = load(turn, Visitor(1))
    assert visit is not None
    return visit


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "18:00 (Uhrzeit in Minden)"),
        ("en", "18:00 (Minden time)"),
        ("tr", "18:00 (Minden saati)"),
        ("uk", "18:00 (час міста Мінден)"),
    ],
)
def test_the_word_for_the_towns_time_is_in_ones_own_language(content: Content, language: str, words: str) -> None:
    date = Screen(((ui("offers.date", when=local("2027-01-14T18:00")),),))
    screen = telling.for_clock(date, content.town, ZoneInfo(NEW_YORK))
    assert words in content.texts.render(language, screen).text
    assert content.texts.spoken(language, screen) == language


# -- the choice


async def choose(town: Town, name: str) -> Reply:
    return await town.do(lambda turn: settings.zone(visited(turn), name, None))


async def test_another_zone_moves_what_is_planned_and_the_towns_moves_it_back(town: Town) -> None:
    (person,) = await living(town, None)
    await come(town, person)

    async def due() -> list[datetime]:
        return [one.due_at for one in await rows(town, state="planned", text_key=DAY_BEFORE)]

    assert await due() == [at("2027-01-13T17:00")]
    await choose(town, "Asia-Kathmandu")
    assert await due() == [at("2027-01-14T02:15")], "22:45 there: the next morning"
    await choose(town, "Mars-Olympus")
    assert await due() == [at("2027-01-14T02:15")], "nobody lives there"
    await choose(town, "Europe-Berlin")
    assert await due() == [at("2027-01-13T17:00")]
    assert await zone_of(town, person) is None, "the town's own zone is no zone of one's own"
    await choose(town, "Asia-Kathmandu")
    await town.do(lambda turn: settings.town_zone(visited(turn), None))
    assert (await due(), await zone_of(town, person)) == ([at("2027-01-13T17:00")], None)


async def zone_of(town: Town, person: int) -> str | None:
    mine = participant.select().with_only_columns(participant.c.zone).where(participant.c.id == person)
    found: str | None = await town.database.run(lambda tx: tx.execute(mine).scalar_one())
    return found


async def test_a_reminder_put_off_comes_outside_ones_own_night_and_tells_ones_own_time(town: Town) -> None:
    (person,) = await living(town, KATHMANDU)
    await come(town, person)
    await agree(town, person)
    key = await sent(town, text_key=DAY_BEFORE)
    town.now = at("2027-01-13T12:00")
    reply = await press(town, 1, key, "snooze")
    assert reply.toast is not None
    # Half of the time that is left would be 0:45 in Kathmandu.
    assert reply.toast.args == {"when": local("2027-01-14T08:00")}


async def test_the_preview_names_the_zone_and_both_times(town: Town) -> None:
    (person,) = await living(town, NEW_YORK)
    await come(town, person)
    await agree(town, person)
    found = await town.do(preview.preview, 1, 60)
    told = list(preview.lines(town.content, found))
    assert told[0] == "Zone: America/New_York (town: Europe/Berlin); the person's time stands in brackets."
    assert any(line.startswith("Wed 2027-01-13 18:00 (Wed 12:00) ar reminders.event_day") for line in told)


async def test_the_preview_of_who_lives_by_the_towns_clock_names_no_zone(town: Town) -> None:
    await come(town, *await living(town, None))
    told = list(preview.lines(town.content, await town.do(preview.preview, 1, 60)))
    assert not any("Zone" in line for line in told)
