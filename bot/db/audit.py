"""The audit trail: a chain of entries, each with a keyed hash over itself and the previous hash.

Entries are appended one at a time: PostgreSQL takes an advisory lock, SQLite has only one writer. No entry can be
changed: no statement here does it, and a trigger refuses it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)

from bot.db.keys import hashed
from bot.db.schema import audit_entry, audit_person

_LOCK = 0x6175646974
PSEUDONYM_BYTES = 18
STAFF, PARTNER = "staff:", "partner:"
"""How entries name the member of the team or partner who acted: this word and the id of their row."""
CUT = "cut"
"""The deed of the entry that says up to where older entries were deleted, with the hash of the last of them."""
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of `audit_entry`. `bot.db.schema` describes the columns."""

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
    """Appends an entry. `about` is a participant's id; only a pseudonym of it is stored."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    newest = connection.execute(_NEWEST).first()
    number, before = (1, "") if newest is None else (newest.id + 1, newest.hash)
    whom = None if about is None else _pseudonym(connection, about)
    entry = Entry(number, at, deed, actor, whom, what, "")
    row = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    connection.execute(insert(audit_entry), {**row, "hash": hash_of(entry, before)})


def hash_of(entry: Entry, before: str) -> str:
    """The hash that links an entry to the one before."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [before, entry.id, at, entry.deed, entry.actor, entry.about, entry.what]
    return hashed(json.dumps(fields, ensure_ascii=True).encode(), "audit", 32).hex()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: by an actor, of a deed, about a pseudonym. None: any."""

    actor: str | None = None
    deed: str | None = None
    about: str | None = None

    def where(self) -> list[ColumnElement[bool]]:
        """The filter as conditions."""
        wanted = {"actor": self.actor, "deed": self.deed, "about": self.about}
        return [audit_entry.c[name] == value for name, value in wanted.items() if value is not None]


def entries(connection: Connection, which: Filter, skip: int, most: int) -> list[Entry]:
    """A page of entries, the newest first."""
    wanted = select(*_COLUMNS).where(*which.where()).order_by(audit_entry.c.id.desc()).offset(skip).limit(most)
    return [Entry(*row) for row in connection.execute(wanted)]


def number(connection: Connection, which: Filter) -> int:
    """How many entries match."""
    return connection.execute(select(func.count()).select_from(audit_entry).where(*which.where())).scalar_one()


def actors(connection: Connection) -> list[str]:
    """Every actor that has an entry."""
    return list(connection.execute(select(audit_entry.c.actor).distinct().order_by(audit_entry.c.actor)).scalars())


def people(connection: Connection, pseudonyms: Collection[str]) -> dict[str, int]:
    """The participants that these pseudonyms mean, if they still exist."""
    asked = select(audit_person.c.pseudonym, audit_person.c.participant_id).where(
        audit_person.c.pseudonym.in_(list(pseudonyms))
    )
    return {row.pseudonym: row.participant_id for row in connection.execute(asked)}


def names(kind: str, number: Column[int]) -> ColumnElement[bool]:
    """Whether an entry names, as its actor, the member or partner whose id is in that column."""
    return exists().where(audit_entry.c.actor == literal(kind, String) + cast(number, String))


def newest(connection: Connection, actor: str) -> Entry | None:
    """An actor's newest entry."""
    found = entries(connection, Filter(actor=actor), 0, 1)
    return found[0] if found else None


def _in_order(connection: Connection) -> Iterator[Entry]:
    after = 0
    while page := connection.execute(
        select(*_COLUMNS).where(audit_entry.c.id > after).order_by(audit_entry.c.id).limit(PAGE)
    ).all():
        yield from (Entry(*row) for row in page)
        after = page[-1].id


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of checking the whole chain: where it breaks (None: nowhere), its beginning and its end.

    `strangers`: how many pseudonyms are not proven to belong to the person they are stored with.
    """

    broken_at: int | None
    first: int
    last: int
    last_hash: str
    strangers: int = 0


def verify(connection: Connection) -> Verdict:
    """Checks the chain: every entry is as it was written, and none between the first and the last is missing.

    If older entries were deleted, an entry in the chain must say so, with the hash of the last deleted one. Deletion
    of the newest entries shows only against an end that was noted earlier. If the chain is whole, the table that says
    whom the pseudonyms mean is checked, too.
    """
    first, last, before, anchor, gone = 0, 0, "", "", False
    for entry in _in_order(connection):
        if first == 0:
            first, gone = entry.id, entry.id > 1
            before = _anchor(connection, entry.id - 1) if gone else ""
        elif entry.id != last + 1:
            return Verdict(last + 1, first, last, before)
        if entry.hash != hash_of(entry, before):
            return Verdict(entry.id, first, last, before)
        if entry.deed == CUT:
            anchor = entry.what
        last, before = entry.id, entry.hash
    if gone and not anchor.startswith(f"{first - 1} "):
        return Verdict(first, first, last, before)
    return Verdict(None, first, last, before, _strangers(connection))


def _strangers(connection: Connection) -> int:
    """How many pseudonyms have no hash, or the hash of another person."""
    columns = (audit_person.c.participant_id, audit_person.c.pseudonym, audit_person.c.mark)
    after, found = 0, 0
    while page := connection.execute(
        select(*columns).where(columns[0] > after).order_by(columns[0]).limit(PAGE)
    ).all():
        found += sum(row.mark != mark_of(row.participant_id, row.pseudonym) for row in page)
        after = page[-1].participant_id
    return found


def mark_of(participant_id: int, pseudonym: str) -> str:
    """The hash that links a pseudonym to its person."""
    return hashed(f"{participant_id} {pseudonym}".encode(), "audit_person", 32).hex()


def _anchor(connection: Connection, number: int) -> str:
    """The hash that an entry gives for the last deleted entry."""
    said = select(audit_entry.c.what).where(
        audit_entry.c.deed == CUT, audit_entry.c.what.startswith(f"{number} ", autoescape=True)
    )
    return str(connection.execute(said).scalar() or "").partition(" ")[2]


def cut(connection: Connection, before: datetime, now: datetime) -> int:
    """Deletes entries from before `before` and appends an entry about it. Returns how many."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    oldest = connection.execute(select(audit_entry.c.at).order_by(audit_entry.c.id).limit(1)).scalar()
    if oldest is None or oldest >= before:  # entries are in the order of time, so mostly there is nothing to do
        return 0
    old = select(*_COLUMNS).where(audit_entry.c.at < before).order_by(audit_entry.c.id.desc()).limit(1)
    found = connection.execute(old).first()
    if found is None:
        return 0
    last = Entry(*found)
    append(connection, now, CUT, "clock", None, f"{last.id} {last.hash}")
    gone: int = connection.execute(delete(audit_entry).where(audit_entry.c.id <= last.id)).rowcount
    return gone


def pseudonym(connection: Connection, participant_id: int) -> str | None:
    """The name that entries use for a participant. None if no entry is about them."""
    asked = select(audit_person.c.pseudonym).where(audit_person.c.participant_id == participant_id)
    return connection.execute(asked).scalar()


def _pseudonym(connection: Connection, participant_id: int) -> str:
    known = pseudonym(connection, participant_id)
    if known is None:
        known = secrets.token_urlsafe(PSEUDONYM_BYTES)
        row = {"participant_id": participant_id, "pseudonym": known, "mark": mark_of(participant_id, known)}
        connection.execute(insert(audit_person), row)
    return known
