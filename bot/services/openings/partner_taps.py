"""A partner says what became of somebody: it appears in the list of leads, and the person sees it."""

from __future__ import annotations

from dataclasses import replace

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.broadcasts import OUTCOMES, Interest
from bot.core.message import Screen, Text
from bot.db.openings import interests
from bot.db.openings import partners as rows
from bot.db.outbox.deliveries import Due
from bot.services.openings import partner_screens, partners
from bot.services.reply import Letter, Reply
from bot.services.staff.texts import staff_text
from bot.services.view import ui
from bot.services.visit import Visit


def tap(visit: Visit, due: Due, verb: str, arguments: tuple[str, ...], tapped: int) -> Reply:
    """Do what a button of a message to a partner says, if this is the partner, and the person still agrees."""
    turn = visit.turn
    one = rows.lead(turn.connection, partners.number_of(due))
    if one is None or verb not in OUTCOMES or arguments or visit.visitor.person != one.chat_id:
        return visit.only(ui("news.stale"))
    state = Interest(verb)
    about = partners.agreed(turn, one)
    if about is None:  # also where we did not know which message it was
        partners.take_away(turn, one, tapped)
        return _drawn(visit, due, tapped, staff_text("partner.taken_back"), partner_screens.taken_back())
    if one.message_id is None:
        rows.change_lead(turn.connection, one.id, message_id=tapped)
    if about.state is not state:
        interests.change(turn.connection, about.id, state, None, turn.now)
    rows.change_lead(turn.connection, one.id, said=state.value, said_at=turn.now)
    partners.note(turn, one, about)
    screen = partner_screens.lead(turn, replace(one, said=state), about)
    return _drawn(visit, due, tapped, staff_text("toast.saved"), screen)


def _drawn(visit: Visit, due: Due, tapped: int, toast: Text, screen: Screen) -> Reply:
    letter = Letter(visit.chat.id, SOURCE_LANGUAGE, due.id, tapped, screen)
    return replace(visit.only(toast), letter=letter)
