"""Both changes of the clock: an evening at every quarter of an hour around them has one reminder of each rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from bot.db.offers import meetings
from bot.db.offers.registrations import Target
from bot.db.schema import participant
from bot.services.offers.meetings import synchronise
from tests.amounts import NIGHTLY
from tests.catalogue import count
from tests.services.reminding.helpers import DAY_BEFORE, HOURS, WEEK, at, come, rows
from tests.services.seating.town import BERLIN, DAY, HOUR, INFO, Town, planned

EVENING = time(18)
QUARTER = timedelta(minutes=15)


def slots(sunday: date) -> list[datetime]:
    """Every quarter of an hour of the night in which the clock changes, at night of three days; as the wall shows."""
    first = datetime.combine(sunday, time()) - (DAY if NIGHTLY else timedelta(0))
    return [first + number * QUARTER for number in range(3 * 96 if NIGHTLY else 24)]


def on_the_wall(moment: datetime) -> datetime:
    return moment.astimezone(BERLIN).replace(tzinfo=None)


@pytest.mark.row(28, 29)
@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
async def test_each_has_one_reminder_of_each_rule_at_the_right_time_on_the_wall(town: Town, sunday: date) -> None:
    town.now = at((sunday - 21 * DAY).isoformat())
    found = slots(sunday)
    starts = planned(*(one.isoformat() for one in found))
    town.change(INFO, seats=None, register_until=None, meetings=starts)
    await town.do(synchronise, town.terms)
    (person,) = await town.people(1)
    await town.database.run(lambda tx: tx.execute(update(participant).values(quiet="off")))
    known = await town.database.run(meetings.everything)
    for slot in found:
        meeting = known["info", slot.isoformat(timespec="minutes")]
        await come(town, person, target=Target("info", meeting.id))
        told = {one.text_key: one.due_at for one in await rows(town, meeting_id=meeting.id)}
        assert len(await rows(town, meeting_id=meeting.id)) == len(told) == 3
        assert on_the_wall(told[WEEK]) == datetime.combine(slot.date() - 7 * DAY, EVENING)
        assert on_the_wall(told[DAY_BEFORE]) == datetime.combine(slot.date() - DAY, EVENING)
        begins = slot.replace(tzinfo=BERLIN).astimezone(
            UTC
        )  # a time that is not there: an hour later; twice: the first
        assert (meeting.starts_at, told[HOURS]) == (begins, begins - 2 * HOUR)
    count("meetings", len(found))
    count("reminders", 3 * len(found))
