"""Indexes for what the clock asks again and again: it reads what is to be done, not everybody.

Partial where few rows matter. The test of plans (`tests/plans`) found these.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_chat_owed", "chat", ["seen_at"], "card_version > shown_version"),
    ("ix_chat_detour", "chat", ["detour", "focus"], "detour IS NOT NULL"),
    ("ix_chat_created_at", "chat", ["created_at"], None),
    ("ix_inbox_waiting", "inbox", ["chat_id"], "body IS NOT NULL"),
    ("ix_participant_aside", "participant", ["chat_id"], "aside_since IS NOT NULL"),
    ("ix_participant_unfinished", "participant", ["id"], "finished_at IS NULL"),
    ("ix_answer_history_question_id_answered_at", "answer_history", ["question_id", "answered_at"], None),
    ("ix_interest_changed_at", "interest", ["changed_at"], None),
    ("ix_interest_waiting", "interest", ["since"], "state = 'open' AND nudged_at IS NULL"),
    ("ix_thread_open", "thread", ["changed_at"], "closed_at IS NULL"),
    ("ix_thread_closed", "thread", ["closed_at"], "closed_at IS NOT NULL"),
    ("ix_thread_staff_job", "thread", ["staff_job"], "staff_job IS NOT NULL"),
    ("ix_thread_person_job", "thread", ["person_job"], "person_job IS NOT NULL"),
    ("ix_thread_message_job", "thread_message", ["job"], "job IS NOT NULL"),
)


def upgrade() -> None:
    """Create them."""
    for name, table, columns, where in INDEXES:
        few = None if where is None else sa.text(where)
        op.create_index(name, table, columns, sqlite_where=few, postgresql_where=few)


def downgrade() -> None:
    """Drop them."""
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
