"""Openings: when one was filled, and interest in one however somebody came to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns; nobody watches `interest`, so that it may be copied."""
    op.add_column("offer", sa.Column("filled_at", UtcTime))
    with op.batch_alter_table("interest") as table:
        table.add_column(sa.Column("offer_id", sa.String(32)))
        table.alter_column("broadcast_id", existing_type=KEY, nullable=True)
        table.create_unique_constraint("uq_interest_participant_id_offer_id", ["participant_id", "offer_id"])
        table.create_check_constraint("ck_interest_subject", "broadcast_id IS NOT NULL OR offer_id IS NOT NULL")
    op.create_index("ix_interest_offer_id_state", "interest", ["offer_id", "state"])


def downgrade() -> None:
    """Take them away, with the interest in openings."""
    op.execute("DELETE FROM interest WHERE broadcast_id IS NULL")
    op.drop_index("ix_interest_offer_id_state", "interest")
    with op.batch_alter_table("interest") as table:
        table.drop_constraint("uq_interest_participant_id_offer_id", type_="unique")
        table.drop_constraint("ck_interest_subject", type_="check")
        table.alter_column("broadcast_id", existing_type=KEY, nullable=False)
        table.drop_column("offer_id")
    op.drop_column("offer", "filled_at")
