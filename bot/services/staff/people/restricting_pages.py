"""Whose data is only kept (Art. 18 GDPR): the list of them, and the question before somebody is one of them."""

from __future__ import annotations

from bot.core.folding import number
from bot.core.message import Button, Screen
from bot.core.roles import Right
from bot.db.audience import finding
from bot.db.people import restricting
from bot.db.staff.staff import Member
from bot.services.audit import Deed
from bot.services.staff.looking import called, looked, participant_named
from bot.services.staff.page import Page, back, go, paged
from bot.services.staff.people.people_pages import PEOPLE, PERSON, RESTRICTED
from bot.services.staff.people.person_pages import RESTRICTING
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day

RESTRICT_VERB = "restrict"


def _restricted(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The list of them, since no search finds them."""
    every = restricting.everybody(turn.connection)
    shown, around = paged(RESTRICTED, every, number(arguments[0]) or 0)
    people = finding.some(turn.connection, [person for person, _ in shown])
    looked(turn, member, Deed.LIST_SEEN, None, f"restricted {len(every)}")
    rows: list[Row] = []
    for person, at in shown:
        who, day = called(member, people[person]), local_day(turn.content, at)
        rows.append((Button(staff_text("restrict.person", who=who, day=day), go(f"{PERSON}.{person}"), "🔒"),))
    head: Block = (staff_text("restrict.title", len(every)), staff_text("restrict.none_finds"))
    return Screen((head,), (*rows, *around, back(f"{PEOPLE}.0")), about=frozenset(people))


def _restricting(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What it means, before it happens."""
    found = participant_named(turn, arguments[0])
    if found is None or found[1].restricted_at is not None:
        return None
    looked(turn, member, Deed.PROFILE_SEEN, found[0].id)
    rows = (
        (Button(staff_text("restrict.no"), go(f"{PERSON}.{found[0].id}")),),
        (Button(staff_text("restrict.yes"), f"{RESTRICT_VERB}.{found[0].id}", "🔒"),),
    )
    blocks: tuple[Block, ...] = (
        (staff_text("restrict.ask", who=called(member, found[0])),),
        (staff_text("restrict.what"),),
    )
    return Screen(blocks, rows, about=frozenset({found[0].id}))


PAGES: dict[str, Page] = {
    RESTRICTED: Page(Right.ERASE_PEOPLE, _restricted, 1),
    RESTRICTING: Page(Right.ERASE_PEOPLE, _restricting, 1),
}
