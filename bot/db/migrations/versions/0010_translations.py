"""What a machine has translated, so that no sentence is paid for twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "translation",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_translation"),
    )
    op.create_index("ix_translation_made_at", "translation", ["made_at"])


def downgrade() -> None:
    """Drop it; the next translation is made anew."""
    op.drop_table("translation")
