"""Which group is the team's: an admin says so in it, and is told of everything that can go wrong with it."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Screen, Text
from bot.core.roles import Right
from bot.db.outbox import thread_deliveries
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.services import audit
from bot.services.audit import Deed
from bot.services.reply import Card, Reply
from bot.services.staff.texts import staff_text
from bot.services.threads import lines
from bot.services.turn import Turn, Visitor

HERE = "here"
"""The command that makes a group the team's."""


def may_bind(turn: Turn, visitor: Visitor) -> bool:
    """Whether an admin of the team speaks."""
    return _who(turn, visitor) is not None


def bind(turn: Turn, visitor: Visitor, *, forum: bool, leads: bool) -> Reply | None:
    """`/here` from an admin, in a group with topics that the bot `leads`; from anybody else an unknown command."""
    member = _who(turn, visitor)
    if member is None:
        return None
    if not forum:
        return _say(visitor.chat_id, staff_text("group.no_topics"))
    if not leads:
        return _say(visitor.chat_id, staff_text("group.no_admin"))
    anew = threads.group(turn.connection) != visitor.chat_id
    threads.bind(turn.connection, visitor.chat_id, member.id, turn.now)
    thread_deliveries.go_again(turn.connection, visitor.chat_id, turn.now)
    lines.look_around(turn)
    if anew:
        audit.note(turn, Deed.GROUP_BOUND, by=member, what=f"group {visitor.chat_id}")
    return _say(visitor.chat_id, staff_text("group.bound"))


def membership(turn: Turn, visitor: Visitor, *, out: bool, leads: bool = False) -> None:
    """The bot was removed from a group or added to it; it `leads` where it is an admin with the rights it needs."""
    if out or not leads:
        lines.lose_group(turn, visitor.chat_id, "gone" if out else "no_rights")


def moved(turn: Turn, visitor: Visitor, _: int) -> None:
    """A group became another one, without the topics it had."""
    lines.lose_group(turn, visitor.chat_id, "gone")


def _who(turn: Turn, visitor: Visitor) -> Member | None:
    member = None if visitor.person is None else staff.by_person(turn.connection, visitor.person)
    return None if member is None or not member.may(Right.INVITE, turn.now) else member


def _say(chat_id: int, text: Text) -> Reply:
    card = Card(chat_id, SOURCE_LANGUAGE, 1, Screen(((text,),)), kept=False)
    return Reply(SOURCE_LANGUAGE, card)
