"""Which of the people who write to us belong to the team, and what changes with that."""

from __future__ import annotations

from bot.content.bidi import cleaned
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.roles import Role, Standing
from bot.db import chats
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services.reply import StaffMenu
from bot.services.turn import Turn, Visitor

LONGEST_NAME = 64
NAMELESS = "?"


def member_of(turn: Turn, visitor: Visitor) -> Member | None:
    """The visitor's row in the team, active or not; None for everybody else. The person counts, not the chat.

    A member who was removed is nobody. Staff speak in their own private chat only.
    """
    if visitor.person is None or visitor.person != visitor.chat_id:
        return None
    found = staff.by_person(turn.connection, visitor.person)
    return None if found is None or found.standing(turn.now) is Standing.REMOVED else found


def name_of(visitor: Visitor) -> str:
    """The visitor's name as colleagues see it: one short line without tricks."""
    return " ".join(cleaned(visitor.name).split())[:LONGEST_NAME] or NAMELESS


def is_last_admin(turn: Turn, member: Member) -> bool:
    """Whether nobody else could invite and confirm members."""
    admins = staff.active_admins(turn.connection, turn.now)
    return member.role is Role.ADMIN and all(one.id == member.id for one in admins)


def menu_of(turn: Turn, member: Member, role: Role | None) -> StaffMenu:
    """The commands a member's chat is offered with this role."""
    found = chats.load(turn.connection, member.person_id)
    language = found[0].language if found is not None else None
    return menu(turn, member.person_id, language, role)


def menus(turn: Turn) -> tuple[StaffMenu, ...]:
    """The commands the chats of all active members are offered."""
    found = staff.with_language(turn.connection, turn.now)
    return tuple(menu(turn, one.person_id, language, one.role) for one, language in found)


def menu(turn: Turn, chat_id: int, language: str | None, role: Role | None) -> StaffMenu:
    """A chat's menu; in German where none of our languages was chosen."""
    return StaffMenu(chat_id, language if language in turn.content.languages else SOURCE_LANGUAGE, role)
