"""Which messages in the team's chats show whom, and which of those that are to go can be emptied instead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "desk_page",
        sa.Column("id", KEY, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("participant_id", KEY),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_page"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_desk_page_chat_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_desk_page_participant_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_desk_page_chat_id_message_id", "desk_page", ["chat_id", "message_id"])
    op.create_index("ix_desk_page_participant_id", "desk_page", ["participant_id"])
    op.create_index("ix_desk_page_at", "desk_page", ["at"])
    op.add_column("going_message", sa.Column("page", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("going_message", "page")
    op.drop_table("desk_page")
