"""Besides broadcasts: those that wait for a review, and audiences with names."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, String, Table

from bot.db.schema.base import KEY, UtcTime, metadata

broadcast_review = Table(
    "broadcast_review",
    metadata,
    Column(
        "broadcast_id", KEY, ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("handed_in_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("handed_in_at", UtcTime, doc="since when it waits for another member; null: it does not"),
    Column("refused_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("refusal", String(300), doc="why it was sent back to its author"),
)

saved_audience = Table(
    "saved_audience",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("audience", JSON, nullable=False, doc="the audience, in the form that a broadcast keeps"),
    Column("saved_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("saved_at", UtcTime, nullable=False),
)
