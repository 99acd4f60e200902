"""The pages with everybody whom an opening fits, and with everybody who lacks one thing only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.folding import number
from bot.core.message import Button, Listing, Screen, Text, Words
from bot.core.offers import Offer
from bot.core.roles import Right
from bot.db.audience.counting import Counted
from bot.db.audience.finding import Person
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import audience
from bot.services.offers import reasons
from bot.services.openings import interesting
from bot.services.profiles.people import MOST
from bot.services.staff.broadcasts.reach_words import tells_too_much
from bot.services.staff.looking import called
from bot.services.staff.offers.offer_pages import title
from bot.services.staff.page import Page, back, go, paged
from bot.services.staff.people.people_pages import person_row
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

FITTING, NEARLY, WHO = "fitting", "nearly", "who"


def ways(turn: Turn, member: Member, one: Offer, told: Counted) -> list[Row]:
    """The buttons to these pages, where they show somebody and the member may see who."""
    if tells_too_much(turn, member, one.recommended):
        return []
    rows: list[Row] = []
    if told.reached:
        rows.append((Button(staff_text("button.fitting"), go(f"{FITTING}.{one.id}.0"), "👥"),))
    if any(missed.people for missed in told.missed):
        rows.append((Button(staff_text("button.nearly"), go(f"{NEARLY}.{one.id}.0"), "➕"),))
    return rows


def _fitting(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Everybody whom it fits and who can be written to, the newest first."""
    one = _opening(turn, member, arguments[0])
    if one is None:
        return None
    every, found = audience.fitting(turn, one.recommended, MOST)
    shown, around = paged(f"{FITTING}.{one.id}", found, number(arguments[1]) or 0)
    lines: list[Text | Words] = [staff_text("openings.fits", every)]
    if every > len(found):
        lines.append(staff_text("people.most", most=MOST))
    return _screen(turn, member, (one, "fits"), (tuple(lines),), shown, around)


def _nearly(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Everybody who lacks one thing only, with what that is; for each thing the newest first."""
    one = _opening(turn, member, arguments[0])
    if one is None:
        return None
    parts = [
        (what, every, several)
        for part, every, several in audience.nearly(turn, one.recommended, MOST)
        if (what := reasons.wanted(turn.content, part))
    ]
    found = [(who, what) for what, _, several in parts for who in several]
    shown, around = paged(f"{NEARLY}.{one.id}", found, number(arguments[1]) or 0)
    lines = tuple(staff_text("openings.lacks", who=called(member, who), what=Listing(what)) for who, what in shown)
    head: list[Text | Words] = [staff_text("openings.nearly", sum(every for _, every, _ in parts))]
    if any(every > len(several) for _, every, several in parts):
        head.append(staff_text("people.most", most=MOST))
    blocks: tuple[Block, ...] = (tuple(head), lines) if lines else (tuple(head),)
    return _screen(turn, member, (one, NEARLY), blocks, [who for who, _ in shown], around)


def _opening(turn: Turn, member: Member, word: str) -> Offer | None:
    """The opening a page is about; None where it is gone, or its people give away what the member may not see."""
    one = interesting.opening(turn.content, word)
    return None if one is None or tells_too_much(turn, member, one.recommended) else one


def _screen(
    turn: Turn,
    member: Member,
    about: tuple[Offer, str],
    blocks: tuple[Block, ...],
    shown: Sequence[Person],
    around: list[Row],
) -> Screen:
    """A page of people; the member's look at them is written down."""
    one, look = about
    if shown:
        audit.looked(turn, Deed.LIST_SEEN, by=member, what=f"{look} {one.id}")
    rows = [person_row(member, who) for who in shown]
    head: Block = (staff_text("offers.name", title=title(one)),)
    people = frozenset(who.id for who in shown)
    return Screen((head, *blocks), (*rows, *around, back(f"{WHO}.{one.id}")), about=people)


PAGES: dict[str, Page] = {FITTING: Page(Right.SEND, _fitting, 2), NEARLY: Page(Right.SEND, _nearly, 2)}
