"""A time zone of one's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("participant", sa.Column("zone", sa.String(64)))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("participant", "zone")
