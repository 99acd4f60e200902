"""The audit trail: entries that no statement changes, and pseudonyms that go with the people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables, and triggers that refuse a change of an entry."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("deed", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("about", sa.String(32)),
        sa.Column("what", sa.String(128), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_about", "audit_entry", ["about"])
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor", "id"])
    op.create_index("ix_audit_entry_deed_id", "audit_entry", ["deed", "id"])
    op.create_table(
        "audit_person",
        sa.Column("participant_id", KEY, nullable=False, autoincrement=False),
        sa.Column("pseudonym", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("participant_id", name="pk_audit_person"),
        sa.UniqueConstraint("pseudonym", name="uq_audit_person_pseudonym"),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_audit_person_participant_id_participant",
            ondelete="CASCADE",
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry"
            " BEGIN SELECT RAISE(ABORT, 'an audit entry is not changed'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'an audit entry is not changed'; END$$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry"
        " FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()"
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("audit_person")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_entry_stays()")
