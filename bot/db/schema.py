"""The tables, as SQLAlchemy Core. Times are aware datetimes in UTC. Queries stand in the modules by subject.

Every table with data about a person hangs on `chat` or `participant` with ON DELETE CASCADE, or is named in
`bot.db.erasure`: a test walks the metadata.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

HEAD = "0010"
"""The newest migration: a database at this revision needs no Alembic at start."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite keeps it without its zone, PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone must not be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Key = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

chat = Table(
    "chat",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, doc="the messenger's id of the private chat"),
    Column("language", String(8), doc="null until chosen"),
    Column("source", String(64), doc="payload of the link the person came by"),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False, doc="last sign of the person"),
    Column("blocked_at", UtcTime, doc="since when the bot is blocked"),
    Column("screen", String(32), nullable=False, doc="place in the conversation"),
    Column("detour", String(32), doc="what lies over that place for a while, such as the privacy card"),
    Column("focus", String(64), doc="what the detour is about: an offer, a page of a list"),
    Column("card_version", Integer, nullable=False, doc="counts every change of the card"),
    Column("card_since", Integer, nullable=False, doc="buttons from this version on are good"),
    Column("shown_version", Integer, nullable=False, doc="smaller than card_version: a card is owed"),
    Column("card_message", BigInteger, doc="the messenger's id of the message that is the card"),
    Column("shown_at", UtcTime, doc="the messenger's time of that message's last change"),
    Index(None, "seen_at"),
)

participant = Table(
    "participant",
    metadata,
    Column("id", Key, primary_key=True),
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime, doc="when the summary was first confirmed"),
    Column("at", String(32), doc="question on the card; null: the summary"),
    Column(
        "draft", Text, nullable=False, doc="what is not yet an answer: ticks, a year, what a search found; one a line"
    ),
    Column("from_summary", Boolean, nullable=False, doc="the question was opened from the summary"),
    Column("more", Boolean, nullable=False, server_default=false(), doc="tells more than the first pass asks"),
    Column("refreshing", Boolean, nullable=False, server_default=false(), doc="goes through old answers"),
    Column("offered", JSON(none_as_null=True), doc="day on which a question was offered last, by question id"),
    Column("quiet", String(16), doc="own quiet hours, as 22:00-07:00; null: the town's"),
    Column("muted", JSON(none_as_null=True), doc="topics of which the person wants no more"),
    Column("weekly_cap", SmallInteger, doc="messages a week at most; null: the town's"),
    Column("name", String(60), doc="what staff call them on lists; null: a number"),
    Column("zone", String(64), doc="time zone by its IANA name; null: the town's"),
)

