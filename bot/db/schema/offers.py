"""Offers with their meetings, seats, and attendance."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from bot.db.schema.base import KEY, UtcTime, metadata, of_participant, partial_index
from bot.db.sealing import SealedJson

meeting = Table(
    "meeting",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("offer_id", String(32), nullable=False),
    Column(
        "original", String(16), nullable=False, doc="local time for which it was first planned, as 2027-01-12T18:00"
    ),
    Column("uid", String(255), doc="its UID in the calendar file it was read from"),
    Column("starts_at", UtcTime, nullable=False, index=True),
    Column("ends_at", UtcTime, nullable=False),
    Column("room", String(64), nullable=False),
    Column("place", JSON(none_as_null=True), doc="its place, if not the offer's: name, address, map"),
    Column("cancelled_at", UtcTime),
    Column("exceptional", Boolean, nullable=False, server_default=false(), doc="it differs from what people expect"),
    Column("changed", JSON(none_as_null=True), doc="what staff changed: it overrides the file"),
    Column("sequence", Integer, nullable=False, server_default=text("0"), doc="counts changes, for calendars"),
    Column("from_file", Boolean, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("offer_id", "original"),
)

registration = Table(
    "registration",
    metadata,
    Column(
        "id", KEY, primary_key=True, doc="assigned under the target's lock: its order is that of the waiting list"
    ),
    Column("offer_id", String(32), nullable=False),
    Column("meeting_id", KEY, ForeignKey("meeting.id", ondelete="CASCADE"), index=True, doc="null: all meetings"),
    of_participant(index=True, doc="null: a guest"),
    Column("guest", SealedJson("guest"), doc="name and contact of a person who registered by phone or in person"),
    Column("state", String(10), nullable=False),
    Column("queued_at", UtcTime, nullable=False, doc="when the person asked for a seat"),
    Column("registered_at", UtcTime, doc="since when the seat is firm"),
    Column("held_until", UtcTime, doc="until when a freed seat is kept"),
    Column("coming_at", UtcTime, doc="when the person said that they come"),
    Column("entered_by", BigInteger, doc="the staff member who did it for the person"),
    Column("approved_by", BigInteger),
    Column("ended_at", UtcTime, doc="given back, left, refused or lapsed"),
    CheckConstraint(
        "state IN ('requested', 'registered', 'waiting', 'held', 'given_back', 'left', 'refused', 'lapsed')",
        name="ck_registration_state",
    ),
    Index(None, "offer_id", "meeting_id"),
    # One live registration of a person, for an offer as a whole and for each of its meetings; and what the clock asks
    # for.
    *(
        partial_index(name, *columns, unique=unique, where=where)
        for name, unique, columns, where in (
            (
                "uq_registration_offer",
                True,
                ("participant_id", "offer_id"),
                "ended_at IS NULL AND meeting_id IS NULL",
            ),
            ("uq_registration_meeting", True, ("participant_id", "meeting_id"), "ended_at IS NULL"),
            ("ix_registration_queue", False, ("offer_id", "meeting_id"), "state IN ('waiting', 'held')"),
        )
    ),
)

unwanted_offer = Table(
    "unwanted_offer",
    metadata,
    of_participant(primary_key=True, autoincrement=False),
    Column("offer_id", String(32), primary_key=True, doc="the offer that the person does not want to be told about"),
    Column("since", UtcTime, nullable=False),
)

attendance = Table(
    "attendance",
    metadata,
    Column(
        "registration_id",
        KEY,
        ForeignKey("registration.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column(
        "meeting_id",
        KEY,
        ForeignKey("meeting.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("state", String(8), nullable=False),
    Column("marked_at", UtcTime, nullable=False),
    Column("marked_by", BigInteger, doc="the staff member; null: the person themselves"),
    Column("told_at", UtcTime, doc="when the person was told that this absence is the second in a row"),
    CheckConstraint("state IN ('present', 'excused', 'absent')", name="ck_attendance_state"),
)

offer = Table(
    "offer",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("own", Boolean, nullable=False, doc="made in the chat: no file has this id"),
    Column("fields", JSON, nullable=False, doc="what staff said: it overrides the file"),
    Column("texts", JSON, nullable=False, doc="by language: title, text, place, hours"),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", BigInteger, doc="the staff member"),
    Column("withdrawn_at", UtcTime, doc="since when it is no longer offered"),
    Column("filled_at", UtcTime, doc="since when an opening is filled"),
    Column(
        "revision", Integer, nullable=False, doc="counts what was said; the sum of all tells whether anything is new"
    ),
)
