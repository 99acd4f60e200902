"""Settles what a restored database does not know about the time since the backup.

What was due may have been sent, so it is *unknown* and not sent again without a human's word. Broadcasts being sent
wait. Buttons of cards that people saw since then are dead. People who were erased are erased again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from bot.backup.erased import Erased
from bot.core.broadcasts import Stage
from bot.db.broadcasts import broadcasts
from bot.db.outbox.deliveries import State
from bot.db.rights import erasure
from bot.db.schema import chat, delivery, inbox, participant, replica

FURTHER = 100_000
"""More versions than cards of the lost time can have had."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many deliveries are now unknown, how many broadcasts wait, how many chats and people were erased again."""

    unknown: int
    paused: int
    erased: int


def settle(connection: Connection, now: datetime, gone: Erased) -> Settled:
    """Does all of it, in one transaction."""
    chats = [number for number in connection.execute(select(chat.c.id)).scalars() if number in gone]
    for number in chats:
        erasure.erase_chat(connection, number)
    people = connection.execute(select(participant.c.chat_id, participant.c.id)).all()
    left = [one for one in people if erasure.person_mark(*one) in gone]
    for chat_id, person in left:
        erasure.erase_person(connection, chat_id, person)
    claimed = delivery.c.state == State.CLAIMED.value
    due = (delivery.c.state == State.PLANNED.value) & (delivery.c.next_at <= now)
    unknown = connection.execute(
        update(delivery)
        .where(claimed | due)
        .values(state=State.UNKNOWN.value, code="restored", unknown_at=func.coalesce(delivery.c.unknown_at, now))
    ).rowcount
    paused = _pause(connection, now)
    version = chat.c.card_version + FURTHER
    shown = chat.c.shown_version + FURTHER
    # Without its message: a tap on the card in the chat gets a new one.
    old = update(chat).values(card_version=version, card_since=version, shown_version=shown, card_message=None)
    connection.execute(old)
    nobody_serves(connection)
    return Settled(unknown, paused, len(chats) + len(left))


def nobody_serves(connection: Connection) -> None:
    """Removes all processes, so that an id that is used again is not taken for a process of the other database.

    Waiting updates of the inbox belong to the first process that comes.
    """
    connection.execute(delete(replica))
    connection.execute(update(inbox).where(inbox.c.held_by.is_not(None)).values(held_by=None))


def _pause(connection: Connection, now: datetime) -> int:
    """Makes broadcasts that were being sent wait for a human's word. Returns how many."""
    number = 0
    for one in broadcasts.going_out(connection):
        if (one.planned_to is not None or one.joining) and (one.starts_at is None or one.starts_at <= now):
            broadcasts.hold(connection, one.id, one.last_useful_at)
            broadcasts.change(connection, one.id, stage=Stage.PAUSED.value)
            number += 1
    return number
