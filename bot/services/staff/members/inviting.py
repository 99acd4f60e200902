"""Invitations to the team: made by an admin in the chat or on the command line, opened once, within a day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.core.message import Text, Words
from bot.core.roles import Right, Role
from bot.db.staff import invitations, staff
from bot.db.staff.invitations import Invitation
from bot.db.staff.staff import Member
from bot.services import audit, places, welcome
from bot.services.audit import Deed
from bot.services.reply import Reply
from bot.services.staff import links, notices
from bot.services.staff.members import team
from bot.services.staff.openings import partner_inviting
from bot.services.staff.page import HOME
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn, Visitor
from bot.services.visit import load_or_begin

_PAYLOAD = re.compile(r"team-[A-Za-z0-9_-]{32}")


def create(connection: Connection, role: Role, now: datetime, invited_by: int | None = None) -> str:
    """A new invitation; the payload of its link, of which only a hash is kept."""
    payload = links.new("team")
    invitations.create(connection, links.hashed(payload), role, now, links.LASTS, invited_by)
    return payload


def start(turn: Turn, visitor: Visitor, payload: str | None = None) -> Reply:
    """`/start`: open an invitation; any other payload is an ordinary start."""
    if payload is not None and (partner := partner_inviting.find(turn, payload)) is not None:
        return partner_inviting.open_(turn, visitor, partner)
    if payload is None or not _PAYLOAD.fullmatch(payload):
        return welcome.start(turn, visitor, payload)
    found = invitations.find(turn.connection, links.hashed(payload))
    return welcome.start(turn, visitor) if found is None else _open(turn, visitor, found)


def _open(turn: Turn, visitor: Visitor, found: Invitation) -> Reply:
    person = visitor.person
    if person is None or person != visitor.chat_id:
        return links.word(visitor, staff_text("invite.not_you"))
    if found.used_at is not None:
        return links.word(visitor, staff_text("invite.used"))
    inviter = None if found.invited_by is None else staff.by_id(turn.connection, found.invited_by, lock=True)
    if turn.now >= found.expires_at or not (found.confirmed or _may_invite(turn, inviter)):
        return links.word(visitor, staff_text("invite.expired"))
    member = team.member_of(turn, visitor)
    if member is not None and member.is_active(turn.now) and not found.confirmed:
        return _desk(turn, visitor, staff_text("invite.already"))
    invitations.use(turn.connection, found.id, person, turn.now)
    confirmed_at = turn.now if found.confirmed else None
    name = team.name_of(visitor)
    columns = {"role": found.role.value, "name": name, "added_by": found.invited_by, "confirmed_at": confirmed_at}
    staff.add(turn.connection, person, turn.now, **columns)
    audit.note(turn, Deed.JOINED, by=staff.by_person(turn.connection, person), what=f"role {found.role}")
    if not found.confirmed:
        admins = [one for one in staff.active_admins(turn.connection, turn.now) if one.person_id != person]
        notices.tell(turn, admins, staff_text("notice.waiting"))
        return _desk(turn, visitor)
    return _desk(turn, visitor, staff_text("invite.welcome", name=Words(name)), role=found.role)


def _may_invite(turn: Turn, inviter: Member | None) -> bool:
    """Whether whoever made the invitation could still make it."""
    return inviter is not None and inviter.may(Right.INVITE, turn.now)


def _desk(turn: Turn, visitor: Visitor, *notices: Text, role: Role | None = None) -> Reply:
    """The desk of somebody who has just joined; with their commands, where they have a `role` by now."""
    visit, _ = load_or_begin(turn, visitor)
    visit.look_at(places.STAFF, HOME)
    reply = visit.reply(*notices)
    menus = () if role is None else (team.menu(turn, visit.chat.id, visit.chat.language, role),)
    return replace(reply, menus=menus)
