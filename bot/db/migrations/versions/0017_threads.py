"""Talks with a human: threads, their messages, the staff group, and how members of the team are named there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WAITING = sa.text("waiting_since IS NOT NULL")
RECEIVED = sa.text("state = 'received'")


def upgrade() -> None:
    """Create the tables; a member signs with the team's name where the column says so."""
    op.create_table(
        "staff_group",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("bound_at", UtcTime, nullable=False),
        sa.Column("bound_by", KEY),
        sa.Column("lost_at", UtcTime),
        sa.Column("lost_why", sa.String(32)),
        sa.PrimaryKeyConstraint("chat_id", name="pk_staff_group"),
        sa.ForeignKeyConstraint(
            ["bound_by"], ["staff.id"], name="fk_staff_group_bound_by_staff", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "thread",
        sa.Column("id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.Column("assigned_to", KEY),
        sa.Column("snoozed_until", UtcTime),
        sa.Column("closed_at", UtcTime),
        sa.Column("close_reason", sa.String(16)),
        sa.Column("waiting_since", UtcTime),
        sa.Column("nudged", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("group_id", sa.BigInteger),
        sa.Column("topic", sa.BigInteger),
        sa.Column("topic_open", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("card_message", sa.BigInteger),
        sa.Column("card_outdated", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("jobs", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("staff_job", KEY),
        sa.Column("person_job", KEY),
        sa.PrimaryKeyConstraint("id", name="pk_thread"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_thread_participant_id_participant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["staff.id"], name="fk_thread_assigned_to_staff", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("participant_id", name="uq_thread_participant_id"),
    )
    op.create_index("ix_thread_assigned_to", "thread", ["assigned_to"])
    op.create_index("ix_thread_waiting", "thread", ["waiting_since"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "thread_message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("thread_id", KEY, nullable=False),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("staff_id", KEY),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("machine", sa.Text),
        sa.Column("interpret", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("copy_chat", sa.BigInteger),
        sa.Column("copy_message", sa.BigInteger),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("taken_back_at", UtcTime),
        sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("said_revision", sa.Integer),
        sa.Column("job", KEY),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("waited", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_thread_message"),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name="fk_thread_message_thread_id_thread", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_thread_message_staff_id_staff", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("chat_id", "message_id", name="uq_thread_message_chat_id_message_id"),
        sa.CheckConstraint("author IN ('person', 'staff', 'note', 'event')", name="ck_thread_message_author"),
        sa.CheckConstraint(
            "state IN ('received', 'desk', 'sent', 'blocked', 'failed', 'unknown')", name="ck_thread_message_state"
        ),
    )
    op.create_index("ix_thread_message_thread_id", "thread_message", ["thread_id"])
    op.create_index("ix_thread_message_staff_id", "thread_message", ["staff_id"])
    op.create_index("ix_thread_message_copy_chat_copy_message", "thread_message", ["copy_chat", "copy_message"])
    op.create_index(
        "ix_thread_message_received",
        "thread_message",
        ["thread_id", "id"],
        sqlite_where=RECEIVED,
        postgresql_where=RECEIVED,
    )
    op.create_index(
        "ix_thread_message_interpret",
        "thread_message",
        ["id"],
        sqlite_where=sa.text("interpret"),
        postgresql_where=sa.text("interpret"),
    )
    op.add_column("staff", sa.Column("signs_as_team", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop them: what was sent stays in the outbox."""
    op.drop_column("staff", "signs_as_team")
    op.drop_table("thread_message")
    op.drop_table("thread")
    op.drop_table("staff_group")
