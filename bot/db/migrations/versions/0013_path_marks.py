"""The steps of their path that people have ticked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "path_mark",
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("step_id", sa.String(24), nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "step_id", name="pk_path_mark"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_path_mark_participant_id_participant",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("path_mark")
