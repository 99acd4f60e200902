"""Talks with a human: threads, their messages, and the staff group in which they are led."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from bot.db.schema.base import KEY, UtcTime, metadata, of_participant, partial_index
from bot.db.sealing import SealedText

staff_group = Table(
    "staff_group",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False, doc="the messenger's id of the group"),
    Column("bound_at", UtcTime, nullable=False),
    Column("bound_by", KEY, ForeignKey("staff.id", ondelete="SET NULL")),
    Column("lost_at", UtcTime, doc="since when the group is lost; null: it is the team's group"),
    Column("lost_why", String(32)),
)

thread = Table(
    "thread",
    metadata,
    Column("id", KEY, primary_key=True),
    of_participant(nullable=False, unique=True),
    Column("opened_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False, doc="when somebody last said something"),
    Column("assigned_to", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("snoozed_until", UtcTime),
    Column("closed_at", UtcTime),
    Column("close_reason", String(16)),
    Column("waiting_since", UtcTime, doc="time of the person's oldest unanswered message"),
    Column(
        "nudged",
        SmallInteger,
        nullable=False,
        server_default=text("0"),
        doc="how many reminders of that message were sent",
    ),
    Column("group_id", BigInteger, doc="the group that holds the topic"),
    Column("topic", BigInteger, doc="the messenger's id of the person's topic in that group"),
    Column("topic_open", Boolean, nullable=False, server_default=true()),
    Column("card_message", BigInteger, doc="the card in the topic"),
    Column("card_outdated", Boolean, nullable=False, server_default=false()),
    Column("jobs", Integer, nullable=False, server_default=text("0"), doc="counts what was planned, for its causes"),
    Column("staff_job", KEY, doc="the delivery on its way to the group, one at a time"),
    Column("person_job", KEY, doc="the delivery on its way to the person, one at a time"),
    partial_index(
        "ix_thread_open",
        "changed_at",
        where="closed_at IS NULL",
    ),
    partial_index(
        "ix_thread_closed",
        "closed_at",
        where="closed_at IS NOT NULL",
    ),
    partial_index(
        "ix_thread_staff_job",
        "staff_job",
        where="staff_job IS NOT NULL",
    ),
    partial_index(
        "ix_thread_person_job",
        "person_job",
        where="person_job IS NOT NULL",
    ),
    partial_index(
        "ix_thread_waiting",
        "waiting_since",
        where="waiting_since IS NOT NULL",
    ),
)

thread_message = Table(
    "thread_message",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("thread_id", KEY, ForeignKey("thread.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("author", String(8), nullable=False, doc="who said it: person, staff, note (for the team), event"),
    Column("staff_id", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("kind", String(16), nullable=False, doc="text, photo, voice ...; for an event, which one"),
    Column("text", SealedText("talk"), doc="the words, or the caption of a picture, with the content's markup"),
    Column("machine", SealedText("machine"), doc="a machine's translation into the reader's language"),
    Column("interpret", Boolean, nullable=False, server_default=false(), doc="a machine must still translate it"),
    Column("chat_id", BigInteger, doc="where it was said"),
    Column("message_id", BigInteger, doc="as which message"),
    Column("copy_chat", BigInteger, doc="where it was passed on to"),
    Column("copy_message", BigInteger, doc="as which message; several short ones may share it"),
    Column("at", UtcTime, nullable=False),
    Column("taken_back_at", UtcTime),
    Column("revision", Integer, nullable=False, server_default=text("0"), doc="counts its changes"),
    Column("said_revision", Integer, doc="the revision that was passed on last"),
    Column("job", KEY, doc="the delivery that passes it on"),
    Column("state", String(8), nullable=False),
    Column("waited", Integer, doc="seconds the person had waited for this answer, in office hours"),
    Column("reaction", SealedText("reaction"), doc="the emoji that the other side put on its copy"),
    Column("reaction_by", KEY, doc="which member put it there; null: the person"),
    Column("reaction_revision", Integer, nullable=False, server_default=text("0"), doc="counts its changes"),
    Column("reaction_said", Integer, nullable=False, server_default=text("0"), doc="the change passed on last"),
    Column("template", String(24), doc="the ready answer that was used, if any"),
    Column("language", String(8), doc="the language of its words"),
    Column("album", String(32), doc="the messenger's id of the album of a member's picture"),
    Column("file", SealedText("file"), doc="the messenger's key of the picture that replaced the first"),
    UniqueConstraint("chat_id", "message_id"),
    CheckConstraint("author IN ('person', 'staff', 'note', 'event')", name="ck_thread_message_author"),
    CheckConstraint(
        "state IN ('received', 'desk', 'sent', 'blocked', 'failed', 'unknown')", name="ck_thread_message_state"
    ),
    Index(None, "copy_chat", "copy_message"),
    # Partial: what is not passed on yet is asked for at every step.
    partial_index(
        "ix_thread_message_job",
        "job",
        where="job IS NOT NULL",
    ),
    partial_index(
        "ix_thread_message_received",
        "thread_id",
        "id",
        where="state = 'received'",
    ),
    partial_index(
        "ix_thread_message_album",
        "album",
        where="album IS NOT NULL",
    ),
    partial_index("ix_thread_message_interpret", "id", where="interpret"),
)

former_topic = Table(
    "former_topic",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", BigInteger, primary_key=True, autoincrement=False),
    of_participant(nullable=False, index=True),
)
"""Where a person's talk was led before: in another group, or that of a merged profile."""

answer_template = Table(
    "answer_template",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("title", String(80), nullable=False),
    Column("text", Text, nullable=False, doc="in German"),
    Column("withdrawn_at", UtcTime),
    Column("changed_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("changed_at", UtcTime, nullable=False),
)
"""Answers that staff wrote, and those of the files that they changed or withdrew."""

answer_wording = Table(
    "answer_wording",
    metadata,
    Column("template", String(24), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("source", String(12), nullable=False, doc="a hash of the German text that it translates"),
    Column("text", Text, doc="what staff edit; null: the text of the file"),
    Column("released_text", Text, doc="what people get; null: nothing yet"),
    Column("released_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("released_at", UtcTime),
)
