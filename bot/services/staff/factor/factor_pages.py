"""The pages about a second factor: the member's own, setting it up, and the one that asks for a code."""

from __future__ import annotations

from datetime import timedelta

from bot.core.dangers import Danger
from bot.core.message import Button, Listing, Screen, Words
from bot.core.roles import Right
from bot.core.timing import local_time
from bot.db.staff import second_factors
from bot.db.staff.staff import Member
from bot.services.staff.factor import codes
from bot.services.staff.page import HOME, Entry, Page, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day

OWN, NEW, ASK = "factor", "factor_new", "second"
BEGIN_VERB, DROP_VERB, RESET_VERB = "factor_begin", "factor_drop", "factor_reset"
TIME_TO_SET_UP = timedelta(minutes=15)
GROUP = 4
"""Letters of a secret between two spaces: somebody types it."""


def _own(turn: Turn, member: Member, _: tuple[str, ...]) -> Screen:
    """What it is for, whether the member has one, and whether the town wants it."""
    rule, mine = turn.content.town.second_factor, second_factors.confirmed(turn.connection, member.id)
    blocks: list[Block] = [(staff_text("factor.title"),), (staff_text("factor.what", over=rule.broadcast_over),)]
    if rule.required_for:
        wanted = tuple(staff_text(f"danger.{one}") for one in Danger if one in rule.required_for)
        blocks.append((staff_text("factor.required", what=Listing(wanted)),))
    if mine is None or mine.confirmed_at is None:
        blocks.append((staff_text("factor.none"),))
        row: Row = (Button(staff_text("button.factor_begin"), BEGIN_VERB, "➕"),)
    else:
        blocks.append((staff_text("factor.since", day=local_day(turn.content, mine.confirmed_at)),))
        row = (Button(staff_text("button.factor_drop"), DROP_VERB, "🗑"),)
    return Screen(tuple(blocks), (row, back(HOME)))


def _new(turn: Turn, member: Member, _: tuple[str, ...]) -> Screen | None:
    """The secret, for the app; words typed here are its first code."""
    mine = second_factors.load(turn.connection, member.id)
    if mine is None or mine.confirmed_at is not None or turn.now - mine.made_at > TIME_TO_SET_UP:
        return None
    town = turn.content.town
    link = codes.address(mine.secret, member.name, town.project)
    parted = " ".join(mine.secret[place : place + GROUP] for place in range(0, len(mine.secret), GROUP))
    how: Block = (
        staff_text("factor.step_app"),
        staff_text("factor.step_key", secret=Words(parted)),
        staff_text("factor.step_link", link=Words(link)),
        staff_text("factor.step_code"),
    )
    return Screen(((staff_text("factor.new"),), how, (staff_text("factor.keep"),)), (back(OWN),))


def _ask(turn: Turn, member: Member, _: tuple[str, ...]) -> Screen | None:
    """What stands between the member and what they wanted to do."""
    mine = second_factors.confirmed(turn.connection, member.id)
    if mine is None:
        return None
    lines: Block = (staff_text("factor.ask"), staff_text("factor.lost"))
    if mine.is_locked(turn.now) and mine.locked_until is not None:
        until = local_time(mine.locked_until, turn.content.town.clock)
        lines = (staff_text("factor.locked", until=until), staff_text("factor.lost"))
    return Screen(((staff_text("factor.title"),), lines), (back(HOME),))


ENTRY = Entry("factor.entry", OWN, Right.SEND, "🔐")
"""For whoever may do anything that needs one: all of them may write to many."""
PAGES: dict[str, Page] = {
    OWN: Page(Right.SEND, _own),
    NEW: Page(Right.SEND, _new),
    ASK: Page(Right.SEND, _ask),
}
