"""Which keys this database's texts are sealed with: their names, and a value to test each with."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from bot.db.schema.base import UtcTime, metadata

seal_key = Table(
    "seal_key",
    metadata,
    Column("name", String(8), primary_key=True),
    Column("trial", Text, nullable=False, doc="a known word, sealed: whoever opens it has the key"),
    Column("made_at", UtcTime, nullable=False),
    Column("complete_at", UtcTime, doc="since when all that is to be sealed is sealed with it, or a newer one"),
)
