"""More of talks: reactions, answers that are ready, and which chat of somebody under 16 was opened with whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REACTION = ("reaction", "reaction_by", "reaction_revision", "reaction_said")


def upgrade() -> None:
    """Make the columns."""
    op.add_column("thread_message", sa.Column("reaction", sa.Text))
    op.add_column("thread_message", sa.Column("reaction_by", KEY))
    for name in REACTION[2:]:
        op.add_column("thread_message", sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("thread_message", sa.Column("template", sa.String(24)))
    op.add_column("thread_message", sa.Column("language", sa.String(8)))
    op.create_table(
        "answer_template",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("withdrawn_at", UtcTime),
        sa.Column("changed_by", KEY),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_template"),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["staff.id"], name="fk_answer_template_changed_by_staff", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_answer_template_changed_by", "answer_template", ["changed_by"])
    op.create_table(
        "answer_wording",
        sa.Column("template", sa.String(24), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("released_text", sa.Text),
        sa.Column("released_by", KEY),
        sa.Column("released_at", UtcTime),
        sa.PrimaryKeyConstraint("template", "language", name="pk_answer_wording"),
        sa.ForeignKeyConstraint(
            ["released_by"], ["staff.id"], name="fk_answer_wording_released_by_staff", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_answer_wording_released_by", "answer_wording", ["released_by"])
    op.create_table(
        "accompaniment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("participant_id", KEY),
        sa.Column("code_hash", sa.String(32), nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("entered_by", KEY),
        sa.Column("opened_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_accompaniment"),
        sa.UniqueConstraint("chat_id", name="uq_accompaniment_chat_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_accompaniment_chat_id_chat", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_accompaniment_participant_id_participant",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["staff.id"], name="fk_accompaniment_entered_by_staff", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_accompaniment_participant_id", "accompaniment", ["participant_id"])
    op.create_index("ix_accompaniment_code_hash", "accompaniment", ["code_hash"])
    op.create_index("ix_accompaniment_entered_by", "accompaniment", ["entered_by"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("accompaniment")
    op.drop_table("answer_wording")
    op.drop_table("answer_template")
    for name in ("language", "template"):
        op.drop_column("thread_message", name)
    for name in REACTION:
        op.drop_column("thread_message", name)
