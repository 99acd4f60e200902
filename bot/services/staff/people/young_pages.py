"""Opening the chat of somebody under 16 with them: the code from their phone, and the question that goes before."""

from __future__ import annotations

from bot.core.message import Button, Screen
from bot.core.roles import Right
from bot.db.staff.staff import Member
from bot.services.rights import accompanying
from bot.services.staff.page import HOME, Entry, Page, back
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn

YOUNG = "young"
ENTRY = Entry("button.young", YOUNG, Right.SEE_PROFILES, "🧒")
OPEN_VERB = "young_open"


def _young(turn: Turn, member: Member, _: tuple[str, ...]) -> Screen:
    if not accompanying.waits(turn, member):
        return Screen(((staff_text("young.how"),),), (back(HOME),))
    yes = (Button(staff_text("button.young_open"), OPEN_VERB, "✅"),)
    return Screen(((staff_text("young.ask"),),), (yes, back(HOME)))


PAGES: dict[str, Page] = {YOUNG: Page(Right.SEE_PROFILES, _young)}
