"""Broadcasts with their texts, who is interested, and an index to count what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
IS_BROADCAST = sa.text("kind = 'broadcast'")


def upgrade() -> None:
    """Create the tables and the index."""
    op.create_table(
        "broadcast",
        sa.Column("id", KEY, nullable=False),
        sa.Column("author_id", KEY),
        sa.Column("offer_id", sa.String(32)),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("audience", sa.JSON, nullable=False),
        sa.Column("answering", sa.String(10), nullable=False),
        sa.Column("partner", sa.String(80)),
        sa.Column("link", sa.String(256)),
        sa.Column("unreleased", sa.String(8), nullable=False),
        sa.Column("joining", sa.Boolean, nullable=False),
        sa.Column("last_useful_at", UtcTime, nullable=False),
        sa.Column("starts_at", UtcTime),
        sa.Column("planned_to", KEY),
        sa.Column("rounds", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("released_by", KEY),
        sa.Column("reported_at", UtcTime),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff.id"], name="fk_broadcast_author_id_staff", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["staff.id"], name="fk_broadcast_released_by_staff", ondelete="SET NULL"
        ),
        sa.CheckConstraint(
            "stage IN ('draft', 'sending', 'paused', 'stopped', 'filled', 'recalled', 'discarded')",
            name="ck_broadcast_stage",
        ),
    )
    for column in ("author_id", "released_by", "stage"):
        op.create_index(f"ix_broadcast_{column}", "broadcast", [column])
    op.create_table(
        "broadcast_text",
        sa.Column("broadcast_id", KEY, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("released_text", sa.Text),
        sa.Column("machine", sa.Boolean, nullable=False),
        sa.Column("doubts", sa.JSON(none_as_null=True)),
        sa.Column("released_by", KEY),
        sa.Column("released_at", UtcTime),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", "language", name="pk_broadcast_text"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcast.id"],
            name="fk_broadcast_text_broadcast_id_broadcast",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["staff.id"], name="fk_broadcast_text_released_by_staff", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_broadcast_text_released_by", "broadcast_text", ["released_by"])
    op.create_table(
        "interest",
        sa.Column("id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("broadcast_id", KEY, nullable=False),
        sa.Column("partner", sa.String(80)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text_version", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.Column("changed_by", KEY),
        sa.Column("nudged_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_interest"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_interest_participant_id_participant",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name="fk_interest_broadcast_id_broadcast", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["staff.id"], name="fk_interest_changed_by_staff", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("participant_id", "broadcast_id", name="uq_interest_participant_id_broadcast_id"),
        sa.CheckConstraint("state IN ('open', 'called', 'won', 'lost', 'withdrawn')", name="ck_interest_state"),
    )
    op.create_index("ix_interest_broadcast_id_state", "interest", ["broadcast_id", "state"])
    op.create_index("ix_interest_changed_by", "interest", ["changed_by"])
    op.create_index(
        "ix_delivery_broadcast",
        "delivery",
        ["cause", "state"],
        sqlite_where=IS_BROADCAST,
        postgresql_where=IS_BROADCAST,
    )


def downgrade() -> None:
    """Drop them: what was sent stays in the outbox."""
    op.drop_index("ix_delivery_broadcast", "delivery")
    op.drop_table("interest")
    op.drop_table("broadcast_text")
    op.drop_table("broadcast")
