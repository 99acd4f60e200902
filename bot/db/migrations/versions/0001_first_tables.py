"""First tables: chats, participants, answers, consents, inbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "chat",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("source", sa.String(64)),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("seen_at", UtcTime, nullable=False),
        sa.Column("blocked_at", UtcTime),
        sa.Column("screen", sa.String(32), nullable=False),
        sa.Column("detour", sa.String(32)),
        sa.Column("card_version", sa.Integer, nullable=False),
        sa.Column("card_since", sa.Integer, nullable=False),
        sa.Column("shown_version", sa.Integer, nullable=False),
        sa.Column("card_message", sa.BigInteger),
        sa.Column("shown_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_chat"),
    )
    op.create_index("ix_chat_seen_at", "chat", ["seen_at"])
    op.create_table(
        "participant",
        sa.Column("id", KEY, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("finished_at", UtcTime),
        sa.Column("at", sa.String(32)),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("from_summary", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_participant_chat_id_chat", ondelete="CASCADE"),
    )
    op.create_index("ix_participant_chat_id", "participant", ["chat_id"])
    op.create_table(
        "answer",
        sa.Column("participant_id", KEY, autoincrement=False, nullable=False),
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("value", sa.JSON),
        sa.Column("applies", sa.Boolean, nullable=False),
        sa.Column("answered_at", UtcTime, nullable=False),
        sa.Column("revision", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "question_id", name="pk_answer"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_answer_participant_id_participant", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "consent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text_version", sa.String(12), nullable=False),
        sa.Column("given_at", UtcTime, nullable=False),
        sa.Column("withdrawn_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_consent_participant_id_participant", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_consent_participant_id", "consent", ["participant_id"])
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("body", sa.Text),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("parked", sa.String(64)),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("inbox", "consent", "answer", "participant", "chat"):
        op.drop_table(table)
