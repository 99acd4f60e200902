"""The outbox: deliveries, each one message to one chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
PARTIAL = {
    "ix_delivery_planned": (["priority", "next_at"], "state = 'planned'"),
    "ix_delivery_claimed": (["claimed_by"], "state = 'claimed'"),
    "ix_delivery_sent_at": (["sent_at"], "sent_at IS NOT NULL"),
}


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "delivery",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cause", sa.String(96), nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("next_at", UtcTime, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("text_key", sa.String(128), nullable=False),
        sa.Column("params", sa.JSON),
        sa.Column("edits", sa.BigInteger),
        sa.Column("participant_id", KEY),
        sa.Column("registration_id", KEY),
        sa.Column("meeting_id", KEY),
        sa.Column("topic", sa.String(16)),
        sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("last_useful_at", UtcTime),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("code", sa.String(32)),
        sa.Column("reason", sa.String(32)),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("claimed_at", UtcTime),
        sa.Column("claimed_by", sa.String(96)),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("sent_at", UtcTime),
        sa.Column("unknown_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_delivery_chat_id_chat", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_delivery_participant_id_participant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name="fk_delivery_registration_id_registration",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_delivery_meeting_id_meeting", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("cause", "chat_id", name="uq_delivery_cause_chat_id"),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'blocked', 'failed', 'skipped', 'unknown')",
            name="ck_delivery_state",
        ),
    )
    for column in ("chat_id", "participant_id", "registration_id", "meeting_id"):
        op.create_index(f"ix_delivery_{column}", "delivery", [column])
    for name, (columns, where) in PARTIAL.items():
        op.create_index(name, "delivery", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Drop it; what was planned is lost."""
    op.drop_table("delivery")
