"""Moves a profile from one account to another, in the caller's transaction.

What belongs to the participant moves by itself. Here is what belongs to a chat: planned deliveries go to the new
chat. Sent messages are in the old chat, are to be deleted there, and from now on only count.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select, update

from bot.db.outbox.deliveries import PLANNED, State
from bot.db.people import persons
from bot.db.rights import leaving
from bot.db.schema import chat, delivery, participant

MOVED = "moved_account"
"""Why a message to the old chat is not sent."""


def move(connection: Connection, person: int, to: int, now: datetime, *, away: str) -> int | None:
    """Moves a participant to the chat `to`, where they are set aside until somebody lets them speak.

    Returns the old chat, if it is owed a card now. `away` is the last screen of the old chat if nobody else is there.
    That chat can begin anew, and is forgotten after a day like every chat without a consent.
    """
    columns = (chat.c.id, chat.c.screen, chat.c.language, participant.c.aside_since)
    asked = select(*columns).join_from(participant, chat)
    old = connection.execute(asked.where(participant.c.id == person).with_for_update(of=(chat, participant))).one()
    leaving.clear(connection, old.id, now, None, person, moves=True)
    spoke = old.aside_since is None
    if spoke:
        persons.set_aside(connection, person, old.screen, old.language, now)
    there = {"chat_id": to, "moved_at": now, "nth": persons.next_number(connection, to)}
    connection.execute(update(participant).where(participant.c.id == person).values(**there))
    _deliveries(connection, person, old.id, to)
    values: dict[str, object] = {"card_message": None, "detour": None, "focus": None}
    if not persons.of_chat(connection, old.id):
        values |= {"screen": away, "created_at": now}
    elif not spoke:
        return None
    values |= dict.fromkeys(("card_version", "card_since"), chat.c.card_version + 1)
    connection.execute(update(chat).where(chat.c.id == old.id).values(values))
    return int(old.id)


def _deliveries(connection: Connection, person: int, old: int, to: int) -> None:
    """Moves planned deliveries to the new chat. What a process has claimed right now is still said in the old one."""
    theirs = and_(
        delivery.c.participant_id == person, delivery.c.chat_id == old, delivery.c.state != State.CLAIMED.value
    )
    there = delivery.alias("there")
    known = exists().where(there.c.chat_id == to, there.c.cause == delivery.c.cause)
    vain = and_(theirs, delivery.c.state == State.PLANNED.value, or_(delivery.c.edits.is_not(None), known))
    connection.execute(update(delivery).where(vain).values(state=State.SKIPPED.value, reason=MOVED))
    moved = update(delivery).where(theirs, ~known).values(chat_id=to, message_id=None, edits=None)
    connection.execute(moved)
    connection.info[PLANNED] = True
