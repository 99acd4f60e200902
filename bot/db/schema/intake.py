"""What came in and is not handled yet, and which content has run."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from bot.db.schema.base import KEY, UtcTime, metadata, partial_index
from bot.db.sealing import SealedText

content_run = Table(
    "content_run",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("town", String(32), nullable=False),
    Column("revision", String(64), nullable=False, doc="revision of the whole content"),
    Column("taken_at", UtcTime, nullable=False),
    Column("outline", JSON, nullable=False, doc="what matters about the questions for answers"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, doc="whose turn it is; null once the body is gone"),
    Column("body", SealedText("update"), doc="the raw update until its use case has committed"),
    Column("received_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("parked", String(64), doc="why it was set aside: a code, never words"),
    Column("held_by", BigInteger, doc="the replica that handles it; null: none yet, or there is only one process"),
    Index(None, "received_at"),
    partial_index(
        "ix_inbox_waiting",
        "chat_id",
        where="body IS NOT NULL",
    ),
)
