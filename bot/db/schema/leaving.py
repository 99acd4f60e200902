"""What is left for a while of somebody who erased themselves: that it was done, and what is still to go."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, String, Table

from bot.db.schema.base import KEY, UtcTime, metadata

shown_message = Table(
    "shown_message",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, index=True),
)
"""Cards and files that we sent into a chat, as long as the messenger would delete them: nothing else knows them."""

going_message = Table(
    "going_message",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, doc="when it was sent: after two days the messenger deletes it no more"),
)
"""Messages of chats that were erased, which are to be deleted at the messenger: rows, so that a kill forgets none."""

erasure_proof = Table(
    "erasure_proof",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("mark", String(32), nullable=False, doc="a hash of the chat's number that only the key file can repeat"),
    Column("consents", JSON, nullable=False, doc="purpose, language, version and times of each yes"),
)
"""That somebody had agreed, and that they were erased: what the law wants kept, without the person."""
