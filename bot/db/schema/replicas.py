"""Which processes serve the bot together, and until when each counts as alive."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from bot.db.schema.base import KEY, UtcTime, metadata

replica = Table(
    "replica",
    metadata,
    Column("number", KEY, primary_key=True, doc="assigned once; the lowest leads"),
    Column("name", String(96), nullable=False, doc="the process, see `bot.alive`"),
    Column("version", String(32), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False, doc="end of the lease by the database's clock; then others take over"),
)
