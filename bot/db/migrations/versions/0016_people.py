"""Notes about people, profiles that were put together, and names as they are searched for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.core.folding import fold
from bot.db.schema import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables and the column, and fold the names there are."""
    op.create_table(
        "note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("author_id", KEY),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_note_participant_id_participant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name="fk_note_author_id_staff", ondelete="SET NULL"),
    )
    for column in ("participant_id", "author_id"):
        op.create_index(f"ix_note_{column}", "note", [column])
    op.create_table(
        "merging",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kept_id", KEY, nullable=False),
        sa.Column("gone_id", KEY, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("by_id", KEY),
        sa.Column("before", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_merging"),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["participant.id"], name="fk_merging_kept_id_participant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_merging_chat_id_chat", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name="fk_merging_by_id_staff", ondelete="SET NULL"),
        *(sa.UniqueConstraint(name, name=f"uq_merging_{name}") for name in ("kept_id", "chat_id", "gone_id")),
    )
    for column in ("at", "by_id"):
        op.create_index(f"ix_merging_{column}", "merging", [column])
    op.add_column("participant", sa.Column("folded", sa.Text))
    people = sa.table("participant", sa.column("id", KEY), sa.column("name", sa.Text), sa.column("folded", sa.Text))
    tx = op.get_bind()
    for key, name in tx.execute(sa.select(people.c.id, people.c.name).where(people.c.name.is_not(None))).all():
        tx.execute(people.update().where(people.c.id == key).values(folded=fold(name)))


def downgrade() -> None:
    """Drop them: what was put together stays so."""
    op.drop_column("participant", "folded")
    op.drop_table("merging")
    op.drop_table("note")
