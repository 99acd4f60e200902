"""Meetings of offers, who is registered for them, and who came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ONE_LIVE = (
    ("uq_registration_offer", ["participant_id", "offer_id"], "ended_at IS NULL AND meeting_id IS NULL"),
    ("uq_registration_meeting", ["participant_id", "meeting_id"], "ended_at IS NULL"),
)
QUEUE = "state IN ('waiting', 'held')"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "meeting",
        sa.Column("id", KEY, nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("original", sa.String(16), nullable=False),
        sa.Column("starts_at", UtcTime, nullable=False),
        sa.Column("ends_at", UtcTime, nullable=False),
        sa.Column("room", sa.String(64), nullable=False),
        sa.Column("place", sa.JSON),
        sa.Column("cancelled_at", UtcTime),
        sa.Column("exceptional", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("changed", sa.JSON),
        sa.Column("sequence", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("from_file", sa.Boolean, nullable=False),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        sa.UniqueConstraint("offer_id", "original", name="uq_meeting_offer_id_original"),
    )
    op.create_index("ix_meeting_starts_at", "meeting", ["starts_at"])
    op.create_table(
        "registration",
        sa.Column("id", KEY, nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("meeting_id", KEY),
        sa.Column("participant_id", KEY),
        sa.Column("guest", sa.JSON),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("queued_at", UtcTime, nullable=False),
        sa.Column("registered_at", UtcTime),
        sa.Column("held_until", UtcTime),
        sa.Column("coming_at", UtcTime),
        sa.Column("entered_by", sa.BigInteger),
        sa.Column("approved_by", sa.BigInteger),
        sa.Column("ended_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_registration_meeting_id_meeting", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_registration_participant_id_participant",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'registered', 'waiting', 'held', 'given_back', 'left', 'refused', 'lapsed')",
            name="ck_registration_state",
        ),
    )
    op.create_index("ix_registration_offer_id_meeting_id", "registration", ["offer_id", "meeting_id"])
    op.create_index("ix_registration_meeting_id", "registration", ["meeting_id"])
    op.create_index("ix_registration_participant_id", "registration", ["participant_id"])
    for name, columns, where in ONE_LIVE:
        op.create_index(
            name, "registration", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    op.create_index(
        "ix_registration_queue",
        "registration",
        ["offer_id", "meeting_id"],
        sqlite_where=sa.text(QUEUE),
        postgresql_where=sa.text(QUEUE),
    )
    op.create_table(
        "attendance",
        sa.Column("registration_id", KEY, nullable=False),
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("marked_at", UtcTime, nullable=False),
        sa.Column("marked_by", sa.BigInteger),
        sa.Column("told_at", UtcTime),
        sa.PrimaryKeyConstraint("registration_id", "meeting_id", name="pk_attendance"),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name="fk_attendance_registration_id_registration",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_attendance_meeting_id_meeting", ondelete="CASCADE"
        ),
        sa.CheckConstraint("state IN ('present', 'excused', 'absent')", name="ck_attendance_state"),
    )
    op.create_index("ix_attendance_meeting_id", "attendance", ["meeting_id"])
    op.add_column("chat", sa.Column("focus", sa.String(64)))
    op.add_column("participant", sa.Column("quiet", sa.String(16)))
    op.add_column("participant", sa.Column("muted", sa.JSON))
    op.add_column("participant", sa.Column("weekly_cap", sa.SmallInteger))


def downgrade() -> None:
    """Drop them, with who was registered."""
    for column in ("weekly_cap", "muted", "quiet"):
        op.drop_column("participant", column)
    op.drop_column("chat", "focus")
    for table in ("attendance", "registration", "meeting"):
        op.drop_table(table)
