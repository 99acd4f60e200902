"""Talks: to which album a picture of the team belongs, and which picture was put in place of another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns and the index."""
    op.add_column("thread_message", sa.Column("album", sa.String(32)))
    op.add_column("thread_message", sa.Column("file", sa.Text))
    some = sa.text("album IS NOT NULL")
    op.create_index("ix_thread_message_album", "thread_message", ["album"], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_thread_message_album", "thread_message")
    for name in ("file", "album"):
        op.drop_column("thread_message", name)
