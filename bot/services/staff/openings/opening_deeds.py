"""What buttons do to an opening. Whether the member may was checked by `verbs`."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.markup import escaped
from bot.core.broadcasts import Answering, Version
from bot.core.message import Text
from bot.core.offers import Offer
from bot.db.broadcasts import broadcasts
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import broadcasting
from bot.services.openings import interesting, openings
from bot.services.reply import Reply
from bot.services.staff.broadcasts import ticking
from bot.services.staff.broadcasts.broadcast_pages import WORDING
from bot.services.staff.next_page import at_page
from bot.services.staff.offers.offer_pages import OPENING, OPENINGS
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.visit import Visit
from bot.services.what_staff_said import with_what_staff_said


def fill(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Mark an opening as filled."""
    visit.turn = openings.fill(visit.turn, arguments[0], member.id)
    audit.note(visit.turn, Deed.FILLED, by=member, what=f"opening {arguments[0]}")
    return _at(visit, f"{OPENING}.{arguments[0]}", tapped, staff_text("toast.filled"))


def free_again(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Make a filled opening available again."""
    if interesting.opening(visit.turn.content, arguments[0]) is None:
        return _at(visit, f"{OPENINGS}.0", tapped, staff_text("toast.vanished"))
    visit.turn = openings.free_again(visit.turn, arguments[0], member.id)
    return _at(visit, f"{OPENING}.{arguments[0]}", tapped, staff_text("toast.saved"))


def tell(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """A new broadcast about an opening, to those it fits, with its text in every language that has one."""
    turn = visit.turn
    one = interesting.opening(turn.content, arguments[0])
    if one is None or not interesting.to_be_had(turn, one):
        return _at(visit, f"{OPENINGS}.0", tapped, staff_text("toast.vanished"))
    key = broadcasting.compose(turn, member, one.id)
    until = {} if one.until is None else {"last_useful_at": broadcasting.end_of_day(turn, one.until)}
    broadcasts.change(
        turn.connection,
        key,
        audience=ticking.audience_of(turn.content, one.recommended) if one.needs or one.suits else {},
        answering=(Answering.BOTH if one.takes_interest else Answering.OFFER).value,
        link=one.link or None,
        **until,
    )
    for language in turn.content.languages:
        if (text := _text_in(turn, one, language)) is not None:
            broadcasts.write(turn.connection, key, Version(language, text), turn.now)
    visit.turn = with_what_staff_said(turn)
    return _at(visit, f"{WORDING}.{key}.{SOURCE_LANGUAGE}", tapped)


def _text_in(turn: Turn, one: Offer, language: str) -> str | None:
    """Name and text of an opening in a language, with their markup; None where one of them is missing."""
    texts, keys = turn.content.texts, [f"offers.{one.id}.{name}" for name in ("title", "text")]
    if not all(texts.has(language, key) for key in keys):
        return None
    title, text = (escaped(texts.label(language, Text(key))) for key in keys)
    return f"<b>{title}</b>\n{text}"


def _at(visit: Visit, page: str, tapped: int | None, toast: Text | None = None) -> Reply:
    visit.refreshed = True
    return at_page(visit, page, tapped, toast)
