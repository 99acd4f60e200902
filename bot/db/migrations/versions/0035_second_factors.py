"""A second factor of a member of the team: the sealed secret of an app, and which of its codes are used up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "second_factor",
        sa.Column("staff_id", KEY, autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("confirmed_at", UtcTime),
        sa.Column("last_step", sa.BigInteger),
        sa.Column("verified_until", UtcTime),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("locked_until", UtcTime),
        sa.Column("wish", sa.String(64)),
        sa.Column("came_from", sa.String(64)),
        sa.PrimaryKeyConstraint("staff_id", name="pk_second_factor"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_second_factor_staff_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("second_factor")
