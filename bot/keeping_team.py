"""`lotse team`: who belongs to the team, and a way back for somebody whose phone with the app is gone."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TextIO

from sqlalchemy import Connection

from bot.db import beside
from bot.db.staff import second_factors, staff
from bot.db.staff.staff import Member
from bot.refusal import ForOperator
from bot.services import audit
from bot.services.audit import Deed


class TeamRefused(ForOperator):
    """Nothing was changed; the text says why."""


def show(url: str, now: datetime, screen: TextIO) -> None:
    """Everybody with their number, role, standing, and whether they have a second factor."""

    def found(connection: Connection) -> list[tuple[Member, bool]]:
        every = staff.with_waiting(connection)
        return [(one, second_factors.confirmed(connection, one.id) is not None) for one in every]

    every = beside.read(url, found)
    print(*(_line(one, now, factor=factor) for one, factor in every), sep="\n", file=screen)
    if not every:
        print("Nobody yet: `lotse invite --role admin` makes a link for the first one.", file=screen)


def _line(one: Member, now: datetime, *, factor: bool) -> str:
    with_it = "second factor" if factor else "-"
    return f"{one.id:>4}  {one.role:<11}  {one.standing(now):<7}  {with_it:<13}  {one.name}".rstrip()


def reset(url: str, now: datetime, number: int, screen: TextIO) -> None:
    """Switch the second factor of a member off; that is an entry of the audit trail.

    Raises:
        TeamRefused: there is no such member, or they have none.
    """

    def off(connection: Connection) -> str:
        one = staff.by_id(connection, number, lock=True)
        if one is None:
            raise TeamRefused(f"There is no member {number}. `lotse team list` shows who there is.")
        if not second_factors.drop(connection, one.id):
            raise TeamRefused(f"Member {number} has no second factor.")
        audit.note_operator(connection, now, Deed.FACTOR_RESET, f"member {one.id}")
        return one.name

    name = asyncio.run(beside.write(url, off))
    print(f"The second factor of {name} is off. They set a new one up with /staff.", file=screen)
