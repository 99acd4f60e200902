"""The page with the values of a long list that typed words mean, to tick."""

from __future__ import annotations

from bot.core.message import Screen
from bot.core.questionnaire import Kind
from bot.core.roles import Right
from bot.db.staff.staff import Member
from bot.services.staff import choosing
from bot.services.staff.broadcasts.audience_pages import PICK, draft_named, is_closed
from bot.services.staff.choosing import as_argument, filter_of
from bot.services.staff.page import Page, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block

SEARCH = "values"


def _found(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What the words mean, the best first. A tap leads to the page of the whole list where the value stands."""
    one, question = draft_named(turn, arguments[0]), filter_of(turn, arguments[1])
    if one is None or question is None or question.kind is not Kind.LIST or is_closed(turn, member, one):
        return None
    at = f"{one.id}.{as_argument(question.id)}"
    found = choosing.meant(turn, question, arguments[2])
    rows = choosing.value_rows(turn, question, found, one.audience, f"tick.{at}")
    lines: Block = (staff_text("audience.title", number=one.id), choosing.found_said(found, arguments[2]))
    return Screen((lines, (staff_text("audience.search"),)), (*rows, back(f"{PICK}.{at}.0")))


PAGES: dict[str, Page] = {SEARCH: Page(Right.SEND, _found, 3)}
