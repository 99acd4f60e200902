"""What is over goes when it has been kept long enough, and nothing that is needed goes before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.db.engine import Database
from bot.db.rights import retention
from bot.db.schema import attendance, delivery, registration
from tests.db.rows import new_meeting, new_participant

NOW = datetime.fromisoformat("2027-11-25T09:00:00+00:00")
DAY = timedelta(days=1)
BEFORE, BROADCASTS = NOW - 90 * DAY, NOW - 365 * DAY
OLD, FRESH, AGES = NOW - 91 * DAY, NOW - 89 * DAY, NOW - 366 * DAY


def say(connection: Connection, cause: str, **columns: Any) -> None:
    """A delivery to the only chat; a reminder of a seat, sent when it was due, if nothing else is said."""
    row = {
        "cause": cause,
        "chat_id": 1,
        "kind": "reminder",
        "due_at": OLD,
        "priority": 1,
        "text_key": "reminders.a",
        "state": "sent",
        **columns,
    }
    row.setdefault("next_at", row["due_at"])
    if row["state"] == "sent":
        row.setdefault("sent_at", row["due_at"])
    connection.execute(insert(delivery), row)


def seat(connection: Connection, **columns: Any) -> int:
    """A firm seat at some meeting, if nothing else is said; its number."""
    row = {"offer_id": "info", "state": "registered", "queued_at": AGES}
    made: int = connection.execute(insert(registration).returning(registration.c.id), {**row, **columns}).scalar_one()
    return made


def forget(connection: Connection, page: int = 2) -> int:
    """Everything that is due, page by page; how many."""
    gone, at, pages = 0, 0, 0
    while True:
        number, last = retention.forget_deliveries(connection, at, page, BEFORE, BROADCASTS)
        gone += number
        if last is None:
            assert pages
            return gone
        assert last > at
        at, pages = last, pages + 1


def left(connection: Connection) -> set[str]:
    return set(connection.execute(select(delivery.c.cause)).scalars())


GOING: dict[str, dict[str, Any]] = {
    "sent": {},
    "skipped": {"state": "skipped", "reason": "too_late"},
    "blocked": {"state": "blocked"},
    "failed": {"state": "failed"},
    "unknown": {"state": "unknown", "unknown_at": OLD},
    "useful until long ago": {"last_useful_at": OLD},
    "notice": {"kind": "notice"},
    "to the team": {"kind": "notice", "registration_id": None, "participant_id": None},
    "broadcast of a year ago": {"kind": "broadcast", "due_at": AGES, "registration_id": None},
    "broadcast left in doubt": {
        "kind": "broadcast",
        "state": "unknown",
        "reason": "left",
        "due_at": AGES,
        "registration_id": None,
    },
}
STAYING: dict[str, dict[str, Any]] = {
    "planned": {"state": "planned"},
    "claimed": {"state": "claimed", "claimed_by": "x"},
    "fresh": {"due_at": FRESH},
    "sent late": {"sent_at": FRESH},
    "tried again": {"state": "failed", "next_at": FRESH},
    "useful until lately": {"last_useful_at": FRESH},
    "useful until next year": {"state": "skipped", "last_useful_at": NOW + 300 * DAY},
    "about a person": {"registration_id": None},
    "skipped about a person": {"registration_id": None, "state": "skipped"},
    "broadcast": {"kind": "broadcast", "registration_id": None},
    "broadcast in doubt": {"kind": "broadcast", "state": "unknown", "due_at": AGES, "registration_id": None},
}


@pytest.mark.parametrize("page", [1, 3, 1000])
async def test_a_delivery_goes_when_it_is_old_by_all_its_dates_and_guards_nothing(
    database: Database, page: int
) -> None:
    def use_case(connection: Connection) -> tuple[int, set[str]]:
        person = new_participant(connection, 1)
        mine = {"participant_id": person, "registration_id": seat(connection, participant_id=person)}
        past = new_meeting(connection, "past", starts_at=OLD, ends_at=OLD)
        coming = new_meeting(connection, "coming", starts_at=NOW + DAY, ends_at=NOW + DAY)
        for cause, columns in {**GOING, **STAYING}.items():
            say(connection, cause, **{**mine, **columns})
        say(connection, "of a past meeting", meeting_id=past, **mine)
        say(connection, "of a coming meeting", meeting_id=coming, **mine)
        say(connection, "the newest", **mine)
        return forget(connection, page), left(connection)

    gone, stay = await database.run(use_case)
    assert stay == {*STAYING, "of a coming meeting", "the newest"}
    assert gone == len(GOING) + 1


async def test_no_new_delivery_gets_the_number_of_one_that_went(database: Database) -> None:
    def use_case(connection: Connection) -> tuple[int, int]:
        new_participant(connection, 1)
        for number in range(5):
            say(connection, f"old {number}", kind="notice")
        before = connection.execute(select(func.max(delivery.c.id))).scalar_one()
        forget(connection)
        say(connection, "new", state="planned")
        return before, connection.execute(select(delivery.c.id).where(delivery.c.cause == "new")).scalar_one()

    before, new = await database.run(use_case)
    assert new > before, "a button of a message from then would be the new one's"


async def test_registrations_guests_and_attendance_go_a_year_after_the_last_meeting(database: Database) -> None:
    def use_case(connection: Connection) -> tuple[tuple[int, int], dict[str, bool], int]:
        person = new_participant(connection, 1)
        over = new_meeting(connection, "info", original="a", starts_at=AGES, ends_at=AGES)
        lately = new_meeting(connection, "info", original="b", starts_at=OLD, ends_at=OLD)
        for original, at in (("a", AGES - 90 * DAY), ("b", AGES)):
            new_meeting(connection, "course_over", original=original, starts_at=at, ends_at=at)
        for original, at in (("a", AGES), ("b", OLD)):
            new_meeting(connection, "course", original=original, starts_at=at, ends_at=at)
        ended = {"state": "given_back", "ended_at": AGES - DAY}
        guest: dict[str, Any] = {"participant_id": None, "guest": {"name": "Anna"}}
        seats: dict[str, dict[str, Any]] = {
            "went: ended": {"meeting_id": over, **ended},
            "went: a guest": {"meeting_id": over, **guest},
            "went: ended, of a course": {"offer_id": "course_over", **ended},
            "went: a guest of a course": {"offer_id": "course_over", **guest},
            "went: its meetings are gone": {"offer_id": "gone", **ended},
            "a seat": {"meeting_id": over},
            "a seat of a course": {"offer_id": "course_over"},
            "ended lately": {"meeting_id": over, **ended, "ended_at": OLD},
            "a guest entered lately": {"meeting_id": over, **guest, "queued_at": OLD},
            "ended, of a meeting that was lately": {"meeting_id": lately, **ended},
            "a guest who was here lately": {"meeting_id": lately, **guest},
            "ended, of a course that went on": {"offer_id": "course", **ended},
            "a guest of a course that went on": {"offer_id": "course", **guest},
        }
        keys = {name: seat(connection, **{"participant_id": person, **columns}) for name, columns in seats.items()}
        for name, at, meeting in (
            ("a seat", AGES, over),
            ("a seat of a course", AGES, over),
            ("went: a guest", AGES, over),
            ("a seat of a course", OLD, lately),  # marked later
            ("a guest of a course that went on", AGES, over),
        ):
            mark = {"registration_id": keys[name], "meeting_id": meeting, "state": "present", "marked_at": at}
            connection.execute(insert(attendance), mark)
        say(connection, "said of it", registration_id=keys["went: ended"])
        gone = retention.forget_registrations(connection, NOW - 365 * DAY)
        ids = set(connection.execute(select(registration.c.id)).scalars())
        marks = connection.execute(select(func.count()).select_from(attendance)).scalar_one()
        assert left(connection) == set()
        return gone, {name: key in ids for name, key in keys.items()}, marks

    gone, there, marks = await database.run(use_case)
    assert there == {name: not name.startswith("went") for name in there}
    assert (gone, marks) == ((5, 3), 2)


async def test_an_empty_outbox_is_no_work(database: Database) -> None:
    assert await database.run(lambda tx: retention.forget_deliveries(tx, 0, 10, BEFORE, BROADCASTS)) == (0, None)
    assert await database.run(lambda tx: retention.forget_registrations(tx, NOW)) == (0, 0)
