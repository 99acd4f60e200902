"""What goes wrong with the bot itself, and whether the admins know."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from bot.db.schema.base import UtcTime, metadata

alarm = Table(
    "alarm",
    metadata,
    Column("key", String(24), primary_key=True, doc="which alarm, see `bot.services.health.alarms`"),
    Column("since", UtcTime, doc="since when it is on; null: it is off"),
    Column("told_at", UtcTime, doc="when the admins were last told that it began"),
)
