"""The pages about a second factor: the member's own, setting it up, and the one that asks for a code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.core import paper_code
from bot.core.dangers import Danger
from bot.core.message import Button, Listing, Screen, Text, Words
from bot.core.roles import Right
from bot.core.timing import local_time
from bot.db.staff import second_factors
from bot.db.staff.second_factors import Factor
from bot.db.staff.staff import Member
from bot.services.staff.factor import codes
from bot.services.staff.page import HOME, Entry, Page, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day

OWN, NEW, ASK, PAPER = "factor", "factor_new", "second", "factor_paper"
SECRET = frozenset({NEW, PAPER})
"""Pages that show what nobody else may read: their messages do not stay in the chat."""
BEGIN_VERB, DROP_VERB, RESET_VERB = "factor_begin", "factor_drop", "factor_reset"
PICTURE_VERB, CODES_VERB, WRITTEN_VERB = "factor_picture", "factor_codes", "factor_written"
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
        rows: tuple[Row, ...] = ((Button(staff_text("button.factor_begin"), BEGIN_VERB, "➕"),),)
    else:
        spare = staff_text("factor.paper_left", len(mine.spare)) if mine.spare else staff_text("factor.paper_none")
        blocks.append((staff_text("factor.since", day=local_day(turn.content, mine.confirmed_at)), spare))
        rows = (
            (Button(staff_text("button.factor_codes"), CODES_VERB, "📄"),),
            (Button(staff_text("button.factor_drop"), DROP_VERB, "🗑"),),
        )
    return Screen(tuple(blocks), (*rows, back(HOME)))


def _new(turn: Turn, member: Member, _: tuple[str, ...]) -> Screen | None:
    """The secret, for the app; words typed here are its first code."""
    mine = begun(turn, member)
    if mine is None:
        return None
    parted = " ".join(mine.secret[place : place + GROUP] for place in range(0, len(mine.secret), GROUP))
    how: Block = (
        staff_text("factor.step_app"),
        staff_text("factor.step_key", secret=Words(parted)),
        staff_text("factor.step_link", link=Words(address(turn, member, mine))),
        staff_text("factor.step_code"),
    )
    scan: Row = (Button(staff_text("button.factor_picture"), PICTURE_VERB, "📷"),)
    return Screen(((staff_text("factor.new"),), how, (staff_text("factor.keep"),)), (scan, back(OWN)))


def begun(turn: Turn, member: Member) -> Factor | None:
    """What the member is setting up now."""
    mine = second_factors.load(turn.connection, member.id)
    over = mine is None or mine.confirmed_at is not None or turn.now - mine.made_at > TIME_TO_SET_UP
    return None if over else mine


def address(turn: Turn, member: Member, mine: Factor) -> str:
    """The secret as a line that programs take, or scan."""
    return codes.address(mine.secret, member.name, turn.content.town.project)


def _paper(turn: Turn, member: Member, _: tuple[str, ...]) -> Screen | None:
    """What stands below new codes on paper: they are shown once, above it, and nobody knows them after that."""
    if second_factors.confirmed(turn.connection, member.id) is None:
        return None
    done: Row = (Button(staff_text("button.factor_written"), WRITTEN_VERB, "✅"),)
    return Screen(((staff_text("factor.paper"),), (staff_text("factor.codes_what"),)), (done,))


def shown(new: Sequence[str]) -> tuple[Text, ...]:
    """New codes on paper, a line for each."""
    each = (staff_text("factor.code", number=n, code=Words(paper_code.shown(one))) for n, one in enumerate(new, 1))
    return (staff_text("factor.codes"), *each)


def _ask(turn: Turn, member: Member, _: tuple[str, ...]) -> Screen | None:
    """What stands between the member and what they wanted to do."""
    mine = second_factors.confirmed(turn.connection, member.id)
    if mine is None:
        return None
    lost = (*((staff_text("factor.ask_paper"),) if mine.spare else ()), staff_text("factor.lost"))
    lines: Block = (staff_text("factor.ask"), *lost)
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
    PAPER: Page(Right.SEND, _paper),
}
