"""A keyed hash that holds a pseudonym of the audit trail and its person together.

Rows of before get theirs in the same transaction, once the key file is known to fit: they are taken as they are then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.audit import mark_people
from bot.db.resealing import meet

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a program of before, beside this one, still writes rows without it."""
    op.add_column("audit_person", sa.Column("mark", sa.String(64)))
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM audit_person LIMIT 1")).first() is not None:
        meet(connection)
        mark_people(connection)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("audit_person", "mark")
