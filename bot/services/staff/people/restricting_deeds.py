"""Somebody's data is only kept from now on, or no longer. Whether the member may was checked by `verbs`."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.message import Text
from bot.db.staff.staff import Member
from bot.services.reply import Reply
from bot.services.rights import restricting
from bot.services.staff.looking import participant_named
from bot.services.staff.next_page import at_page
from bot.services.staff.people.people_pages import PEOPLE, PERSON
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.visit import Visit


def restrict(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Restrict it: it is only kept from now on; the person is told."""
    return _do(visit, member, arguments[0], tapped, restricting.restrict, staff_text("restrict.done"))


def lift(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Lift that again; the person is told."""
    return _do(visit, member, arguments[0], tapped, restricting.lift, staff_text("restrict.lifted"))


def _do(
    visit: Visit, member: Member, word: str, tapped: int | None, deed: Callable[[Turn, int, Member], bool], said: Text
) -> Reply:
    found = participant_named(visit.turn, word)
    if found is None:
        return at_page(visit, f"{PEOPLE}.0", tapped, staff_text("toast.vanished"))
    done = deed(visit.turn, found[0].id, member)
    return at_page(visit, f"{PERSON}.{found[0].id}", tapped, said if done else staff_text("toast.unchanged"))
