"""A keyed hash that holds a pseudonym of the audit trail and its person together.

Rows of before get theirs in the same transaction, once the key file is known to fit: they are taken as they are then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.audit import mark_of
from bot.db.resealing import meet

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a program of before, beside this one, still writes rows without it."""
    op.add_column("audit_person", sa.Column("mark", sa.String(64)))
    connection = op.get_bind()
    people = connection.execute(sa.text("SELECT participant_id, pseudonym FROM audit_person")).all()
    if people:
        meet(connection)
        theirs = sa.text("UPDATE audit_person SET mark = :mark WHERE participant_id = :whose")
        connection.execute(theirs, [{"whose": one[0], "mark": mark_of(*one)} for one in people])


def downgrade() -> None:
    """Drop it."""
    op.drop_column("audit_person", "mark")
