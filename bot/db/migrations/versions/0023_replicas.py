"""Processes that serve the bot together, and whose each waiting update is. An older Lotse goes on beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the table; waiting updates are nobody's, which says that whoever starts may have them."""
    op.create_table(
        "replica",
        sa.Column("number", KEY, nullable=False),
        sa.Column("name", sa.String(96), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("until", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_replica"),
    )
    op.add_column("inbox", sa.Column("held_by", sa.BigInteger))


def downgrade() -> None:
    """Drop both; stop all processes but one before."""
    op.drop_column("inbox", "held_by")
    op.drop_table("replica")
