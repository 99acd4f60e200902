"""The audit trail: entries one behind the other, each with a keyed hash over itself and the hash before.

Who appends waits until whoever appends at the same moment has committed: PostgreSQL by an advisory lock, SQLite has
one writer anyway. No entry can be changed: there is no statement for it here, and a trigger refuses it.
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
"""How entries call a member of the team and a partner who act: this, and the number of their row."""
CUT = "cut"
"""The deed of an entry that says up to where older ones were deleted, and the hash of the last of them."""
PAGE = 1000


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
    return hashed(json.dumps(fields, ensure_ascii=True).encode(), "audit", 32).hex()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: of an actor, of a deed, about a pseudonym; None: whichever."""

    actor: str | None = None
    deed: str | None = None
    about: str | None = None

    def where(self) -> list[ColumnElement[bool]]:
        """As conditions."""
        wanted = {"actor": self.actor, "deed": self.deed, "about": self.about}
        return [audit_entry.c[name] == value for name, value in wanted.items() if value is not None]


def entries(connection: Connection, which: Filter, skip: int, most: int) -> list[Entry]:
    """A page of entries, the newest first."""
    wanted = select(*_COLUMNS).where(*which.where()).order_by(audit_entry.c.id.desc()).offset(skip).limit(most)
    return [Entry(*row) for row in connection.execute(wanted)]


def number(connection: Connection, which: Filter) -> int:
    """How many entries there are."""
    return connection.execute(select(func.count()).select_from(audit_entry).where(*which.where())).scalar_one()


def actors(connection: Connection) -> list[str]:
    """Everybody of whom there is an entry."""
    return list(connection.execute(select(audit_entry.c.actor).distinct().order_by(audit_entry.c.actor)).scalars())


def people(connection: Connection, pseudonyms: Collection[str]) -> dict[str, int]:
    """Which participants these pseudonyms mean, as far as they are still there."""
    asked = select(audit_person.c.pseudonym, audit_person.c.participant_id).where(
        audit_person.c.pseudonym.in_(list(pseudonyms))
    )
    return {row.pseudonym: row.participant_id for row in connection.execute(asked)}


def names(kind: str, number: Column[int]) -> ColumnElement[bool]:
    """Whether an entry names the member or partner whose number that column has as the one who acts."""
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
    """What became of a look at the whole chain: where it breaks (None: nowhere), from where it goes, and its end.

    `strangers`: how many pseudonyms are not known to be those of the person they stand with.
    """

    broken_at: int | None
    first: int
    last: int
    last_hash: str
    strangers: int = 0


def verify(connection: Connection) -> Verdict:
    """Whether the chain is whole: every entry as it was written, and none missing between the first and the last.

    Where older ones were deleted, an entry in the chain has to say so, with the hash of the last of them. Whether
    somebody deleted the newest ones, only an end that was noted down earlier can tell. Where the chain is whole, so
    has to be the table that says whom the pseudonyms mean.
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
    """How many pseudonyms bear no hash, or one of another person."""
    columns = (audit_person.c.participant_id, audit_person.c.pseudonym, audit_person.c.mark)
    after, found = 0, 0
    while page := connection.execute(
        select(*columns).where(columns[0] > after).order_by(columns[0]).limit(PAGE)
    ).all():
        found += sum(row.mark != mark_of(row.participant_id, row.pseudonym) for row in page)
        after = page[-1].participant_id
    return found


def mark_of(participant_id: int, pseudonym: str) -> str:
    """What holds a pseudonym and its person together."""
    return hashed(f"{participant_id} {pseudonym}".encode(), "audit_person", 32).hex()


def _anchor(connection: Connection, number: int) -> str:
    """The hash that an entry names for the last one that was deleted."""
    said = select(audit_entry.c.what).where(
        audit_entry.c.deed == CUT, audit_entry.c.what.startswith(f"{number} ", autoescape=True)
    )
    return str(connection.execute(said).scalar() or "").partition(" ")[2]


def cut(connection: Connection, before: datetime, now: datetime) -> int:
    """Delete entries of that time, and leave an entry about it; how many."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    oldest = connection.execute(select(audit_entry.c.at).order_by(audit_entry.c.id).limit(1)).scalar()
    if oldest is None or oldest >= before:  # entries stand in the order of time: mostly there is nothing to do
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
    """What entries call a participant; None of whom there are none."""
    asked = select(audit_person.c.pseudonym).where(audit_person.c.participant_id == participant_id)
    return connection.execute(asked).scalar()


def _pseudonym(connection: Connection, participant_id: int) -> str:
    known = pseudonym(connection, participant_id)
    if known is None:
        known = secrets.token_urlsafe(PSEUDONYM_BYTES)
        row = {"participant_id": participant_id, "pseudonym": known, "mark": mark_of(participant_id, known)}
        connection.execute(insert(audit_person), row)
    return known
