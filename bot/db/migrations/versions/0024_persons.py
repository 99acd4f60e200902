"""Several people on one phone: where each is while another speaks; and codes on paper that move a profile."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COLUMNS = (
    ("aside_since", UtcTime),
    ("aside_screen", sa.String(32)),
    ("aside_language", sa.String(8)),
    ("moved_at", UtcTime),
)


def upgrade() -> None:
    """Whoever is there speaks: nobody is set aside."""
    for name, kind in COLUMNS:
        op.add_column("participant", sa.Column(name, kind))
    op.create_table(
        "paper_code",
        sa.Column("participant_id", KEY, nullable=False, autoincrement=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("participant_id", name="pk_paper_code"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_paper_code_participant_id_participant",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("mark", name="uq_paper_code_mark"),
    )
    op.create_table(
        "code_try",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_try"),
    )
    op.create_index("ix_code_try_account", "code_try", ["account"])


def downgrade() -> None:
    """Drop them. Of several people on a phone the first speaks again, with the phone's place and language."""
    op.drop_table("code_try")
    op.drop_table("paper_code")
    for name, _ in reversed(COLUMNS):
        op.drop_column("participant", name)
