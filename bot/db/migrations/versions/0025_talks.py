"""More of talks: the emoji that one side puts on a message of the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REACTION = ("reaction", "reaction_by", "reaction_revision", "reaction_said")


def upgrade() -> None:
    """Make the columns."""
    op.add_column("thread_message", sa.Column("reaction", sa.Text))
    op.add_column("thread_message", sa.Column("reaction_by", KEY))
    for name in REACTION[2:]:
        op.add_column("thread_message", sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """Take them away."""
    for name in REACTION:
        op.drop_column("thread_message", name)
