"""Topics in which a person's talk was led before are remembered, so that they go when the person is erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "former_topic",
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.BigInteger, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "topic", name="pk_former_topic"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_former_topic_participant_id_participant",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_former_topic_participant_id", "former_topic", ["participant_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("former_topic")
