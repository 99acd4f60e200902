"""Partners (an employer, a chamber, a school) with their own chat, and whom they were told about there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from bot.db.schema.base import KEY, UtcTime, metadata, partial_index

_LIVING = "confirmed_at IS NOT NULL AND ended_at IS NULL"

partner = Table(
    "partner",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", String(80), nullable=False, doc="as the people who agree read it"),
    Column("token_hash", String(64), nullable=False, unique=True, doc="SHA-256 of the link's token"),
    Column("invited_at", UtcTime, nullable=False),
    Column("invited_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True, doc="null: the command line"),
    Column("expires_at", UtcTime, nullable=False, doc="until when the link is good"),
    Column(
        "person_id",
        BigInteger,
        index=True,
        doc="the messenger's id of the person who opened the link; null: nobody yet",
    ),
    Column("person_name", String(64), doc="that person's name in the messenger"),
    Column("opened_at", UtcTime),
    Column("confirmed_at", UtcTime, doc="null: it is not told about anybody"),
    Column("ended_at", UtcTime, doc="from then on it is told nothing, and what it was told is taken back"),
    Column("lost_at", UtcTime, doc="when the team was told that nothing arrives there"),
    # One chat for each partner: people who agreed know whom they agreed to.
    partial_index("ix_partner_living", "name", unique=True, where=_LIVING),
)

partner_lead = Table(
    "partner_lead",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("partner_id", KEY, ForeignKey("partner.id", ondelete="CASCADE"), nullable=False, index=True),
    # No foreign key: the row outlives the person, until the message that names them is taken back.
    Column("interest_id", KEY, nullable=False, index=True, doc="what it is about, together with since"),
    Column("since", UtcTime, nullable=False, doc="when the person agreed; another time is another consent"),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, doc="the message about it; null: none is known"),
    Column("settled_at", UtcTime, doc="when the result of that message was known"),
    Column("said", String(10), doc="what the partner says became of it"),
    Column("said_at", UtcTime),
    Column("ended_at", UtcTime, doc="when it was to be taken back"),
    partial_index(
        "ix_partner_lead_living",
        "since",
        where="ended_at IS NULL",
    ),
    partial_index(
        "ix_partner_lead_unsettled",
        "id",
        where="settled_at IS NULL",
    ),
    partial_index(
        "ix_partner_lead_ended",
        "ended_at",
        where="ended_at IS NOT NULL",
    ),
)
