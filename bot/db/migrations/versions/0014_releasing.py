"""What goes with a broadcast, over how long it is spread; second pairs of eyes, saved audiences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns, which stand empty for what there is, and the tables."""
    op.add_column("broadcast", sa.Column("media", sa.JSON(none_as_null=True)))
    op.add_column("broadcast", sa.Column("spread_hours", sa.Integer))
    op.add_column("broadcast", sa.Column("follow_until", UtcTime))
    op.create_table(
        "broadcast_review",
        sa.Column("broadcast_id", KEY, nullable=False),
        sa.Column("handed_in_by", KEY),
        sa.Column("handed_in_at", UtcTime),
        sa.Column("refused_by", KEY),
        sa.Column("refusal", sa.String(300)),
        sa.PrimaryKeyConstraint("broadcast_id", name="pk_broadcast_review"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcast.id"],
            name="fk_broadcast_review_broadcast_id_broadcast",
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["staff.id"], name=f"fk_broadcast_review_{column}_staff", ondelete="SET NULL"
            )
            for column in ("handed_in_by", "refused_by")
        ),
    )
    op.create_index("ix_broadcast_review_handed_in_by", "broadcast_review", ["handed_in_by"])
    op.create_index("ix_broadcast_review_refused_by", "broadcast_review", ["refused_by"])
    op.create_table(
        "saved_audience",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("audience", sa.JSON, nullable=False),
        sa.Column("saved_by", KEY),
        sa.Column("saved_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_audience"),
        sa.UniqueConstraint("name", name="uq_saved_audience_name"),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["staff.id"], name="fk_saved_audience_saved_by_staff", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_saved_audience_saved_by", "saved_audience", ["saved_by"])


def downgrade() -> None:
    """Drop them."""
    for table in ("saved_audience", "broadcast_review"):
        op.drop_table(table)
    for column in ("follow_until", "spread_hours", "media"):
        op.drop_column("broadcast", column)
