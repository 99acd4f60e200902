"""The page about copies of a broadcast that may or may not have arrived: a decision about each, or about all."""

from __future__ import annotations

from bot.core.broadcasts import LIVE
from bot.core.folding import number
from bot.core.message import Button, Screen, Text
from bot.core.roles import Right
from bot.db.audience import finding
from bot.db.outbox import doubted
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.staff.broadcasts.audience_pages import is_closed
from bot.services.staff.broadcasts.broadcast_pages import BROADCAST, DOUBTED, broadcast_named
from bot.services.staff.looking import called
from bot.services.staff.page import AT_ONCE, Page, around, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

SAY_VERB, LEAVE_VERB = "say_one", "leave_one"


def _doubted(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Their recipients, each with both choices; all at once where the member may not know who they are."""
    one = broadcast_named(turn, arguments[0])
    if one is None or one.stage not in LIVE:
        return None
    every = doubted.number(turn.connection, one.id)
    last = max((every - 1) // AT_ONCE, 0)
    page = min(number(arguments[1]) or 0, last)
    closed = is_closed(turn, member, one)
    shown = [] if closed else doubted.listed(turn.connection, one.id, page * AT_ONCE, AT_ONCE)
    people = finding.some(turn.connection, [due.participant_id for due in shown if due.participant_id is not None])
    if people:
        audit.looked(turn, Deed.LIST_SEEN, by=member, what=f"{BROADCAST} {one.id}")
    rows: list[Row] = []
    for due in shown:
        person = people.get(due.participant_id or 0)
        who: Text = staff_text("doubted.nobody") if person is None else called(member, person)
        at = f"{one.id}.{due.id}.{page}"
        rows.append(
            (
                Button(who, f"{SAY_VERB}.{at}", "🔁"),
                Button(staff_text("button.leave_one"), f"{LEAVE_VERB}.{at}", "✖️"),
            )
        )
    if every > (0 if closed else 1):
        rows.append((Button(staff_text("button.say_again", every), f"say_again.{one.id}", "🔁"),))
    lines: Block = (staff_text("doubted.title", every, number=one.id),)
    return Screen(
        (lines, (staff_text("doubted.how"),)),
        (*rows, *([] if closed else around(f"{DOUBTED}.{one.id}", page, last)), back(f"{BROADCAST}.{one.id}")),
        about=frozenset(people),
    )


PAGES: dict[str, Page] = {DOUBTED: Page(Right.SEND, _doubted, 2)}
