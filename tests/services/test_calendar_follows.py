"""A person's calendar file after their date has changed: the calendars that have the former one change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest

from bot.core.timing import local_time
from bot.db.offers import meetings
from bot.services.offers import meetings as changing
from bot.services.offers import offering
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


def first_of(talk: Talk) -> meetings.Meeting:
    return talk.table.run(lambda tx: meetings.of_offers(tx, ["info_degree"], talk.now))[0]


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
