"""The admins hear once that something goes wrong, and once that it is over; a kill repeats nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from bot.content.loader import Content
from bot.core.roles import Role
from bot.db import alarms as rows
from bot.db import inbox
from bot.db.engine import Database, open_database
from bot.db.inbox import Arrived
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.schema import delivery
from bot.db.staff import staff
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Ready, Result, Tried
from bot.services.health import alarms
from bot.services.health.alarms import LATE, OLD_BACKUP, QUIET, ROOM, SHORT, Alarm
from bot.services.health.seen import Seen
from bot.services.turn import Turn
from tests.db.rows import new_chat

BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BOSS, OTHER = 99, 98
WELL = Seen("1.0", BEGIN, disk_free=10 * ROOM, last_backup=BEGIN, tried=100, failed=0, translation_fails=False)


_TOLD = delivery.c.text_key.startswith("staff.alarm.")


@dataclass
class House:
    """A bot whose clock goes on a minute with each look."""

    database: Database
    content: Content
    now: datetime = BEGIN

    async def looks(
        self, seen: Seen = WELL, after: timedelta = MINUTE, *, goes_out: bool = True
    ) -> list[tuple[Alarm, bool]]:
        """What is told at the next look; and what was told goes out."""
        self.now += after
        told = await self.database.run(lambda tx: alarms.look(Turn(tx, self.content, self.now), seen))
        if goes_out:
            await self.run(lambda tx: tx.execute(update(delivery).where(_TOLD).values(state="sent")))
        return list(told)

    async def run(self, use_case: Any) -> Any:
        """Something in a transaction."""
        return await self.database.run(use_case)

    async def told(self, chat_id: int = BOSS) -> list[str]:
        """The keys of what was written to that chat, the oldest first."""
        keys = select(delivery.c.text_key).where(delivery.c.chat_id == chat_id).order_by(delivery.c.id)
        found: list[str] = await self.run(lambda tx: list(tx.execute(keys).scalars()))
        return [one.removeprefix("staff.alarm.") for one in found]


def team(connection: Connection) -> None:
    """An admin, and a coordinator who is not to be bothered; both have a chat."""
    for person, role in ((BOSS, Role.ADMIN), (OTHER, Role.COORDINATOR)):
        new_chat(connection, person)
        staff.add(connection, person, BEGIN, role=role.value, name="Rita", confirmed_at=BEGIN)


@pytest.fixture
async def house(database_url: str, content: Content) -> Any:
    database = await open_database(database_url)
    await database.run(team)
    yield House(database, content)
    await database.close()


def wrong_by_sight(now: datetime) -> dict[Alarm, Seen]:
    """What a process sees when something is wrong that only it can see."""
    return {
        Alarm.DELIVERIES: replace(WELL, tried=50, failed=10),
        Alarm.TRANSLATION: replace(WELL, translation_fails=True),
        Alarm.BACKUP: replace(WELL, last_backup=now - OLD_BACKUP - HOUR),
        Alarm.DISK: replace(WELL, disk_free=SHORT - 1),
    }


ORDER = [Alarm.DELIVERIES, Alarm.LATE, Alarm.PARKED, Alarm.TRANSLATION, Alarm.BACKUP, Alarm.DISK].index
SIGHTS = sorted(wrong_by_sight(BEGIN))


@pytest.mark.parametrize("which", SIGHTS)
async def test_what_the_process_sees_is_told_once_and_once_that_it_is_over(house: House, which: Alarm) -> None:
    assert await house.looks() == []
    wrong = wrong_by_sight(BEGIN)[which]
    assert await house.looks(wrong) == [(which, True)]
    for _ in range(5):
        assert await house.looks(wrong) == []
    assert await house.looks(wrong, after=OLD_BACKUP / 2) == []
    assert await house.looks() == [(which, False)]
    assert await house.looks() == []
    assert await house.told() == [which, f"{which}_over"]
    assert await house.told(OTHER) == []


async def test_a_backup_that_was_never_made_is_told_where_it_should_have_been(house: House) -> None:
    house.now += OLD_BACKUP
    never = replace(WELL, last_backup=None)
    assert await house.looks(never) == [], "the operator makes them"
    due = replace(never, backs_up=True)
    assert await house.looks(replace(due, started_at=house.now)) == []
    assert await house.looks(due) == [(Alarm.BACKUP, True)]
    assert await house.looks(due) == []
    assert await house.looks(replace(due, last_backup=house.now)) == [(Alarm.BACKUP, False)]


async def test_what_is_due_and_does_not_go_out_is_told(house: House) -> None:
    due = Planned("x", Kind.REMINDER, BEGIN, "ui.language.ask")
    await house.run(lambda tx: deliveries.plan(tx, [(OTHER, due)]))
    await house.run(lambda tx: tx.execute(update(delivery).values(next_at=BEGIN)))
    assert await house.looks(after=LATE) == []
    assert await house.looks() == [(Alarm.LATE, True)]
    assert await house.looks() == []
    await house.run(lambda tx: tx.execute(delete(delivery).where(delivery.c.chat_id == OTHER)))
    await house.run(lambda tx: tx.execute(update(delivery).values(state="sent")))
    assert await house.looks() == [(Alarm.LATE, False)]
    assert await house.told() == ["late", "late_over"]


async def test_a_large_broadcast_is_due_for_an_hour_and_nothing_is_wrong(house: House) -> None:
    many = Planned("broadcast:1", Kind.BROADCAST, BEGIN, "broadcast.1")
    await house.run(lambda tx: deliveries.plan(tx, [(OTHER, many)]))
    assert await house.looks(after=HOUR) == []


async def test_updates_that_were_set_aside_are_told_and_a_new_one_later_again(house: House) -> None:
    def parks(number: int) -> Any:
        def use_case(connection: Connection) -> None:
            inbox.store(connection, [Arrived(number, 1, "{}")], house.now)
            inbox.park(connection, number, "KeyError")

        return use_case

    seen = replace(WELL, last_backup=None)
    await house.run(parks(1))
    assert await house.looks(seen) == [(Alarm.PARKED, True)]
    assert await house.looks(seen) == []
    assert await house.looks(seen, after=timedelta(days=1)) == [(Alarm.PARKED, False)]
    await house.run(parks(2))
    assert await house.looks(seen) == [(Alarm.PARKED, True)]
    assert await house.told() == ["parked", "parked_over", "parked"]


async def test_what_comes_and_goes_is_told_once_in_some_hours(house: House) -> None:
    wrong = replace(WELL, disk_free=SHORT - 1)
    assert await house.looks(wrong) == [(Alarm.DISK, True)]
    assert await house.looks() == [(Alarm.DISK, False)]
    for seen in (wrong, WELL, wrong, wrong):
        assert await house.looks(seen) == []
    assert await house.looks(wrong, after=QUIET) == [(Alarm.DISK, True)]
    assert await house.looks(replace(WELL, last_backup=house.now)) == [(Alarm.DISK, False)]


@pytest.mark.parametrize(
    "unknown",
    [
        {"disk_free": None},
        {"disk_free": (SHORT + ROOM) // 2},
    ],
    ids=["nobody knows", "between"],
)
async def test_what_cannot_be_judged_stays_as_it_is(house: House, unknown: dict[str, Any]) -> None:
    assert await house.looks(replace(WELL, **unknown)) == []
    assert await house.looks(replace(WELL, disk_free=SHORT - 1)) == [(Alarm.DISK, True)]
    assert await house.looks(replace(WELL, **unknown)) == []
    assert await house.looks() == [(Alarm.DISK, False)]


@pytest.mark.parametrize(
    ("tried", "failed", "wrong"),
    [
        (0, 0, None),
        (1, 0, False),
        (5, 5, None),
        (19, 19, None),
        (20, 4, True),
        (20, 3, None),
        (20, 2, None),
        (21, 2, False),
        (500, 49, False),
        (500, 100, True),
    ],
)
def test_many_failed_deliveries_are_a_share_of_enough(tried: int, failed: int, *, wrong: bool | None) -> None:
    assert alarms._failing(tried, failed) is wrong


async def test_a_restart_neither_forgets_nor_repeats(house: House, content: Content) -> None:
    wrong = replace(WELL, disk_free=1)
    assert await house.looks(wrong) == [(Alarm.DISK, True)]
    after = House(house.database, content, house.now)  # all that lives on is the table
    assert await after.looks(wrong) == []
    assert await after.looks() == [(Alarm.DISK, False)]


async def test_a_kill_before_the_commit_leaves_nothing_half_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = replace(WELL, disk_free=1)

    class Killed(Exception):
        """As if the process had ended."""

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rows, "save", dies)
        with pytest.raises(Killed):
            await house.looks(wrong)
    assert await house.told() == []
    assert await house.looks(wrong) == [(Alarm.DISK, True)]
    assert await house.told() == ["disk"]


async def test_where_no_admin_can_hear_it_the_next_one_does(house: House) -> None:
    wrong = replace(WELL, disk_free=1)
    await house.run(lambda tx: staff.change(tx, 1, removed_at=BEGIN))
    assert await house.looks(wrong) == []
    await house.run(lambda tx: staff.change(tx, 1, removed_at=None))
    assert await house.looks(wrong) == [(Alarm.DISK, True)]


async def test_it_is_said_at_night_and_in_words_with_every_figure(house: House, content: Content) -> None:
    night = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    house.now = night
    wrong = Seen("1.0", BEGIN, False, "none", True, 123_000_000, BEGIN - 3 * OLD_BACKUP, 50, 20)
    late = Planned("x", Kind.NOTICE, BEGIN, "ui.language.ask")

    def trouble(connection: Connection) -> None:
        deliveries.plan(connection, [(OTHER, late)])
        inbox.store(connection, [Arrived(1, 1, "{}")], night)
        inbox.park(connection, 1, "KeyError")

    await house.run(trouble)
    assert [one for one, _ in await house.looks(wrong, goes_out=False)] == sorted(Alarm, key=ORDER)

    def said(connection: Connection) -> list[str]:
        words, tried = [], list[Tried]()
        for seconds in range(20):  # to one chat there is one in a second
            turn = Turn(connection, content, house.now + timedelta(seconds=2 * seconds))
            hand = sending.step(turn, "me", tried, 30, lambda _: 0.0, lambda: 0.5)
            words += [sending.say(Ready(one.due, content, one.screen)) for one in hand.ready]
            tried = [Tried(one.due, Result.SENT, turn.now, message_id=1) for one in hand.ready]
        return [one.text for one in words if one is not None]

    words = "\n".join(await house.run(said))
    for piece in (
        "letzten 50 sind 20",
        "noch 123 MB",
        "beiseitegelegt: 1",
        "Übersetzung geht nicht",
        "keine neue Sicherung",
    ):
        assert piece in words, piece
    assert "fällig seit" in words
    urgent = select(delivery.c.urgent).where(delivery.c.chat_id == BOSS)
    assert set(await house.run(lambda tx: list(tx.execute(urgent).scalars()))) == {True}


@pytest.mark.row(26)
async def test_an_absence_of_more_than_a_day_is_told_once_after_the_start(house: House) -> None:
    await house.looks()
    await house.looks(after=30 * HOUR)
    assert await house.told() == [], "it ran all the time: its clock was set ahead"
    last = house.now
    again = replace(WELL, started_at=last + 23 * HOUR, last_backup=last + 23 * HOUR)
    await house.looks(again, after=23 * HOUR + MINUTE)
    assert await house.told() == [], "so long Telegram keeps what people write"
    last = house.now
    again = replace(WELL, started_at=last + 25 * HOUR, last_backup=last + 25 * HOUR)
    for after in (25 * HOUR + MINUTE, MINUTE):
        await house.looks(again, after=after)
    assert (await house.told(), await house.told(OTHER)) == (["away"], [])
