"""Who in the team did what, and when: a chain of entries that nobody can change unnoticed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from bot.db.schema.base import UtcTime, metadata, of_participant

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, doc="counted without a gap from 1"),
    Column("at", UtcTime, nullable=False),
    Column("deed", String(24), nullable=False),
    Column("actor", String(32), nullable=False, doc="staff:<id>, partner:<id>, operator, person or clock"),
    Column("about", String(32), doc="the participant's pseudonym in audit_person; means nobody once that is gone"),
    Column("what", String(128), nullable=False, doc="ids and keys, never words of a person"),
    Column("hash", String(64), nullable=False, doc="over all of these and the previous entry's hash"),
    Index(None, "about"),
    Index(None, "actor", "id"),
    Index(None, "deed", "id"),
)

audit_person = Table(
    "audit_person",
    metadata,
    of_participant(primary_key=True, autoincrement=False),
    Column("pseudonym", String(32), nullable=False, unique=True, doc="random: deleted with the person"),
    Column("mark", String(64), doc="a keyed hash over both, so that neither can be exchanged unnoticed"),
)
