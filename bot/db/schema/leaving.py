"""What stays for a while of a person who erased themselves: the proof, and what must still be deleted."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, String, Table, false

from bot.db.schema.base import KEY, UtcTime, metadata, of_participant

shown_message = Table(
    "shown_message",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, index=True),
)
"""Cards and files that we sent into a chat, as long as the messenger would delete them. Nothing else knows them."""

going_message = Table(
    "going_message",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, doc="when it was sent: after two days the messenger no longer deletes it"),
    Column("page", Boolean, nullable=False, server_default=false(), doc="a text of ours that can be emptied instead"),
)
"""Messages to delete at the messenger because a person was erased. Rows, so that a kill forgets none."""

desk_page = Table(
    "desk_page",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", BigInteger, nullable=False),
    of_participant(index=True, doc="whom it shows; null: anybody may be in it"),
    Column("at", UtcTime, nullable=False, index=True, doc="when it was sent, or first noted"),
    Column("kind", String(8), nullable=False, doc="a page of ours, a file or picture, a member's own words"),
    Index(None, "chat_id", "message_id"),
)
"""Which messages in chats of the team show whom, so that they are deleted with them."""

erasure_proof = Table(
    "erasure_proof",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("mark", String(32), nullable=False, doc="a hash of the chat's number that only the key file can repeat"),
    Column("consents", JSON, nullable=False, doc="purpose, language, version and times of each consent"),
)
"""That a person had agreed, and that they were erased: what the law wants kept, without the person."""
