"""Erasing: which messages are to go at the messenger, and the proof that it was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "shown_message",
        sa.Column("chat_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_shown_message"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_shown_message_chat_id", ondelete="CASCADE"),
    )
    op.create_index("ix_shown_message_at", "shown_message", ["at"])
    op.create_table(
        "going_message",
        sa.Column("chat_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_going_message"),
    )
    op.create_table(
        "erasure_proof",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("consents", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasure_proof"),
    )
    op.create_index("ix_erasure_proof_at", "erasure_proof", ["at"])


def downgrade() -> None:
    """Take them away."""
    for table in ("erasure_proof", "going_message", "shown_message"):
        op.drop_table(table)
