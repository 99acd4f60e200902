"""The pages about partners: who has a chat of their own, one partner, the last question."""

from __future__ import annotations

import hashlib

from bot.core.folding import number
from bot.core.message import Button, Screen, Text, Words
from bot.core.roles import Right
from bot.db.broadcasts import broadcasts
from bot.db.openings import partners as rows
from bot.db.openings.partners import Partner, Standing
from bot.db.staff.staff import Member
from bot.services.staff.offers.offer_pages import OPENINGS
from bot.services.staff.page import Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day

PARTNERS, PARTNER, ENDING = "partners", "partner", "partner_ending"
MARKS = {Standing.INVITED: "✉️", Standing.WAITING: "⏳", Standing.LIVING: "✅"}
ENTRY = Button(staff_text("button.partners"), go(f"{PARTNERS}.0"), "🤝")


def key(name: str) -> str:
    """A partner's name as an argument of pages and buttons."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def partners_by_key(turn: Turn) -> dict[str, str]:
    """The partners that openings and messages name, and those with a chat, by key."""
    named = (one.partner for one in turn.content.offers.values() if one.partner and not one.withdrawn)
    names = {*named, *broadcasts.partners(turn.connection), *(one.name for one in rows.everybody(turn.connection))}
    return {key(name): name for name in sorted(names, key=str.casefold)}


def of_name(turn: Turn, name: str) -> list[Partner]:
    """The rows of a partner that have not ended: whose chat it is, and who waits to be confirmed."""
    ones = (one for one in rows.everybody(turn.connection) if one.name == name)
    return [one for one in ones if one.standing(turn.now) is not Standing.ENDED]


def partner_named(turn: Turn, word: str) -> Partner | None:
    """The partner a button is about; None where it has ended."""
    this = number(word)
    one = None if this is None else rows.load(turn.connection, this)
    return None if one is None or one.standing(turn.now) is Standing.ENDED else one


def _mark(turn: Turn, name: str) -> str:
    several = of_name(turn, name)
    stands = {one.standing(turn.now) for one in several}
    if any(one.lost_at is not None for one in several):
        return "⚠️"
    return next((mark for standing, mark in reversed(MARKS.items()) if standing in stands), "")


def _partners(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    every = list(partners_by_key(turn).items())
    shown, around = paged(PARTNERS, every, number(arguments[0]) or 0)
    buttons: list[Row] = [
        (
            Button(
                staff_text("button.partner", name=Words(name)),
                go(f"{PARTNER}.{this}"),
                _mark(turn, name),
            ),
        )
        for this, name in shown
    ]
    head = staff_text("partners.title" if every else "partners.none")
    return Screen(((head,), (staff_text("partners.how"),)), (*buttons, *around, back(f"{OPENINGS}.0")))


def _partner(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Whose chat it is, who waits, and what can be done."""
    name = partners_by_key(turn).get(arguments[0])
    if name is None:
        return None
    every = of_name(turn, name)
    blocks: list[Block] = [(staff_text("partners.one", name=Words(name)),)]
    blocks += [_facts(turn, one) for one in every] or [(staff_text("partners.no_chat"),)]
    buttons: list[Row] = []
    for one in every:
        match one.standing(turn.now):
            case Standing.WAITING:
                buttons.append((Button(staff_text("button.confirm"), f"partner_confirm.{one.id}", "✅"),))
                buttons.append((Button(staff_text("button.refuse"), f"partner_end.{one.id}", "🚫"),))
            case Standing.LIVING:
                buttons.append((Button(staff_text("button.partner_end"), go(f"{ENDING}.{one.id}"), "🗑"),))
    if not any(one.standing(turn.now) is Standing.LIVING for one in every):
        buttons.append((Button(staff_text("button.partner_invite"), f"partner_invite.{arguments[0]}", "➕"),))
    return Screen(tuple(blocks), (*buttons, back(f"{PARTNERS}.0")))


def _facts(turn: Turn, one: Partner) -> Block:
    """What has become of a link."""
    who, stands = Words(one.person_name or ""), one.standing(turn.now)
    if stands is Standing.INVITED:
        return (staff_text("partners.invited", day=local_day(turn.content, one.invited_at)),)
    if stands is Standing.WAITING or one.confirmed_at is None:
        return (staff_text("partners.waiting", name=who), staff_text("partners.check"))
    lines: list[Text] = [staff_text("partners.living", name=who, day=local_day(turn.content, one.confirmed_at))]
    if one.lost_at is not None:
        lines.append(staff_text("partners.lost", day=local_day(turn.content, one.lost_at)))
    return tuple(lines)


def _ending(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = partner_named(turn, arguments[0])
    if one is None:
        return None
    buttons: tuple[Row, ...] = (
        (Button(staff_text("button.no"), go(f"{PARTNER}.{key(one.name)}")),),
        (Button(staff_text("button.partner_end"), f"partner_end.{one.id}", "🗑"),),
    )
    return Screen(((staff_text("partners.ask_end", name=Words(one.name)),),), buttons)


PAGES: dict[str, Page] = {
    PARTNERS: Page(Right.SEND, _partners, 1),
    PARTNER: Page(Right.SEND, _partner, 1),
    ENDING: Page(Right.SEND, _ending, 1),
}
