"""Whoever blocks the bot is left alone; whoever returns finds in the chat what is true by then.

Messages there that no longer hold are changed, and what became of their seats meanwhile is told once, where the
meeting lies ahead. What it says is put together when it goes out (`bot.services.deliveries.saying`).
"""

from __future__ import annotations

from bot.core.threads import Event
from bot.db import chats
from bot.db.chats import ChatRow
from bot.db.outbox import returning
from bot.db.threads import threads
from bot.services.reminders.reminding import CHANGE, NEWS
from bot.services.threads import lines
from bot.services.turn import Turn

TOLD = (f"{CHANGE}.", *(f"{NEWS}told_{name}" for name in ("registered", "held", "place")))
"""Beginnings of the texts that are told after all."""


def block(turn: Turn, chat_id: int) -> None:
    """The person has blocked the bot."""
    chats.blocked(turn.connection, chat_id, turn.now)
    _note(turn, chat_id, Event.BLOCKED)


def come_back(turn: Turn, chat_id: int) -> None:
    """The person has let the bot in again."""
    chats.blocked(turn.connection, chat_id, None)
    say_again(turn, chat_id)
    _note(turn, chat_id, Event.BACK)


def is_here(turn: Turn, chat: ChatRow) -> None:
    """The person does something: whoever does lets the bot in, also where the messenger did not tell us so."""
    if chat.blocked_at is not None:
        come_back(turn, chat.id)


def say_again(turn: Turn, chat_id: int) -> None:
    """Plan what was not said to somebody while they were away."""
    returning.plan_again(turn.connection, chat_id, TOLD, turn.now)


def _note(turn: Turn, chat_id: int, event: Event) -> None:
    """Where a talk is open, the team sees it."""
    for one in threads.all_of_chat(turn.connection, chat_id):
        if one.closed_at is None:
            lines.note(turn, one.id, event)
            lines.move(turn, one.id)
