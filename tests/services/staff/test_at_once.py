"""Two who act at the same moment, on both databases: an invitation is good once, and an admin is always left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection

from bot.content.loader import Content
from bot.core.roles import Role
from bot.db.engine import Database
from bot.db.staff import second_factors, staff
from bot.services import taps
from bot.services.staff import desk
from bot.services.staff.members import inviting
from bot.services.taps import Tap
from bot.services.threads import answers
from bot.services.turn import Turn, Visitor
from tests.databases import statements
from tests.db.rows import NOW, loaded

T = TypeVar("T")


@pytest.fixture(autouse=True)
def nobody() -> None:
    """A database of its own: nobody is in it."""


def turn(content: Content, use_case: Callable[..., T], *args: Any) -> Callable[[Connection], T]:
    """A use case in its transaction."""
    return lambda connection: use_case(Turn(connection, content, NOW), *args)


def person(number: int) -> Visitor:
    return Visitor(number, "de", number, f"N{number}")


async def come(database: Database, content: Content, *people: int) -> None:
    """These people are admins, each with the desk before them."""
    for number in people:
        payload = await database.run(lambda tx: inviting.create(tx, Role.ADMIN, NOW))
        await database.run(turn(content, inviting.start, person(number), payload))
        await database.run(turn(content, desk.open_desk, person(number)))


async def press(database: Database, content: Content, number: int, action: str) -> None:
    """Press a button of the living card."""
    chat = await database.run(partial(loaded, chat_id=number))
    await database.run(turn(content, taps.tap, person(number), Tap(f"v{chat.card_version}.{action}", 1)))


@pytest.mark.parametrize("deed", ["remove.{}", "role.{}.viewer"])
async def test_of_two_admins_who_are_rid_of_each_other_one_is_left(
    database: Database, content: Content, deed: str
) -> None:
    await come(database, content, 1, 2)
    ids = {one.person_id: one.id for one in await database.run(staff.with_waiting)}
    await asyncio.gather(
        press(database, content, 1, deed.format(ids[2])), press(database, content, 2, deed.format(ids[1]))
    )
    assert len(await database.run(lambda tx: staff.active_admins(tx, NOW))) == 1


async def test_of_many_who_open_one_invitation_at_once_one_is_in(database: Database, content: Content) -> None:
    payload = await database.run(lambda tx: inviting.create(tx, Role.VIEWER, NOW))
    people = range(1, 9)
    await asyncio.gather(*(database.run(turn(content, inviting.start, person(one), payload)) for one in people))
    assert len(await database.run(staff.with_waiting)) == 1


async def test_of_many_who_write_an_answer_at_once_each_has_its_own(database: Database, content: Content) -> None:
    await come(database, content, 1)
    me = (await database.run(staff.with_waiting))[0]
    words = [f"Antwort {number}" for number in range(8)]
    made = await asyncio.gather(*(database.run(turn(content, answers.say, None, one, one, me)) for one in words))
    kept = await database.run(turn(content, answers.everything))
    assert {key: kept[key].text for key in made} == dict(zip(made, words, strict=True))
    assert len(set(made)) == len(words)


async def test_of_many_who_change_an_answer_of_the_file_at_once_nobody_is_refused(
    database: Database, content: Content
) -> None:
    await come(database, content, 1)
    me = (await database.run(staff.with_waiting))[0]
    words = [f"Antwort {number}" for number in range(8)]
    await asyncio.gather(*(database.run(turn(content, answers.say, "waiting", one, one, me)) for one in words))
    assert (await database.run(turn(content, answers.everything)))["waiting"].text in words


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_who_only_looks_at_a_member_waits_for_nobody_who_changes_their_second_factor(
    database: Database, content: Content
) -> None:
    await come(database, content, 1, 2)
    ids = {one.person_id: one.id for one in await database.run(staff.with_waiting)}
    for key in ids.values():
        await database.run(partial(second_factors.begin, staff_id=key, secret="SECRET", now=NOW))
        await database.run(partial(second_factors.change, staff_id=key, confirmed_at=NOW))
    with statements() as said:
        for page in ("factor", f"member.{ids[1]}", f"member.{ids[2]}"):
            await press(database, content, 1, f"go.{page}")
        looked = [one for one in said if "FROM second_factor" in one]
        await press(database, content, 1, f"role.{ids[2]}.viewer")
        asked = [one for one in said if "FROM second_factor" in one]
    assert len(looked) > 3
    assert not [one for one in looked if "FOR UPDATE" in one]
    assert [one for one in asked if "FOR UPDATE" in one]


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_who_only_looks_at_a_member_locks_no_row_of_the_team_but_their_own(
    database: Database, content: Content
) -> None:
    await come(database, content, 1, 2)
    ids = {one.person_id: one.id for one in await database.run(staff.with_waiting)}
    with statements() as said:
        for page in ("member", "role", "remove"):
            await press(database, content, 1, f"go.{page}.{ids[2]}")
        looks = len(said)
        await press(database, content, 1, f"role.{ids[2]}.viewer")
    by_number = [number for number, one in enumerate(said) if "WHERE staff.id = " in one]
    locked = [number for number in by_number if "FOR UPDATE" in said[number]]
    assert sum(number < looks for number in by_number) >= 3
    assert locked
    assert min(locked) >= looks
