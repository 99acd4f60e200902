"""Staff with their roles, and the invitations by which they come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ROLES = "role IN ('admin', 'coordinator', 'counsellor', 'teacher', 'viewer')"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "staff",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("added_at", UtcTime, nullable=False),
        sa.Column("added_by", KEY),
        sa.Column("confirmed_at", UtcTime),
        sa.Column("confirmed_by", KEY),
        sa.Column("removed_at", UtcTime),
        sa.Column("removed_by", KEY),
        sa.Column("seen_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        *(
            sa.ForeignKeyConstraint([column], ["staff.id"], name=f"fk_staff_{column}_staff", ondelete="SET NULL")
            for column in ("added_by", "confirmed_by", "removed_by")
        ),
        sa.UniqueConstraint("person_id", name="uq_staff_person_id"),
        sa.CheckConstraint(ROLES, name="ck_staff_role"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("used_at", UtcTime),
        sa.Column("used_by", sa.BigInteger),
        sa.Column("invited_by", KEY),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["staff.id"], name="fk_invitation_invited_by_staff", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
        sa.CheckConstraint(ROLES, name="ck_invitation_role"),
    )


def downgrade() -> None:
    """Drop them; nobody is staff any more."""
    op.drop_table("invitation")
    op.drop_table("staff")
