"""People under 16: the codes they show, stored as hashes, and the member who began with each of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, insert, select, update

from bot.db.schema import accompaniment, chat, participant


def put(connection: Connection, chat_id: int, code_hash: str, expires_at: datetime) -> None:
    """Writes the code of a chat. It replaces an earlier one."""
    drop(connection, chat_id)
    connection.execute(insert(accompaniment), {"chat_id": chat_id, "code_hash": code_hash, "expires_at": expires_at})


def drop(connection: Connection, chat_id: int) -> None:
    """Removes the code of a chat."""
    connection.execute(delete(accompaniment).where(accompaniment.c.chat_id == chat_id))


def enter(connection: Connection, code_hash: str, member: int, now: datetime) -> bool:
    """A member typed this code. Returns whether it is valid. Releases any chat that they entered before."""
    unopened = accompaniment.c.opened_at.is_(None)
    former = update(accompaniment).where(accompaniment.c.entered_by == member, unopened)
    connection.execute(former.values(entered_by=None))
    same = update(accompaniment).where(
        accompaniment.c.code_hash == code_hash, unopened, accompaniment.c.expires_at > now
    )
    return bool(connection.execute(same.values(entered_by=member)).rowcount)


def entered(connection: Connection, member: int, now: datetime) -> int | None:
    """The chat whose code the member typed and that they have not opened yet. Locked until the transaction ends."""
    mine = (accompaniment.c.entered_by == member, accompaniment.c.opened_at.is_(None))
    wanted = select(accompaniment.c.chat_id).where(*mine, accompaniment.c.expires_at > now)
    found: int | None = connection.execute(wanted.with_for_update()).scalar()
    return found


def open_(connection: Connection, chat_id: int, before: str, screen: str, now: datetime) -> bool:
    """Continues the chat at this screen: a new card is owed, older buttons are dead. False if it is elsewhere now."""
    version = chat.c.card_version + 1
    values = {"screen": screen, "detour": None, "focus": None, "card_version": version, "card_since": version}
    there = update(chat).where(chat.c.id == chat_id, chat.c.screen == before)
    if connection.execute(there.values(**values)).rowcount == 0:  # somebody else speaks on the phone
        return False
    connection.execute(update(accompaniment).where(accompaniment.c.chat_id == chat_id).values(opened_at=now))
    return True


def begins(connection: Connection, chat_id: int, participant_id: int) -> bool:
    """The person who was about to begin in a chat is this participant. Returns whether a member opened the chat."""
    mine = (accompaniment.c.chat_id == chat_id, accompaniment.c.opened_at.is_not(None))
    changed = update(accompaniment).where(*mine).values(chat_id=None, participant_id=participant_id)
    return bool(connection.execute(changed).rowcount)


def of_participant(connection: Connection, participant_id: int) -> tuple[datetime, int | None] | None:
    """Since when they are there, and with which member they began. None if they began without one."""
    columns = (accompaniment.c.opened_at, accompaniment.c.entered_by)
    theirs = select(*columns).where(accompaniment.c.participant_id == participant_id).order_by(accompaniment.c.id)
    row = connection.execute(theirs).first()
    return None if row is None else (row[0], row[1])


def run_out(connection: Connection, now: datetime) -> list[int]:
    """Removes codes that were not used in time. Returns their chats, if nobody else is in them."""
    old = (accompaniment.c.opened_at.is_(None), accompaniment.c.expires_at <= now)
    others = exists().where(participant.c.chat_id == accompaniment.c.chat_id)
    alone = select(accompaniment.c.chat_id).where(*old, ~others)
    gone = list(connection.execute(alone).scalars())
    connection.execute(delete(accompaniment).where(*old))
    return gone
