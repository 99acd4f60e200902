"""Codes on paper, stored only as keyed hashes, and how often an account typed a wrong one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.db import keys
from bot.db.schema import code_try, paper_code, participant


def write(connection: Connection, participant_id: int, code: str, now: datetime) -> None:
    """Writes a person's code. The earlier one becomes invalid."""
    connection.execute(delete(paper_code).where(paper_code.c.participant_id == participant_id))
    row = {"participant_id": participant_id, "mark": _mark(code), "made_at": now}
    connection.execute(insert(paper_code), row)


def made_at(connection: Connection, participant_id: int) -> datetime | None:
    """Since when a person has a code. None if they have none."""
    asked = select(paper_code.c.made_at).where(paper_code.c.participant_id == participant_id)
    found: datetime | None = connection.execute(asked).scalar()
    return found


def chat_of(connection: Connection, code: str) -> int | None:
    """The chat whose profile a code belongs to. None if it is nobody's."""
    asked = select(participant.c.chat_id).join_from(paper_code, participant).where(paper_code.c.mark == _mark(code))
    found: int | None = connection.execute(asked).scalar()
    return found


def take(connection: Connection, code: str) -> int | None:
    """Uses a code up. Returns its participant. Only one of several who type it at the same moment succeeds."""
    used = delete(paper_code).where(paper_code.c.mark == _mark(code)).returning(paper_code.c.participant_id)
    found: int | None = connection.execute(used).scalar()
    return found


def tried(connection: Connection, chat_id: int, now: datetime) -> None:
    """Notes that an account typed a wrong code."""
    connection.execute(insert(code_try), {"account": _account(chat_id), "at": now})


def tries(connection: Connection, chat_id: int, since: datetime) -> list[datetime]:
    """When an account typed wrong codes, the oldest first."""
    mine = (code_try.c.account == _account(chat_id), code_try.c.at > since)
    return list(connection.execute(select(code_try.c.at).where(*mine).order_by(code_try.c.at)).scalars())


def forget_tries(connection: Connection, before: datetime) -> None:
    """Forgets tries that no longer count."""
    connection.execute(delete(code_try).where(code_try.c.at < before))


def _mark(code: str) -> str:
    return keys.hashed(code.encode(), "paper code", 32).hex()


def _account(chat_id: int) -> str:
    return keys.hashed(str(chat_id).encode(), "code try", 16).hex()
