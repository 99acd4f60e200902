"""A person's calendar file after their date has changed: the calendars that have the former one change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest

from bot.core.message import Text
from bot.core.seats import State
from bot.core.timing import local_time
from bot.db.offers import meetings, registrations
from bot.db.offers.registrations import Target
from bot.services.offers import meetings as changing
from bot.services.offers import offering, own_offers
from bot.services.offers.synchronising import synchronise
from tests.services.talk import Talk


@pytest.fixture
def anna(new_talk: Callable[[], Talk]) -> Talk:
    """Somebody with a seat at the first of the evenings."""
    talk = new_talk()
    talk.turn(synchronise)
    talk.finish()
    first = first_of(talk).id
    talk.command("events")
    talk.tap("offer.info_degree")
    talk.tap(f"join.info_degree.{first}")
    return talk


@pytest.fixture
def former(anna: Talk) -> Talk:
    """Anna, who has put the date into her calendar and given the seat back."""
    anna.command("mine")
    anna.tap("dates")
    anna.tap(own_seat(anna))
    return anna


def own_seat(talk: Talk) -> str:
    """The button that gives the seat back."""
    talk.command("mine")
    (leave,) = (one for one in talk.actions if one.startswith("leave."))
    return leave


def first_of(talk: Talk) -> meetings.Meeting:
    """The next of the evenings that takes place."""
    coming = talk.table.run(lambda tx: meetings.of_offers(tx, ["info_degree"], talk.now))
    return next(one for one in coming if one.cancelled_at is None)


def event(talk: Talk) -> Any:
    """The one date of the file, as a library reads it that did not write it; its types are many."""
    talk.command("mine")
    file = talk.tap("dates").file
    assert file is not None
    assert isinstance(file.content, bytes)
    (found,) = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    return found


def test_a_date_that_moves_keeps_its_name_and_counts_on(anna: Talk) -> None:
    before, meeting = event(anna), first_of(anna)
    zone = anna.content.town.clock
    later = local_time(meeting.starts_at, zone) + timedelta(days=1)
    anna.turn(changing.move, offering.terms_of(anna.content), meeting.id, later, 60)
    after = event(anna)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTART"].dt == before["DTSTART"].dt + timedelta(days=1)
    assert after.duration == timedelta(minutes=60)


def test_a_date_that_is_cancelled_says_so_under_its_name(anna: Talk) -> None:
    before = event(anna)
    anna.turn(changing.cancel, first_of(anna).id)
    after = event(anna)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_a_seat_that_was_given_back_is_cancelled_under_its_name(anna: Talk) -> None:
    before = event(anna)
    anna.tap(own_seat(anna))
    after = event(anna)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["STATUS"] == "CANCELLED"


def test_the_card_of_the_offer_cancels_it_too(former: Talk) -> None:
    former.command("events")
    former.tap("offer.info_degree")
    reply = former.tap("calendar.info_degree")
    assert reply.file is not None
    assert reply.file.caption == Text("ui.calendar.caption_cancelled")


def test_a_seat_that_is_taken_anew_counts_again(former: Talk) -> None:
    gone = event(former)
    former.command("events")
    former.tap("offer.info_degree")
    former.tap(f"join.info_degree.{first_of(former).id}")
    again = event(former)
    assert int(again["SEQUENCE"]) > int(gone["SEQUENCE"])
    assert again["STATUS"] == "CONFIRMED"


def test_an_offer_that_is_withdrawn_is_cancelled(anna: Talk) -> None:
    before = event(anna)
    with anna.table.undone():
        anna.turn(own_offers.withdraw, "info_degree", 1)
        after = event(anna)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["STATUS"] == "CANCELLED"


def test_what_is_over_is_left_in_the_calendar(former: Talk) -> None:
    former.now = first_of(former).ends_at
    former.command("mine")
    assert "dates" not in former.actions


def test_a_seat_that_was_only_held_never_was_in_a_calendar(new_talk: Callable[[], Talk]) -> None:
    waiting = new_talk()
    waiting.turn(synchronise)
    waiting.finish()
    target, person = Target("info_degree", first_of(waiting).id), waiting.participant()
    assert person is not None
    held = {"participant_id": person.id, "held_until": waiting.now + timedelta(hours=1)}
    waiting.table.run(lambda tx: registrations.create(tx, target, State.HELD, waiting.now, **held))
    waiting.tap(own_seat(waiting))
    waiting.command("mine")
    assert not {one for one in waiting.actions if one == "dates" or one.startswith("leave.")}
