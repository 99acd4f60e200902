"""Since when somebody's data is only kept, and nothing else is done with it (Art. 18 GDPR)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column and the index."""
    op.add_column("participant", sa.Column("restricted_at", UtcTime))
    some = sa.text("restricted_at IS NOT NULL")
    op.create_index(
        "ix_participant_restricted", "participant", ["restricted_at"], sqlite_where=some, postgresql_where=some
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_participant_restricted", "participant")
    op.drop_column("participant", "restricted_at")
