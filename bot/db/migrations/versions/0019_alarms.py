"""What goes wrong with the bot itself, so that a restart tells nobody twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "alarm",
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("since", UtcTime),
        sa.Column("told_at", UtcTime),
        sa.PrimaryKeyConstraint("key", name="pk_alarm"),
    )


def downgrade() -> None:
    """Drop it; what goes on is told once more."""
    op.drop_table("alarm")
