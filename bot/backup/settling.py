"""What a database that comes from a backup must know of the time since: nobody can say what happened in it.

What was due may have been said, so it is *unknown* and not said again without a human's word. What went out to many
waits. Buttons of cards that people have seen since are old. Who was erased is erased again.
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
"""Versions that cards of the lost time can have had, and more."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many deliveries are unknown now, broadcasts wait, and chats and people were erased again."""

    unknown: int
    paused: int
    erased: int


def settle(connection: Connection, now: datetime, gone: Erased) -> Settled:
    """Do all of it, in one transaction."""
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
    # Without its message: whoever taps the card that stands in the chat gets a new one.
    old = update(chat).values(card_version=version, card_since=version, shown_version=shown, card_message=None)
    connection.execute(old)
    nobody_serves(connection)
    return Settled(unknown, paused, len(chats) + len(left))


def nobody_serves(connection: Connection) -> None:
    """No process serves a new database: a number given anew must not be taken for one of those that served the other.

    What waits in the inbox is whose who comes first.
    """
    connection.execute(delete(replica))
    connection.execute(update(inbox).where(inbox.c.held_by.is_not(None)).values(held_by=None))


def _pause(connection: Connection, now: datetime) -> int:
    """What was going out to many waits for a human's word; how many broadcasts."""
    number = 0
    for one in broadcasts.going_out(connection):
        if (one.planned_to is not None or one.joining) and (one.starts_at is None or one.starts_at <= now):
            broadcasts.hold(connection, one.id, one.last_useful_at)
            broadcasts.change(connection, one.id, stage=Stage.PAUSED.value)
            number += 1
    return number
