"""Partners with a chat of their own, of whom they were told, and when a person's partner was told of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables and the column."""
    op.add_column("interest", sa.Column("told_at", UtcTime))
    op.create_table(
        "partner",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("invited_at", UtcTime, nullable=False),
        sa.Column("invited_by", KEY),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("person_name", sa.String(64)),
        sa.Column("opened_at", UtcTime),
        sa.Column("confirmed_at", UtcTime),
        sa.Column("ended_at", UtcTime),
        sa.Column("lost_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_partner"),
        sa.UniqueConstraint("token_hash", name="uq_partner_token_hash"),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["staff.id"], name="fk_partner_invited_by_staff", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_partner_invited_by", "partner", ["invited_by"])
    op.create_index("ix_partner_person_id", "partner", ["person_id"])
    living = sa.text("confirmed_at IS NOT NULL AND ended_at IS NULL")
    op.create_index(
        "ix_partner_living", "partner", ["name"], unique=True, sqlite_where=living, postgresql_where=living
    )
    op.create_table(
        "partner_lead",
        sa.Column("id", KEY, nullable=False),
        sa.Column("partner_id", KEY, nullable=False),
        sa.Column("interest_id", KEY, nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("settled_at", UtcTime),
        sa.Column("said", sa.String(10)),
        sa.Column("said_at", UtcTime),
        sa.Column("ended_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_partner_lead"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name="fk_partner_lead_partner_id_partner", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_partner_lead_partner_id", "partner_lead", ["partner_id"])
    op.create_index("ix_partner_lead_interest_id", "partner_lead", ["interest_id"])
    for name, column, where in (
        ("living", "since", "ended_at IS NULL"),
        ("unsettled", "id", "settled_at IS NULL"),
        ("ended", "ended_at", "ended_at IS NOT NULL"),
    ):
        some = sa.text(where)
        op.create_index(f"ix_partner_lead_{name}", "partner_lead", [column], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Take them away."""
    op.drop_table("partner_lead")
    op.drop_table("partner")
    op.drop_column("interest", "told_at")
