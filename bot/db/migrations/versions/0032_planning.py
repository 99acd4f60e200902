"""Whose languages' people a broadcast is being planned for, where it is not all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: what is being planned is planned for all."""
    op.add_column("broadcast", sa.Column("planning_for", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("broadcast", "planning_for")
