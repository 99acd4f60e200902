"""The last question before somebody is erased because they asked for it, by letter or at the desk."""

from __future__ import annotations

from bot.core.message import Button, Screen
from bot.core.roles import Right
from bot.db.staff.staff import Member
from bot.services.audit import Deed
from bot.services.staff.looking import called, looked, participant_named
from bot.services.staff.page import Page, go
from bot.services.staff.people.people_pages import PERSON
from bot.services.staff.people.person_pages import ERASING
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block

VERB = "erase_person"


def _erasing(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Whom it is about, what goes, and what has to be checked before."""
    found = participant_named(turn, arguments[0])
    if found is None:
        return None
    one, standing = found
    looked(turn, member, Deed.PROFILE_SEEN, one.id)
    blocks: list[Block] = [(staff_text("erase.ask", who=called(member, one)),), (staff_text("erase.what"),)]
    if standing.on_phone > 1:
        blocks.append((staff_text("erase.others"),))
    blocks.append((staff_text("erase.sure"),))
    rows = (
        (Button(staff_text("erase.no"), go(f"{PERSON}.{one.id}")),),
        (Button(staff_text("erase.yes"), f"{VERB}.{one.id}", "🗑"),),
    )
    return Screen(tuple(blocks), rows, about=frozenset({one.id}))


PAGES: dict[str, Page] = {ERASING: Page(Right.ERASE_PEOPLE, _erasing, 1)}
