"""Codes on paper beside a second factor's app, and which message shows its secret as a picture."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column("second_factor", sa.Column("spare", sa.JSON))
    op.add_column("second_factor", sa.Column("picture", sa.BigInteger))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("second_factor", "picture")
    op.drop_column("second_factor", "spare")
