"""Rows of the team and of invitations, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from bot.core.roles import Right, Role, Standing
from bot.db import beside
from bot.db.engine import Database, DatabaseRefused, open_database
from bot.db.rights import erasure
from bot.db.schema import chat, invitation
from bot.db.schema import staff as table
from bot.db.staff import invitations, staff
from bot.db.staff.invitations import Invitation
from bot.db.staff.staff import Member
from tests.db.rows import HOUR, NOW, new_chat

DAY = timedelta(days=1)


async def put(database: Database, person: int, role: Role = Role.ADMIN, **columns: Any) -> Member:
    """A confirmed member."""
    given = {"role": role.value, "name": f"N{person}", "confirmed_at": NOW, **columns}
    await database.run(lambda tx: staff.add(tx, person, NOW, **given))
    found = await database.run(lambda tx: staff.by_person(tx, person))
    assert found is not None
    return found


async def test_an_empty_table_is_nobody(database: Database) -> None:
    assert await database.run(lambda tx: staff.by_person(tx, 1)) is None
    assert await database.run(staff.with_waiting) == []
    assert await database.run(lambda tx: staff.active_admins(tx, NOW)) == []


async def test_who_comes_again_has_one_row_and_nothing_of_before(database: Database) -> None:
    first = await put(database, 1, removed_at=NOW, removed_by=None)
    again = await put(database, 1, Role.TEACHER, confirmed_at=None)
    assert (again.id, again.role, again.standing(NOW)) == (first.id, Role.TEACHER, Standing.WAITING)


async def test_only_active_admins_count(database: Database) -> None:
    one = await put(database, 1)
    await put(database, 2, removed_at=NOW)
    await put(database, 3, confirmed_at=None)
    await put(database, 4, seen_at=NOW - 91 * DAY)
    await put(database, 5, Role.COORDINATOR)
    assert [found.id for found in await database.run(lambda tx: staff.active_admins(tx, NOW))] == [one.id]


async def test_a_right_counts_of_those_only_who_are_active(database: Database) -> None:
    one = await put(database, 1, Role.COORDINATOR)
    await put(database, 2, removed_at=NOW)
    await put(database, 3, confirmed_at=None)
    await put(database, 4, seen_at=NOW - 91 * DAY)
    viewer = await put(database, 5, Role.VIEWER)
    assert await database.run(lambda tx: staff.who_may(tx, Right.SEND, NOW)) == [one]
    assert await database.run(lambda tx: staff.active(tx, NOW)) == [one, viewer]


async def test_a_role_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.run(lambda tx: staff.add(tx, 1, NOW, role="owner", name="Eve"))


async def test_the_chat_of_staff_stays_without_consent_until_they_are_removed(database: Database) -> None:
    member = await put(database, 1)
    await database.run(lambda tx: new_chat(tx, 1))
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW + DAY)) == 0
    await database.run(lambda tx: staff.change(tx, member.id, removed_at=NOW))
    assert await database.run(lambda tx: erasure.erase_without_consent(tx, NOW + DAY)) == 1


async def test_erasing_a_chat_leaves_the_place_in_the_team_and_nobody_writes_there(database: Database) -> None:
    member = await put(database, 1)
    await database.run(lambda tx: new_chat(tx, 1))
    assert await database.run(lambda tx: staff.reachable(tx, [member])) == [1]
    await database.run(lambda tx: erasure.erase_chat(tx, 1))
    assert await database.run(lambda tx: staff.by_person(tx, 1)) == member
    assert await database.run(lambda tx: staff.reachable(tx, [member])) == []


async def test_languages_come_from_the_chats_there_are(database: Database) -> None:
    await put(database, 1)
    await put(database, 2)
    await put(database, 3, confirmed_at=None)
    await database.run(lambda tx: new_chat(tx, 2, language="ar"))
    found = await database.run(lambda tx: staff.with_language(tx, NOW))
    assert [(one.person_id, language) for one, language in found] == [(1, None), (2, "ar")]


async def test_what_is_old_is_forgotten_and_what_is_not_stays(database: Database) -> None:
    boss = await put(database, 1)
    await put(database, 2, removed_at=NOW - 91 * DAY, removed_by=boss.id)
    await put(database, 3, removed_at=NOW - 89 * DAY, removed_by=boss.id)
    await put(database, 4, confirmed_at=None, added_at=NOW - 8 * DAY)
    await put(database, 5, confirmed_at=None, added_at=NOW - 6 * DAY)
    assert await database.run(lambda tx: staff.forget_old(tx, NOW)) == 2
    people = await database.run(lambda tx: set(tx.execute(select(table.c.person_id)).scalars()))
    assert people == {1, 3, 5}
    await database.run(lambda tx: invitations.create(tx, "a", Role.ADMIN, NOW - 92 * DAY, DAY, None))
    await database.run(lambda tx: invitations.create(tx, "b", Role.ADMIN, NOW, DAY, boss.id))
    assert await database.run(lambda tx: invitations.forget_old(tx, NOW)) == 1


async def test_an_invitation_is_found_by_its_hash_alone(database: Database) -> None:
    boss = await put(database, 1)
    await database.run(lambda tx: invitations.create(tx, "a", Role.VIEWER, NOW, HOUR, boss.id))
    await database.run(lambda tx: invitations.create(tx, "b", Role.ADMIN, NOW, HOUR, None))
    chat_one = await database.run(lambda tx: invitations.find(tx, "a"))
    command = await database.run(lambda tx: invitations.find(tx, "b"))
    assert chat_one is not None
    assert command is not None
    assert chat_one == Invitation(chat_one.id, Role.VIEWER, NOW + HOUR, None, boss.id, confirmed=False)
    assert command.confirmed
    assert await database.run(lambda tx: invitations.find(tx, "c")) is None
    await database.run(lambda tx: invitations.use(tx, chat_one.id, 7, NOW))
    used = await database.run(lambda tx: invitations.find(tx, "a"))
    assert used is not None
    assert used.used_at == NOW


# -- written from outside


def made(connection: Connection) -> None:
    """An invitation."""
    invitations.create(connection, "outside", Role.ADMIN, NOW, HOUR, None)


def number(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(invitation)).scalar_one()


async def test_a_running_bot_and_a_command_write_beside_each_other(database: Database, database_url: str) -> None:
    busy = [database.run(partial(new_chat, chat_id=number)) for number in range(1, 60)]
    await asyncio.gather(beside.write(database_url, made), *busy)
    assert await database.run(number) == 1
    assert await database.run(lambda tx: len(tx.execute(select(chat.c.id)).all())) == 59


async def test_a_database_that_is_not_there_yet_is_made(database_url: str) -> None:
    await beside.write(database_url, made)
    assert await beside.write(database_url, number) == 1


async def test_what_fails_outside_leaves_nothing(database: Database, database_url: str) -> None:
    def half(connection: Connection) -> None:
        made(connection)
        raise LookupError

    with pytest.raises(LookupError):
        await beside.write(database_url, half)
    assert await database.run(number) == 0
    await database.run(lambda tx: new_chat(tx, 1))


async def test_an_old_file_is_brought_up_to_date_unless_somebody_runs_on_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'lotse.db'}"
    (tmp_path / "lotse.db").touch()
    await beside.write(url, made)
    database = await open_database(url)
    await database.run(lambda tx: tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'"))
    with pytest.raises(DatabaseRefused, match="in use"):
        await beside.write(url, made)
    assert await database.run(number) == 1
    await database.close()


async def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(DatabaseRefused, match="no address"):
        await beside.write("nonsense", made)
