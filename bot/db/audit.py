"""The audit trail: entries one behind the other, each with a hash over itself and the hash before.

Who appends waits until whoever appends at the same moment has committed: PostgreSQL by an advisory lock, SQLite has
one writer anyway. No entry can be changed: there is no statement for it here, and a trigger refuses it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from bot.db.schema import audit_entry, audit_person

_LOCK = 0x6175646974
PSEUDONYM_BYTES = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of `audit_entry`; the columns are described in `bot.db.schema`."""

    id: int
    at: datetime
    deed: str
    actor: str
    about: str | None
    what: str
    hash: str


_COLUMNS = tuple(audit_entry.c[name] for name in Entry.__dataclass_fields__)
_NEWEST = select(audit_entry.c.id, audit_entry.c.hash).order_by(audit_entry.c.id.desc()).limit(1)


def append(connection: Connection, at: datetime, deed: str, actor: str, about: int | None, what: str) -> None:
    """One more entry; `about` is the participant's id, of which only a pseudonym is stored."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    newest = connection.execute(_NEWEST).first()
    number, before = (1, "") if newest is None else (newest.id + 1, newest.hash)
    whom = None if about is None else _pseudonym(connection, about)
    entry = Entry(number, at, deed, actor, whom, what, "")
    row = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    connection.execute(insert(audit_entry), {**row, "hash": hash_of(entry, before)})


def hash_of(entry: Entry, before: str) -> str:
    """What the chain holds an entry together by."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [before, entry.id, at, entry.deed, entry.actor, entry.about, entry.what]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()


def pseudonym(connection: Connection, participant_id: int) -> str | None:
    """What entries call a participant; None of whom there are none."""
    asked = select(audit_person.c.pseudonym).where(audit_person.c.participant_id == participant_id)
    return connection.execute(asked).scalar()


def _pseudonym(connection: Connection, participant_id: int) -> str:
    known = pseudonym(connection, participant_id)
    if known is None:
        known = secrets.token_urlsafe(PSEUDONYM_BYTES)
        connection.execute(insert(audit_person), {"participant_id": participant_id, "pseudonym": known})
    return known
