"""What people want to be called on lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("participant", sa.Column("name", sa.String(60)))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("participant", "name")
