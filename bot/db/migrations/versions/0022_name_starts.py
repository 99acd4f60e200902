"""How names begin, as keyed hashes, in place of names that stand plainly.

What is to be sealed from now on (talks, notes, what it takes to take profiles apart), and names as they were searched
for, is worked through by the running bot (`bot.db.resealing`): it has the key.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the table, note that not everything is sealed, and forget what machines translated."""
    op.create_table(
        "name_start",
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("mark", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "mark", name="pk_name_start"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_name_start_participant_id_participant",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_name_start_mark", "name_start", ["mark"])
    op.execute("UPDATE seal_key SET complete_at = NULL")
    op.execute("DELETE FROM translation")  # words of talks were remembered with those of broadcasts


def downgrade() -> None:
    """Drop it. An older Lotse cannot take profiles apart by what is sealed: they stay one; words stay as they are."""
    op.drop_table("name_start")
    op.execute("DELETE FROM merging")