answer = Table(
    "answer",
    metadata,
    Column(
        "participant_id",
        Key,
        ForeignKey("participant.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("question_id", String(32), primary_key=True),
    Column("status", String(8), nullable=False, doc="given, skipped, declined or computed"),
    Column("value", JSON(none_as_null=True), doc="option id, list of option ids, number or words"),
    Column("applies", Boolean, nullable=False, doc="whether it counts, given the other answers"),
    Column("answered_at", UtcTime, nullable=False),
    Column("revision", String(12), nullable=False, doc="state of the questionnaire it was given to"),
    Index(None, "question_id", "answered_at"),
)

answer_history = Table(
    "answer_history",
    metadata,
    Column("id", Key, primary_key=True),
    Column("participant_id", Key, ForeignKey("participant.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("question_id", String(32), nullable=False),
    Column("status", String(8), nullable=False),
    Column("value", JSON(none_as_null=True)),
    Column("answered_at", UtcTime, nullable=False),
    Column("revision", String(12), nullable=False),
    Column("replaced_at", UtcTime, nullable=False, doc="when another answer took its place"),
)

content_run = Table(
    "content_run",
    metadata,
    Column("id", Key, primary_key=True),
    Column("town", String(32), nullable=False),
    Column("revision", String(64), nullable=False, doc="state of the whole content"),
    Column("taken_at", UtcTime, nullable=False),
    Column("outline", JSON, nullable=False, doc="what of the questions matters to answers"),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Key, primary_key=True),
    Column("participant_id", Key, ForeignKey("participant.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("purpose", String(32), nullable=False),
    Column("language", String(8), nullable=False, doc="language of the text that was shown"),
    Column("text_version", String(12), nullable=False, doc="hash of the text that was shown"),
    Column("given_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, doc="whose turn it is; null once the body is gone"),
    Column("body", Text, doc="the raw update until its use case has committed"),
    Column("received_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("parked", String(64), doc="why it was set aside: a code, never words"),
    Index(None, "received_at"),
)

meeting = Table(
    "meeting",
    metadata,
    Column("id", Key, primary_key=True),
    Column("offer_id", String(32), nullable=False),
    Column("original", String(16), nullable=False, doc="local time it was planned for first, as 2027-01-12T18:00"),
    Column("uid", String(255), doc="what a calendar file that it was read from calls it"),
    Column("starts_at", UtcTime, nullable=False, index=True),
    Column("ends_at", UtcTime, nullable=False),
    Column("room", String(64), nullable=False),
    Column("place", JSON(none_as_null=True), doc="another place than the offer's: name, address, map"),
    Column("cancelled_at", UtcTime),
    Column("exceptional", Boolean, nullable=False, server_default=false(), doc="other than people expect it"),
    Column("changed", JSON(none_as_null=True), doc="what staff changed: it beats the file"),
    Column("sequence", Integer, nullable=False, server_default=text("0"), doc="counts changes, for calendars"),
    Column("from_file", Boolean, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("offer_id", "original"),
)

registration = Table(
    "registration",
    metadata,
    Column("id", Key, primary_key=True, doc="given under the target's lock: its order is the waiting list's"),
    Column("offer_id", String(32), nullable=False),
    Column("meeting_id", Key, ForeignKey("meeting.id", ondelete="CASCADE"), index=True, doc="null: all meetings"),
    Column("participant_id", Key, ForeignKey("participant.id", ondelete="CASCADE"), index=True, doc="null: a guest"),
    Column("guest", JSON(none_as_null=True), doc="name and contact of somebody who came by phone or in person"),
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
    # One live registration of a person, for an offer as a whole and for each of its meetings; what the clock asks.
    *(
        Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
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
    Column(
        "participant_id",
        Key,
        ForeignKey("participant.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("offer_id", String(32), primary_key=True, doc="of it the person wants to hear no more"),
    Column("since", UtcTime, nullable=False),
)

attendance = Table(
    "attendance",
    metadata,
    Column(
        "registration_id",
        Key,
        ForeignKey("registration.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column(
        "meeting_id",
        Key,
        ForeignKey("meeting.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("state", String(8), nullable=False),
    Column("marked_at", UtcTime, nullable=False),
    Column("marked_by", BigInteger, doc="the staff member; null: the person themselves"),
    Column("told_at", UtcTime, doc="when it was told that this absence is the second in a row"),
    CheckConstraint("state IN ('present', 'excused', 'absent')", name="ck_attendance_state"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Key, primary_key=True),
    Column("cause", String(96), nullable=False, doc="what it is about, as a key: one delivery to a chat for each"),
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False, doc="notice, reminder or broadcast"),
    Column("due_at", UtcTime, nullable=False, doc="when it should be there"),
    Column("next_at", UtcTime, nullable=False, doc="when it is tried: due_at, or later after a try that failed"),
    Column("priority", SmallInteger, nullable=False, doc="0 goes first"),
    Column("text_key", String(128), nullable=False, doc="key of the first text"),
    Column("params", JSON(none_as_null=True), doc="the rest of the screen: arguments, further texts, buttons"),
    Column("participant_id", Key, ForeignKey("participant.id", ondelete="CASCADE"), index=True),
    Column("registration_id", Key, ForeignKey("registration.id", ondelete="CASCADE"), index=True),
    Column("meeting_id", Key, ForeignKey("meeting.id", ondelete="SET NULL"), index=True),
    Column("edits", BigInteger, doc="the message that is changed, where no new one is sent"),
    Column("topic", String(16), doc="what a person can have no more of; null: always said"),
    Column(
        "urgent", Boolean, nullable=False, server_default=false(), doc="goes out in quiet hours, and beyond the cap"
    ),
    Column("last_useful_at", UtcTime, doc="after that it is skipped"),
    Column("state", String(8), nullable=False),
    Column("code", String(32), doc="what the last try came to, where it was not sent"),
    Column("reason", String(32), doc="why it was skipped"),
    Column("message_id", BigInteger, doc="the messenger's id of the message"),
    Column("claimed_at", UtcTime),
    Column("claimed_by", String(96), doc="the process that has, or had, it in hand, see `bot.alive`"),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("sent_at", UtcTime),
    Column("unknown_at", UtcTime, doc="since when nobody can know whether a try arrived; stays when it is repeated"),
    UniqueConstraint("cause", "chat_id"),
    CheckConstraint(
        "state IN ('planned', 'claimed', 'sent', 'blocked', 'failed', 'skipped', 'unknown')", name="ck_delivery_state"
    ),
    # Partial: what is asked at every moment (what is due, what was left) costs the same however many rows there are.
    Index(
        "ix_delivery_planned",
        "priority",
        "next_at",
        sqlite_where=text("state = 'planned'"),
        postgresql_where=text("state = 'planned'"),
    ),
    Index(
        "ix_delivery_claimed",
        "claimed_by",
        sqlite_where=text("state = 'claimed'"),
        postgresql_where=text("state = 'claimed'"),
    ),
    Index(
        "ix_delivery_sent_at",
        "sent_at",
        sqlite_where=text("sent_at IS NOT NULL"),
        postgresql_where=text("sent_at IS NOT NULL"),
    ),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Key, primary_key=True),
    Column(
        "person_id", BigInteger, nullable=False, unique=True, doc="the messenger's id of the person, not of a chat"
    ),
    Column("role", String(16), nullable=False),
    Column("name", String(64), nullable=False, doc="as colleagues see it"),
    Column("added_at", UtcTime, nullable=False),
    Column("added_by", Key, ForeignKey("staff.id", ondelete="SET NULL"), doc="null: invited on the command line"),
    Column("confirmed_at", UtcTime, doc="null: an admin has to confirm"),
    Column("confirmed_by", Key, ForeignKey("staff.id", ondelete="SET NULL")),
    Column("removed_at", UtcTime),
    Column("removed_by", Key, ForeignKey("staff.id", ondelete="SET NULL")),
    Column("seen_at", UtcTime, nullable=False, doc="last use of a right"),
    CheckConstraint("role IN ('admin', 'coordinator', 'counsellor', 'teacher', 'viewer')", name="ck_staff_role"),
)

draft = Table(
    "draft",
    metadata,
    Column("id", Key, primary_key=True),
    Column("staff_id", Key, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("form", String(24), nullable=False),
    Column("subject", String(64), nullable=False, doc="what it is about, empty for something new"),
    Column("answers", JSON, nullable=False, doc="by question: status and value"),
    Column("at", String(32), doc="the question on the card; null: the summary"),
    Column("ticks", JSON(none_as_null=True), doc="what is not yet an answer"),
    Column("from_summary", Boolean, nullable=False, server_default=false()),
    Column("changed_at", UtcTime, nullable=False),
    UniqueConstraint("staff_id", "form", "subject"),
)

offer = Table(
    "offer",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("own", Boolean, nullable=False, doc="made in the chat: the files have none of this id"),
    Column("fields", JSON, nullable=False, doc="what staff said: it beats the file"),
    Column("texts", JSON, nullable=False, doc="by language: title, text, place, hours"),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", BigInteger, doc="the staff member"),
    Column("withdrawn_at", UtcTime, doc="it is offered no more"),
    Column("revision", Integer, nullable=False, doc="counts what was said: all of them together tell what is new"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True, doc="SHA-256 of what the link carries"),
    Column("role", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("used_by", BigInteger, doc="the person who opened it"),
    Column("invited_by", Key, ForeignKey("staff.id", ondelete="SET NULL"), doc="null: the command line"),
    Column("confirmed", Boolean, nullable=False, doc="whoever opens it belongs to the team at once"),
    CheckConstraint("role IN ('admin', 'coordinator', 'counsellor', 'teacher', 'viewer')", name="ck_invitation_role"),
)

import bot.db.profile_tables  # noqa: E402, F401 - so that `metadata` knows them too
