"""Drafts of staff's forms, offers made or changed in the chat, and what calendar files call their meetings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables and the column."""
    op.create_table(
        "draft",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("form", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("at", sa.String(32)),
        sa.Column("ticks", sa.JSON(none_as_null=True)),
        sa.Column("from_summary", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_draft_staff_id_staff", ondelete="CASCADE"),
        sa.UniqueConstraint("staff_id", "form", "subject", name="uq_draft_staff_id_form_subject"),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("texts", sa.JSON, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.Column("changed_by", sa.BigInteger),
        sa.Column("withdrawn_at", UtcTime),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
    )
    op.add_column("meeting", sa.Column("uid", sa.String(255)))


def downgrade() -> None:
    """Drop them; what staff said about offers is lost, their dates stay."""
    with op.batch_alter_table("meeting") as batch:
        batch.drop_column("uid")
    op.drop_table("offer")
    op.drop_table("draft")
