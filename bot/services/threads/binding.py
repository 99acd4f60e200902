"""Which group is the team's: an admin says so there, and everything that can go wrong with it is told."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Screen, Text
from bot.core.roles import Right, Standing, may
from bot.db import staff, thread_deliveries, threads
from bot.services.reply import Card, Reply
from bot.services.staff.texts import staff_text
from bot.services.threads import lines
from bot.services.turn import Turn, Visitor

HERE = "here"
"""The command that makes a group the team's."""


def bind(turn: Turn, visitor: Visitor, *, forum: bool) -> Reply | None:
    """`/here` of an admin in a group with topics; to anybody else it is a command nobody knows."""
    member = None if visitor.person is None else staff.by_person(turn.connection, visitor.person)
    if member is None or member.standing(turn.now) is not Standing.ACTIVE or not may(member.role, Right.INVITE):
        return None
    if not forum:
        return _say(visitor.chat_id, staff_text("group.no_topics"))
    threads.bind(turn.connection, visitor.chat_id, member.id, turn.now)
    thread_deliveries.go_again(turn.connection, visitor.chat_id, turn.now)
    lines.look_around(turn)
    return _say(visitor.chat_id, staff_text("group.bound"))


def membership(turn: Turn, visitor: Visitor, *, out: bool) -> None:
    """The bot was thrown out of a group, or taken in."""
    if out:
        lines.lose_group(turn, visitor.chat_id, "gone")


def moved(turn: Turn, visitor: Visitor, _: int) -> None:
    """A group became another one: its topics, if it had any, are not there."""
    lines.lose_group(turn, visitor.chat_id, "gone")


def _say(chat_id: int, text: Text) -> Reply:
    card = Card(chat_id, SOURCE_LANGUAGE, 1, Screen(((text,),)), kept=False)
    return Reply(SOURCE_LANGUAGE, card)
