"""What the team does with people's profiles: notes, and merged profiles of one person."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, UniqueConstraint

from bot.db.schema.base import KEY, UtcTime, metadata, of_participant
from bot.db.sealing import SealedJson, SealedText

note = Table(
    "note",
    metadata,
    Column("id", KEY, primary_key=True),
    of_participant(nullable=False, index=True),
    Column("author_id", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("at", UtcTime, nullable=False),
    Column("text", SealedText("note"), nullable=False, doc="what a member of the team wrote about the person"),
)

merging = Table(
    "merging",
    metadata,
    Column("id", KEY, primary_key=True),
    Column(
        "kept_id", KEY, ForeignKey("participant.id", ondelete="CASCADE"), nullable=False, doc="who holds both now"
    ),
    Column("gone_id", KEY, nullable=False, unique=True, doc="the id of the profile that no longer exists"),
    Column(
        "chat_id",
        BigInteger,
        ForeignKey("chat.id", ondelete="CASCADE"),
        nullable=False,
        doc="the chat of that profile",
    ),
    Column("at", UtcTime, nullable=False, index=True),
    Column("by_id", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("before", SealedJson("merging"), nullable=False, doc="everything that is needed to separate both again"),
    UniqueConstraint("kept_id"),
    UniqueConstraint("chat_id"),
)
"""Profiles that were merged less than a week ago, one at a time for a person."""
