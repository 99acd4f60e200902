"""Which keys this database's texts are sealed with: their names, and a value to test each with."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from bot.db.schema.base import UtcTime, metadata

seal_key = Table(
    "seal_key",
    metadata,
    Column("name", String(8), primary_key=True),
    Column("trial", Text, nullable=False, doc="a known word, sealed, to test whether a key is the right one"),
    Column("made_at", UtcTime, nullable=False),
    Column("complete_at", UtcTime, doc="since when everything to be sealed is sealed with it, or a newer one"),
)
