"""Profiles for audiences, and the triggers that say whose profile is to be written anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.schema import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
CELLS = 64

MARK = """
INSERT INTO profile_change (participant_id)
SELECT id FROM participant WHERE {which}
ON CONFLICT (participant_id) DO {otherwise}"""
"""Nobody is marked who is just being erased. On PostgreSQL a mark that stands is taken by its row's lock: whoever is
writing this profile at this moment, from what was, does not take the mark away."""
WATCHED = (
    ("answer", "INSERT", "", "id = NEW.participant_id", ""),
    ("answer", "UPDATE", "", "id = NEW.participant_id OR id = OLD.participant_id", ""),
    ("answer", "DELETE", "", "id = OLD.participant_id", ""),
    ("consent", "INSERT", "", "id = NEW.participant_id", ""),
    ("consent", "UPDATE", "", "id = NEW.participant_id OR id = OLD.participant_id", ""),
    ("consent", "DELETE", "", "id = OLD.participant_id", ""),
    ("participant", "INSERT", "", "id = NEW.id", ""),
    (
        "participant",
        "UPDATE",
        "chat_id, finished_at, muted, weekly_cap",
        "id = NEW.id",
        "",
    ),
    (
        "chat",
        "UPDATE",
        "language, blocked_at",
        "chat_id = NEW.id",
        "OLD.language IS DISTINCT FROM NEW.language OR OLD.blocked_at IS DISTINCT FROM NEW.blocked_at",
    ),
    (
        "delivery",
        "INSERT",
        "",
        "id = NEW.participant_id",
        "NEW.kind = 'broadcast' AND NEW.sent_at IS NOT NULL",
    ),
    (
        "delivery",
        "UPDATE",
        "sent_at",
        "id = NEW.participant_id",
        "NEW.kind = 'broadcast'",
    ),
    (
        "delivery",
        "DELETE",
        "",
        "id = OLD.participant_id",
        "OLD.kind = 'broadcast' AND OLD.sent_at IS NOT NULL",
    ),
)
"""Table, event, columns, whose profile, and when: everything a profile is made from."""

INDEXES = (
    (
        "ix_delivery_week",
        "delivery",
        ["chat_id", "sent_at"],
        "sent_at IS NOT NULL AND kind <> 'notice' AND {urgent} AND edits IS NULL",
    ),
    ("ix_participant_weekly_cap", "participant", ["weekly_cap"], "weekly_cap IS NOT NULL"),
)
"""Name, table, columns, and of which rows: whose week is full."""


def upgrade() -> None:
    """Create them; everybody is marked, and the running bot writes the profiles."""
    op.create_table(
        "profile_slot",
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("number", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("question_id", name="pk_profile_slot"),
        sa.UniqueConstraint("number", name="uq_profile_slot_number"),
    )
    op.create_table(
        "profile_bit",
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("option_id", sa.String(64), nullable=False),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("about", "option_id", name="pk_profile_bit"),
        sa.UniqueConstraint("about", "place", name="uq_profile_bit_about_place"),
    )
    op.create_table(
        "profile",
        sa.Column("participant_id", KEY, nullable=False, autoincrement=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("contacted_at", UtcTime),
        sa.Column("weekly_cap", sa.SmallInteger),
        sa.Column("agreed", sa.BigInteger, nullable=False),
        sa.Column("muted", sa.BigInteger, nullable=False),
        *(sa.Column(f"c{number:02}", sa.BigInteger) for number in range(CELLS)),
        sa.PrimaryKeyConstraint("participant_id", name="pk_profile"),
        _of_participant("profile"),
    )
    op.create_table(
        "profile_change",
        sa.Column("participant_id", KEY, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("participant_id", name="pk_profile_change"),
        _of_participant("profile_change"),
    )
    op.create_index("ix_answer_question_id_answered_at", "answer", ["question_id", "answered_at"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, of, keys, where in INDEXES:
        held = sa.text(where.format(urgent="urgent = 0" if sqlite else "NOT urgent"))
        op.create_index(name, of, keys, sqlite_where=held, postgresql_where=held)
    op.execute("INSERT INTO profile_change (participant_id) SELECT id FROM participant")
    for number, (table, event, columns, which, when) in enumerate(WATCHED):
        for statement in _trigger(op.get_bind().dialect.name, number, table, event, columns, which, when):
            op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    """Drop them."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for number, (table, *_) in enumerate(WATCHED):
        op.execute(f"DROP TRIGGER profile_{number}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION profile_{number}()")
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_index("ix_answer_question_id_answered_at", "answer")
    for table in ("profile_change", "profile", "profile_bit", "profile_slot"):
        op.drop_table(table)


def _of_participant(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_participant_id_participant"
    return sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=name, ondelete="CASCADE")


def _trigger(dialect: str, number: int, table: str, event: str, columns: str, which: str, when: str) -> list[str]:
    of = f" OF {columns}" if columns else ""
    head = f"CREATE TRIGGER profile_{number} AFTER {event}{of} ON {table} FOR EACH ROW"
    if dialect == "sqlite":
        held = f" WHEN {when.replace('IS DISTINCT FROM', 'IS NOT')}" if when else ""
        return [f"{head}{held} BEGIN {MARK.format(which=which, otherwise='NOTHING')}; END"]
    mark = MARK.format(which=which, otherwise="UPDATE SET participant_id = excluded.participant_id")
    body = f"BEGIN {mark}; RETURN NULL; END"
    return [
        f"CREATE FUNCTION profile_{number}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
        head + (f" WHEN ({when})" if when else "") + f" EXECUTE FUNCTION profile_{number}()",
    ]
