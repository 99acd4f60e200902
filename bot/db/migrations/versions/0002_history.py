"""Former answers, later rounds of questions, and which content ran when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add them; drafts are kept as lines from now on, since words that were searched for hold spaces."""
    op.add_column("participant", sa.Column("more", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("participant", sa.Column("refreshing", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("participant", sa.Column("offered", sa.JSON))
    op.execute("UPDATE participant SET draft = replace(draft, ' ', '\n') WHERE draft <> ''")
    op.create_table(
        "answer_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("value", sa.JSON),
        sa.Column("answered_at", UtcTime, nullable=False),
        sa.Column("revision", sa.String(12), nullable=False),
        sa.Column("replaced_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_history"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_answer_history_participant_id_participant",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_answer_history_participant_id", "answer_history", ["participant_id"])
    op.create_table(
        "content_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("town", sa.String(32), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("taken_at", UtcTime, nullable=False),
        sa.Column("outline", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content_run"),
    )


def downgrade() -> None:
    """Drop them; what the older code cannot know is lost: former answers, and searches that were going on."""
    op.drop_table("content_run")
    op.drop_table("answer_history")
    op.execute("DELETE FROM answer WHERE status = 'computed'")
    op.execute("UPDATE participant SET draft = '' WHERE draft LIKE '%~%'")
    op.execute("UPDATE participant SET draft = replace(draft, '\n', ' ') WHERE draft <> ''")
    for column in ("offered", "refreshing", "more"):
        op.drop_column("participant", column)
