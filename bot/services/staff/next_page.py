"""The page of the desk before a member, and the one that follows a button."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.message import Text
from bot.db.staff.staff import Member
from bot.services import places
from bot.services.reply import Reply
from bot.services.visit import Visit
from bot.services.what_staff_said import with_what_staff_said

Perform = Callable[[Visit, Member, tuple[str, ...], int | None], Reply]
"""Does what a button of the desk says: its arguments, and the message it stands in (None: its label was typed)."""


def page_before(visit: Visit) -> list[str]:
    """The page before a member: its name, and its arguments behind that."""
    return (visit.chat.focus or "").split(".")


def at_page(
    visit: Visit, page: str, tapped: int | None, toast: Text | None = None, *, changed: bool = False
) -> Reply:
    """The page that follows; `changed`: other words lie over the content now, and the page is drawn with them."""
    if changed:
        visit.turn, visit.refreshed = with_what_staff_said(visit.turn), True
    visit.look_at(places.STAFF, page)
    return visit.reply(toast=toast, tapped=tapped)
