"""The audit trail as a workbook."""

from __future__ import annotations

from bot.db import audit as rows
from bot.db.audit import Filter
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.reply import Reply
from bot.services.staff.audit.audit_pages import AUDIT, book_of, filter_of
from bot.services.staff.figures.figures import XLSX, sent
from bot.services.staff.next_page import page_before
from bot.services.staff.texts import staff_text
from bot.services.view import local_day
from bot.services.visit import Visit

MOST = 50_000
"""Entries in a workbook, the newest."""


def book(visit: Visit, member: Member, _: tuple[str, ...], __: int | None) -> Reply:
    """The entries of the page before the member as a workbook; that is an entry itself."""
    turn, which = visit.turn, Filter()
    name, *arguments = page_before(visit)
    if name == AUDIT and len(arguments) > 1:
        which = filter_of(turn, arguments[0], arguments[1]) or which
    audit.note(turn, Deed.EXPORTED, by=member, what="audit")
    paper = book_of(turn, rows.entries(turn.connection, which, 0, MOST))
    file_name = f"protokoll-{local_day(turn.content, turn.now)}.xlsx"
    return sent(visit, file_name, XLSX, paper, staff_text("audit.caption"))
