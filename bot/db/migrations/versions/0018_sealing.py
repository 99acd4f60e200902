"""Sealed texts: which keys they are sealed with; names get longer by it.

What stands there plainly is sealed by the running bot (`bot.db.resealing`). Profiles are written anew: a checksum of
words is a keyed one from now on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, make room for sealed names (SQLite counts no letters), and mark every profile."""
    op.create_table(
        "seal_key",
        sa.Column("name", sa.String(8), nullable=False),
        sa.Column("trial", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("complete_at", UtcTime),
        sa.PrimaryKeyConstraint("name", name="pk_seal_key"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("participant", "name", type_=sa.Text)
    op.execute(
        "INSERT INTO profile_change (participant_id) SELECT id FROM participant WHERE true"
        " ON CONFLICT (participant_id) DO NOTHING"
    )


def downgrade() -> None:
    """Drop the table. An older Lotse cannot read what is sealed: drafts are emptied, the rest stays as it is."""
    op.execute("UPDATE participant SET draft = '' WHERE draft LIKE 'sealed$%'")
    op.drop_table("seal_key")
