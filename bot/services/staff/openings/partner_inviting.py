"""Links by which a partner gets a chat of its own: like the team's, but no way into the team."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Connection

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Words
from bot.core.roles import Right
from bot.db.openings import partners as rows
from bot.db.openings.partners import Partner
from bot.db.staff import staff
from bot.services import places
from bot.services.openings import partners
from bot.services.reply import Reply
from bot.services.staff import links, notices
from bot.services.staff.members import team
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn, Visitor
from bot.services.visit import load_or_begin

PAYLOAD = re.compile(r"partner-[A-Za-z0-9_-]{32}")


def create(connection: Connection, name: str, now: datetime, invited_by: int | None = None) -> tuple[int, str]:
    """A new invitation for a partner; its number, and the payload of its link, of which only a hash is kept."""
    payload = links.new("partner")
    return rows.invite(connection, name, links.hashed(payload), now, links.LASTS, invited_by), payload


def find(turn: Turn, payload: str) -> Partner | None:
    """The partner that a link belongs to; None for an unknown one, and for any other payload."""
    return rows.find(turn.connection, links.hashed(payload)) if PAYLOAD.fullmatch(payload) else None


def open_(turn: Turn, visitor: Visitor, found: Partner) -> Reply:
    """Whoever opens the link in their own chat speaks for the partner: at once, or once the team confirms them."""
    person = visitor.person
    if person is None or person != visitor.chat_id:
        return links.word(visitor, staff_text("invite.not_you"))
    if found.opened_at is not None:
        return links.word(visitor, staff_text("invite.used"))
    by_operator = found.invited_by is None
    if found.standing(turn.now) is not rows.Standing.INVITED or not (by_operator or _may_invite(turn, found)):
        return links.word(visitor, staff_text("invite.expired"))
    if rows.living(turn.connection, found.name) is not None:
        return links.word(visitor, staff_text("partner.there_is_one"))
    confirmed_at = turn.now if by_operator else None
    columns = {"person_id": person, "person_name": team.name_of(visitor), "opened_at": turn.now}
    rows.change(turn.connection, found.id, **columns, confirmed_at=confirmed_at)
    visit, new = load_or_begin(turn, visitor)
    if new:
        visit.change(language=SOURCE_LANGUAGE)
        visit.go(places.PARTNER)
    name = Words(found.name)
    if by_operator:
        return visit.reply(staff_text("partner.welcome", name=name))
    notices.tell(turn, partners.leading(turn), staff_text("notice.partner_waiting"))
    return visit.reply(staff_text("partner.waits", name=name))


def _may_invite(turn: Turn, one: Partner) -> bool:
    """Whether whoever made the invitation could still make it."""
    by = None if one.invited_by is None else staff.by_id(turn.connection, one.invited_by, lock=True)
    return by is not None and by.may(Right.SEND, turn.now)
