"""What comes back from a backup knows that time has passed: nothing is said twice, nobody is brought back."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from bot.backup import erased, folder, restoring
from bot.backup.erased import Erasures
from bot.backup.key import Key
from bot.backup.refused import BackupRefused
from bot.core.broadcasts import Stage
from bot.db import keys
from bot.db.broadcasts import broadcasts
from bot.db.engine import Database, DatabaseRefused, open_database
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.rights import erasure
from bot.db.schema import chat, delivery
from bot.db.staff import staff
from tests.backup.conftest import KEY, MADE_AT, backed_up, fill, stored, written
from tests.db.rows import new_chat, new_participant

HOUR, DAY, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=31)


async def came_back(path: Path, target: Path, key: Key | None = None, after: timedelta = DAY) -> restoring.Restored:
    return await asyncio.to_thread(
        restoring.restore, path, key, f"sqlite:///{target}", [path.parent], lambda: MADE_AT + after
    )


def outbox(connection: Connection) -> None:
    """Deliveries of every kind and state, some due before the way back, some after it."""
    new_chat(connection, 1)
    for kind in Kind:
        planned = [
            (1, Planned(f"{kind}:{name}", kind, MADE_AT + at, "ui.group.text"))
            for name, at in (("past", -HOUR), ("gap", HOUR), ("future", 2 * DAY), ("claimed", -HOUR), ("sent", -DAY))
        ]
        deliveries.plan(connection, planned)
    for state in ("claimed", "sent"):
        connection.execute(update(delivery).where(delivery.c.cause.endswith(state)).values(state=state))


@pytest.mark.row(35)
async def test_what_was_due_since_is_unknown_and_what_comes_is_planned(
    database_url: str, place: Path, tmp_path: Path
) -> None:
    await written(database_url, outbox)
    path = await backed_up(database_url, place)
    found = await came_back(path, tmp_path / "back.db")
    rows = await written(
        f"sqlite:///{tmp_path / 'back.db'}",
        lambda tx: tx.execute(select(delivery.c.cause, delivery.c.state, delivery.c.code)).all(),
    )
    expected = {"past": "unknown", "gap": "unknown", "claimed": "unknown", "future": "planned", "sent": "sent"}
    assert {tuple(row[:2]) for row in rows} == {
        (f"{kind}:{name}", expected[name]) for kind in Kind for name in expected
    }
    assert {row.code for row in rows if row.state == "unknown"} == {"restored"}
    assert found.settled.unknown == 3 * len(Kind)


@pytest.mark.row(35)
async def test_broadcasts_that_were_going_out_wait_for_a_human(
    database_url: str, place: Path, tmp_path: Path
) -> None:
    def four(connection: Connection) -> None:
        staff.add(connection, 5, MADE_AT, role="coordinator", name="Lea")
        author = staff.by_person(connection, 5)
        assert author is not None
        for at, planned_to in ((-HOUR, 0), (HOUR, 0), (2 * DAY, 0), (-DAY, None)):
            number = broadcasts.create(connection, author.id, MADE_AT, last_useful_at=MADE_AT + MONTH)
            broadcasts.change(
                connection, number, stage=Stage.SENDING.value, starts_at=MADE_AT + at, planned_to=planned_to
            )

    await written(database_url, four)
    path = await backed_up(database_url, place)
    found = await came_back(path, tmp_path / "back.db")
    stages = await written(
        f"sqlite:///{tmp_path / 'back.db'}", lambda tx: [one.stage for one in reversed(broadcasts.listed(tx))]
    )
    assert stages == [Stage.PAUSED, Stage.PAUSED, Stage.SENDING, Stage.SENDING]
    assert found.settled.paused == 2


async def test_buttons_of_the_lost_time_are_dead(database_url: str, place: Path, tmp_path: Path) -> None:
    await written(
        database_url,
        lambda tx: new_chat(tx, 1, card_version=7, card_since=5, shown_version=6, card_message=40),
    )
    path = await backed_up(database_url, place)
    await came_back(path, tmp_path / "back.db")
    columns = (chat.c.card_version, chat.c.card_since, chat.c.shown_version, chat.c.card_message)
    [row] = await written(f"sqlite:///{tmp_path / 'back.db'}", lambda tx: tx.execute(select(*columns)).all())
    assert row.card_since == row.card_version > 50_000
    assert row.card_version - row.shown_version == 1, "who was owed a card still is"
    assert row.card_message is None


async def with_list(url: str, place: Path, key: Key | None) -> Database:
    """A database as the bot opens it: who is erased is written down."""
    database = await open_database(url)
    database.on_erased = Erasures(place, key, lambda: MADE_AT + HOUR).add
    return database


@pytest.mark.row(35)
@pytest.mark.parametrize("key", [None, KEY], ids=["own key", "key file"])
async def test_who_was_erased_since_does_not_come_back(
    database_url: str, place: Path, tmp_path: Path, key: Key | None
) -> None:
    await fill(database_url, range(1, 5))
    path = await backed_up(database_url, place, key)
    database = await with_list(database_url, place, key)
    for number in (2, 3):
        await database.run(lambda tx, number=number: erasure.erase_chat(tx, number))  # type: ignore[misc]
    await database.run(lambda tx: new_participant(tx, 3))  # and comes again: that is lost with the time
    await database.close()
    found = await came_back(path, tmp_path / "back.db", key)
    assert found.settled.erased == 2
    left = await stored(f"sqlite:///{tmp_path / 'back.db'}")
    assert {row[0] for row in left["chat"]} == {-7, 1, 4}, "the team's group stays"
    assert len(left["answer"]) == 6
    assert not {" 2", " 3"} & {line[-2:] for line in listed_in(place)}


def listed_in(place: Path) -> list[str]:
    return [line for path in place.glob("erased*") for line in path.read_text().splitlines()]


async def test_who_was_erased_before_and_came_again_stays(database_url: str, place: Path, tmp_path: Path) -> None:
    database = await with_list(database_url, place, None)
    await database.run(lambda tx: new_participant(tx, 2))
    await database.run(lambda tx: erasure.erase_chat(tx, 2))
    await database.run(lambda tx: new_participant(tx, 2))
    await database.close()
    path = await backed_up(database_url, place, now=MADE_AT + 2 * HOUR)
    assert (await came_back(path, tmp_path / "back.db")).settled.erased == 0
    # Written down so shortly before the backup that its commit may have come after it: erased once more.
    unsure = await backed_up(database_url, place, now=MADE_AT + HOUR + timedelta(minutes=1))
    assert (await came_back(unsure, tmp_path / "unsure.db")).settled.erased == 1


@pytest.mark.row(27, 35)
async def test_an_erasure_after_a_clock_that_jumped_back_is_not_forgotten(
    database_url: str, place: Path, tmp_path: Path
) -> None:
    await fill(database_url, range(1, 3))
    database = await with_list(database_url, place, None)
    path = await backed_up(database_url, place, now=MADE_AT + 5 * DAY)
    await database.run(lambda tx: erasure.erase_chat(tx, 2))
    await database.close()
    assert (await came_back(path, tmp_path / "back.db")).settled.erased == 1


async def test_an_erasure_is_written_down_before_it_is_committed(database_url: str) -> None:
    database = await open_database(database_url)
    told: list[int | str] = []
    database.on_erased = told.extend
    await database.run(lambda tx: new_chat(tx, 1))

    def fails(connection: Connection) -> None:
        erasure.erase_chat(connection, 1)
        raise LookupError

    with pytest.raises(LookupError):
        await database.run(fails)
    told.clear()
    await database.run(lambda tx: new_chat(tx, 2))
    assert told == [], "what came to nothing is not told later"

    def look(chats: Collection[int | str]) -> None:
        told.extend(chats)
        there.append(asyncio.run(stored(database_url))["chat"])

    there: list[list[tuple[object, ...]]] = []

    def aside(chats: Collection[int | str]) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(look, chats).result()

    database.on_erased = aside
    await database.run(lambda tx: erasure.erase_chat(tx, 2))
    await database.close()
    assert told == [2]
    assert {row[0] for row in there[0]} == {1, 2}, "others still see the person"


def test_a_list_that_cannot_be_written_stops_no_erasure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    Erasures(tmp_path / "file" / "folder", KEY, lambda: MADE_AT).add([1])
    assert not (tmp_path / "file" / "folder").exists()


def test_a_line_that_was_cut_off_spoils_no_other(place: Path) -> None:
    listed = Erasures(place, None, lambda: MADE_AT)
    listed.add([1])
    [path] = place.glob(erased.PATTERN)
    path.write_bytes(path.read_bytes()[:-20])
    listed.add([2, 3])
    found = erased.since([place], {}, None)
    assert [number in found for number in (1, 2, 3, 4)] == [False, True, True, False]


def test_a_list_of_another_key_is_not_passed_over(place: Path) -> None:
    place.mkdir()
    Erasures(place, KEY, lambda: MADE_AT).add([1])
    with pytest.raises(BackupRefused, match=f"by the key {KEY.name}"):
        erased.since([place], {}, None)


def test_months_without_a_backup_are_forgotten(place: Path) -> None:
    for number in range(6):
        Erasures(place, None, lambda number=number: MADE_AT + number * MONTH).add([number])  # type: ignore[misc]
    erased.forget_before(place, MADE_AT + 4 * MONTH)
    found = erased.since([place], {}, None)
    assert [number in found for number in range(6)] == [False, False, False, True, True, True]
    assert folder.backups(place) == []


async def test_what_the_key_file_does_not_fit_does_not_come_back_and_nothing_is_left_of_the_try(
    database_url: str, place: Path, tmp_path: Path
) -> None:
    target, fitting = tmp_path / "other" / "lotse.db", keys.key_file().path
    await fill(database_url)
    path = await backed_up(database_url, place)
    keys.keep_in(tmp_path / "another.key")
    keys.key_file().make()
    with pytest.raises(DatabaseRefused, match="is not the one that this database is sealed with"):
        await asyncio.to_thread(restoring.restore, path, None, f"sqlite:///{target}", [place], lambda: MADE_AT)
    assert not target.exists()
    keys.keep_in(fitting)
    await asyncio.to_thread(restoring.restore, path, None, f"sqlite:///{target}", [place], lambda: MADE_AT)
