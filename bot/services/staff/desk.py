"""`/staff`: the desk, for members of the team; for everybody else it is an unknown command."""

from __future__ import annotations

from bot.core.roles import Role, may
from bot.db.staff import staff
from bot.services import messages, places
from bot.services.reply import Reply
from bot.services.staff import pages
from bot.services.staff.audit.audit_pages import ALL
from bot.services.staff.broadcasts.broadcast_pages import BROADCASTS
from bot.services.staff.figures.needs_pages import NEEDS
from bot.services.staff.figures.report_pages import REPORTS
from bot.services.staff.figures.status_pages import STATUS
from bot.services.staff.members import team
from bot.services.staff.page import HOME
from bot.services.staff.threads.thread_pages import THREADS
from bot.services.turn import Turn, Visitor
from bot.services.visit import load_or_begin

COMMAND = "staff"
PAGES = {
    "threads": f"{THREADS}.0",
    "messages": f"{BROADCASTS}.0",
    "needs": f"{NEEDS}.0",
    "report": REPORTS,
    "status": STATUS,
    "audit": ALL,
}
"""Commands that open a page at once, each with the page."""


def commands_of(role: Role) -> tuple[str, ...]:
    """The commands of the pages that a role may see."""
    return tuple(name for name, page in PAGES.items() if may(role, pages.PAGES[page.partition(".")[0]].right))


def open_desk(turn: Turn, visitor: Visitor) -> Reply:
    """Lay the home page over whatever the chat shows."""
    return _open(turn, visitor, COMMAND, HOME)


def open_page(turn: Turn, visitor: Visitor, words: str) -> Reply:
    """Lay the page of a command over whatever the chat shows; without the right to it, the home page."""
    name = (words.split() or [""])[0].partition("@")[0].lower()
    return _open(turn, visitor, name, PAGES.get(name, HOME))


def _open(turn: Turn, visitor: Visitor, command: str, page: str) -> Reply:
    member = team.member_of(turn, visitor)
    if member is None:
        return messages.command(turn, visitor, command)
    if member.is_active(turn.now):
        staff.change(turn.connection, member.id, seen_at=turn.now)
    visit, _ = load_or_begin(turn, visitor)
    visit.look_at(places.STAFF, page)
    return visit.reply()
