"""The team: its members, the forms they have begun, and how they joined."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)

from bot.db.schema.base import KEY, UtcTime, metadata
from bot.db.sealing import SealedJson, SealedText

staff = Table(
    "staff",
    metadata,
    Column("id", KEY, primary_key=True),
    Column(
        "person_id", BigInteger, nullable=False, unique=True, doc="the messenger's id of the person, not of a chat"
    ),
    Column("role", String(16), nullable=False),
    Column("name", String(64), nullable=False, doc="as colleagues see it"),
    Column("added_at", UtcTime, nullable=False),
    Column("added_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), doc="null: invited on the command line"),
    Column("confirmed_at", UtcTime, doc="null: an admin has to confirm"),
    Column("confirmed_by", KEY, ForeignKey("staff.id", ondelete="SET NULL")),
    Column("removed_at", UtcTime),
    Column("removed_by", KEY, ForeignKey("staff.id", ondelete="SET NULL")),
    Column("seen_at", UtcTime, nullable=False, doc="last use of a right"),
    Column(
        "signs_as_team",
        Boolean,
        nullable=False,
        server_default=false(),
        doc="people do not see the member's first name",
    ),
    CheckConstraint("role IN ('admin', 'coordinator', 'counsellor', 'teacher', 'viewer')", name="ck_staff_role"),
)

draft = Table(
    "draft",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("staff_id", KEY, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("form", String(24), nullable=False),
    Column("subject", String(64), nullable=False, doc="what it is about; empty for something new"),
    Column("answers", SealedJson("form"), nullable=False, doc="by question: status and value"),
    Column("at", String(32), doc="the question on the card; null: the summary"),
    Column("ticks", SealedJson("form"), doc="the draft of an answer"),
    Column("from_summary", Boolean, nullable=False, server_default=false()),
    Column("changed_at", UtcTime, nullable=False),
    UniqueConstraint("staff_id", "form", "subject"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True, doc="SHA-256 of the link's token"),
    Column("role", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("used_by", BigInteger, doc="the person who opened it"),
    Column("invited_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), doc="null: the command line"),
    Column("confirmed", Boolean, nullable=False, doc="the person who opens it is a member at once"),
    CheckConstraint("role IN ('admin', 'coordinator', 'counsellor', 'teacher', 'viewer')", name="ck_invitation_role"),
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("staff_id", KEY, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("secret", SealedText("second_factor"), nullable=False, doc="what the app makes its codes from"),
    Column("made_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime, doc="null: no code was shown yet, so it does not count"),
    Column("last_step", BigInteger, doc="the newest step of 30 seconds whose code was used: each code works once"),
    Column("verified_until", UtcTime, doc="until when no code is asked for"),
    Column("wrong", Integer, nullable=False, doc="wrong codes in a row"),
    Column("locked_until", UtcTime),
    Column("wish", String(64), doc="the button that waits for a code"),
    Column("came_from", String(64), doc="the page with that button"),
    Column("spare", JSON(none_as_null=True), doc="keyed hashes of the unused codes on paper"),
    Column("picture", BigInteger, doc="the message in the member's chat that shows the secret as a picture"),
)
"""A member's app that makes codes. The row is deleted when they leave the team."""
