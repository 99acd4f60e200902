"""The pages of the staff desk: one table, with the right that each needs. A subject adds its pages here.

A page is a function of the turn and the member; it knows nothing of cards. The buttons' deeds stand in
`bot.services.staff.verbs`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.folding import number
from bot.core.message import Button, Listing, Screen, Words
from bot.core.roles import Right, Standing, may
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services.staff import trying_pages
from bot.services.staff.audit import audit_pages
from bot.services.staff.broadcasts import (
    audience_pages,
    broadcast_pages,
    doubt_pages,
    media_pages,
    saved_pages,
    sending_pages,
    value_search,
)
from bot.services.staff.factor import factor_pages
from bot.services.staff.figures import needs_pages, report_pages, road_pages, status_pages
from bot.services.staff.forms import forms
from bot.services.staff.forms.forms import FORM
from bot.services.staff.forms.known_forms import FORMS
from bot.services.staff.members import team_pages
from bot.services.staff.offers import import_pages, list_pages, meeting_pages, month_pages, offer_pages
from bot.services.staff.openings import fitting_pages, leads, noting_pages, opening_pages, partner_pages
from bot.services.staff.page import HOME, Entry, Page, go
from bot.services.staff.people import (
    erasing_pages,
    people_pages,
    person_pages,
    restricting_pages,
    twin_pages,
    young_pages,
)
from bot.services.staff.texts import role_name, staff_text
from bot.services.staff.threads import template_pages, thread_pages
from bot.services.turn import Turn
from bot.services.view import Block, Row

ENTRIES: tuple[Entry, ...] = (
    offer_pages.ENTRY,
    opening_pages.ENTRY,
    broadcast_pages.ENTRY,
    needs_pages.ENTRY,
    report_pages.ENTRY,
    road_pages.ENTRY,
    people_pages.ENTRY,
    young_pages.ENTRY,
    thread_pages.ENTRY,
    month_pages.ENTRY,
    trying_pages.ENTRY,
    Entry("button.team", "team.0", Right.INVITE, "👥"),
    factor_pages.ENTRY,
    status_pages.ENTRY,
    audit_pages.ENTRY,
)
"""What the home page leads to, in this order; everybody sees what they have the right to."""


def build(turn: Turn, member: Member, focus: str) -> Screen:
    """The page before a member. One that is gone, or that the member may not see, is the home page."""
    match member.standing(turn.now):
        case Standing.WAITING:
            return _waiting(turn, member)
        case Standing.ACTIVE:
            name, *arguments = focus.split(".")
            page = PAGES.get(name)
            if page is None or len(arguments) != page.arguments or not may(member.role, page.right):
                return _home(turn, member, ())
            return page.build(turn, member, tuple(arguments)) or _instead(turn, member)
        case _:
            return Screen(((staff_text("dormant.text"),),))


def _home(turn: Turn, member: Member, _: tuple[str, ...]) -> Screen:
    rights = Listing(tuple(staff_text(f"right.{one}") for one in Right if may(member.role, one)))
    blocks: list[Block] = [
        (staff_text("home.title", name=Words(member.name)), staff_text("home.role", role=role_name(member.role))),
        (staff_text("home.rights", rights=rights),),
    ]
    if may(member.role, Right.INVITE) and (waiting := _number_waiting(turn)):
        blocks.append((staff_text("home.waiting", waiting),))
    rows: list[Row] = [
        (Button(staff_text(one.label), go(one.page), one.mark),)
        for one in ENTRIES
        if may(member.role, one.right) and one.there(turn)
    ]
    drafts = [(button,) for button in forms.entries(turn, member, FORMS)]
    return Screen((*blocks, (staff_text("home.leave"),)), (*drafts, *rows))


def _instead(turn: Turn, member: Member) -> Screen:
    """The home page in place of one whose subject is gone."""
    home = _home(turn, member, ())
    return replace(home, blocks=((staff_text("toast.vanished"),), *home.blocks))


def _form(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = forms.opened(turn, member, FORMS, number(arguments[0]))
    return None if one is None else forms.card(turn, one)


def _number_waiting(turn: Turn) -> int:
    return sum(one.standing(turn.now) is Standing.WAITING for one in staff.with_waiting(turn.connection))


def _waiting(turn: Turn, member: Member) -> Screen:
    inviter = staff.name(turn.connection, member.added_by)
    block: Block = (staff_text("waiting.text", role=role_name(member.role)),)
    if inviter is None:
        return Screen((block,))
    return Screen((block, (staff_text("waiting.invited", name=Words(inviter)),)))


PAGES: dict[str, Page] = {
    HOME: Page(None, _home),
    FORM: Page(None, _form, 1),
    **offer_pages.PAGES,
    **meeting_pages.PAGES,
    **list_pages.PAGES,
    **import_pages.PAGES,
    **broadcast_pages.PAGES,
    **doubt_pages.PAGES,
    **audience_pages.PAGES,
    **value_search.PAGES,
    **sending_pages.PAGES,
    **media_pages.PAGES,
    **saved_pages.PAGES,
    **leads.PAGES,
    **opening_pages.PAGES,
    **fitting_pages.PAGES,
    **noting_pages.PAGES,
    **partner_pages.PAGES,
    **needs_pages.PAGES,
    **report_pages.PAGES,
    **road_pages.PAGES,
    **thread_pages.PAGES,
    **template_pages.PAGES,
    **status_pages.PAGES,
    **team_pages.PAGES,
    **factor_pages.PAGES,
    **people_pages.PAGES,
    **person_pages.PAGES,
    **erasing_pages.PAGES,
    **restricting_pages.PAGES,
    **twin_pages.PAGES,
    **month_pages.PAGES,
    **trying_pages.PAGES,
    **young_pages.PAGES,
    **audit_pages.PAGES,
}
"""Every page by the first part of its focus."""
