"""Offers of which a person wants to hear no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "unwanted_offer",
        sa.Column("participant_id", KEY, nullable=False, autoincrement=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "offer_id", name="pk_unwanted_offer"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_unwanted_offer_participant_id_participant",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop it; nobody has said no to an offer."""
    op.drop_table("unwanted_offer")
