"""The pages about openings: all of them, one with what became of it, whom it fits, and the last question."""

from __future__ import annotations

from bot.core.broadcasts import UNDECIDED, Interest, Subject
from bot.core.folding import number
from bot.core.message import Button, Screen, Text, Words
from bot.core.offers import Kind, Offer
from bot.core.roles import Right, may
from bot.db.openings import interests
from bot.db.staff.staff import Member
from bot.services.broadcasts import audience
from bot.services.openings import interesting
from bot.services.staff.broadcasts.reach_words import around_a_count, some_of
from bot.services.staff.offers import offer_pages
from bot.services.staff.offers.offer_pages import OPENING, OPENINGS, TEXTS, WITHDRAW, is_own, lacks, title
from bot.services.staff.openings import fitting_pages, partner_pages
from bot.services.staff.openings.fitting_pages import WHO
from bot.services.staff.page import HOME, Entry, Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day

FILLING = "filling"
ENTRY = Entry("button.openings", f"{OPENINGS}.0", Right.SEE_OFFERS, "💼")


def _openings(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    every = [one for one in turn.content.offers.values() if one.kind is Kind.OPENING and not one.withdrawn]
    # What is still available stands first, and of that what was made in the chat: it is what the team is working on.
    every.sort(key=lambda one: (not interesting.to_be_had(turn, one), not is_own(one.id)))
    shown, around = paged(OPENINGS, every, number(arguments[0]) or 0)
    told = interests.numbers(turn.connection, [one.id for one in shown])
    rows: list[Row] = [
        (
            Button(
                staff_text("button.opening", title=title(one), interested=told.get(one.id, 0)),
                go(f"{OPENING}.{one.id}"),
                _mark(turn, one),
            ),
        )
        for one in shown
    ]
    new = Button(staff_text("button.new_opening"), "new_opening", "➕")
    rows += [*around, *offer_pages.more_offers(turn, member, "opening", new)]
    if may(member.role, Right.SEND):
        rows.append((partner_pages.ENTRY,))
    what = staff_text("openings.title" if every else "openings.none")
    return Screen(((what,),), (*rows, back(HOME)))


def _mark(turn: Turn, one: Offer) -> str:
    if interesting.to_be_had(turn, one):
        return "⚠️" if one.is_unclear else ""
    return "🔒" if one.filled else "⌛"


def _opening(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """An opening: what it is, how it stands, and what can be done with it."""
    one = interesting.opening(turn.content, arguments[0])
    if one is None:
        return None
    said = _interest(turn, one)
    blocks: list[Block] = [_facts(turn, one), *([said] if said else []), lacks(turn, member, one)]
    rows: list[Row] = []
    if may(member.role, Right.SEND):
        if one.takes_interest or said:
            rows.append((Button(staff_text("button.leads"), go(f"leads.{one.id}.0"), "✋"),))
        if interesting.to_be_had(turn, one):
            rows.append((Button(staff_text("button.who"), go(f"{WHO}.{one.id}"), "🔎"),))
    if may(member.role, Right.CHANGE_OFFERS) and not one.withdrawn:
        rows += _changes(turn, one)
    return Screen(tuple(blocks), (*rows, back(f"{OPENINGS}.0")))


def _facts(turn: Turn, one: Offer) -> Block:
    lines: list[Text | Words] = [
        staff_text("offers.name", title=title(one)),
        staff_text("openings.sort", sort=staff_text(f"openings.{one.sort}")),
    ]
    if one.provider:
        lines.append(staff_text("openings.provider", name=Words(one.provider)))
    if one.partner:
        lines.append(staff_text("openings.partner", name=Words(one.partner)))
    if one.until is not None:
        lines.append(staff_text("openings.until", day=one.until))
    if one.withdrawn:
        lines.append(staff_text("openings.withdrawn"))
    elif one.filled:
        lines.append(staff_text("openings.filled"))
    elif one.is_over(local_day(turn.content, turn.now)):
        lines.append(staff_text("openings.over"))
    return tuple(lines)


def _interest(turn: Turn, one: Offer) -> Block:
    """How many are interested, and what became of that."""
    told = interests.in_subject(turn.connection, Subject(opening=one.id))
    states = [(state, sum(own.state is state for own in told)) for state in Interest]
    return tuple(staff_text(f"openings.state_{state}", number=count) for state, count in states if count)


def _changes(turn: Turn, one: Offer) -> list[Row]:
    forms = turn.content.forms
    rows: list[Row] = []
    if "opening" in forms:
        rows.append((Button(staff_text("button.edit_opening"), f"edit_opening.{one.id}", "✏️"),))
    if "translation" in forms and len(turn.content.languages) > 1:
        rows.append((Button(staff_text("button.texts"), go(f"{TEXTS}.{one.id}"), "🌐"),))
    if one.filled:
        rows.append((Button(staff_text("button.free_again"), f"free_again.{one.id}", "🔓"),))
    elif one.takes_interest:
        rows.append((Button(staff_text("button.fill"), go(f"{FILLING}.{one.id}"), "🔒"),))
    return [*rows, (Button(staff_text("button.withdraw"), go(f"{WITHDRAW}.{one.id}"), "🚫"),)]


def _who(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """How many it fits, who lacks one thing, and some of them."""
    one = interesting.opening(turn.content, arguments[0])
    if one is None:
        return None
    told = audience.counted(turn, one.recommended)
    blocks: list[Block] = [(staff_text("offers.name", title=title(one)), staff_text("openings.fits", told.reached))]
    around = around_a_count(turn, member, one.recommended, told)
    some, about = some_of(turn, member, one.recommended, told, f"fits {one.id}")
    blocks += [lines for lines in (around, some) if lines]
    rows = fitting_pages.ways(turn, member, one, told)
    if told.reached and interesting.to_be_had(turn, one):
        rows.append((Button(staff_text("button.tell_opening"), f"tell_opening.{one.id}", "📣"),))
    return Screen(tuple(blocks), (*rows, back(f"{OPENING}.{one.id}")), about=about)


def _filling(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The question before it counts as filled: who will hear of it."""
    one = interesting.opening(turn.content, arguments[0])
    if one is None or one.filled or not one.takes_interest:
        return None
    told = interests.in_subject(turn.connection, Subject(opening=one.id))
    waiting = sum(own.state in UNDECIDED for own in told)
    rows: tuple[Row, ...] = (
        (Button(staff_text("button.no"), go(f"{OPENING}.{one.id}")),),
        (Button(staff_text("button.fill"), f"fill_opening.{one.id}", "🔒"),),
    )
    return Screen(((staff_text("openings.ask_fill", waiting, title=title(one)),),), rows)


PAGES: dict[str, Page] = {
    OPENINGS: Page(Right.SEE_OFFERS, _openings, 1),
    OPENING: Page(Right.SEE_OFFERS, _opening, 1),
    WHO: Page(Right.SEND, _who, 1),
    FILLING: Page(Right.CHANGE_OFFERS, _filling, 1),
}
