"""Chats and participants: what they answered, and what they agreed to."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

from bot.db.schema.base import KEY, UtcTime, metadata, of_participant, partial_index
from bot.db.sealing import SealedJson, SealedText

chat = Table(
    "chat",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, doc="the messenger's id of the private chat"),
    Column("language", String(8), doc="null until chosen"),
    Column("source", String(64), doc="payload of the link by which the person came"),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False, doc="the person's last activity"),
    Column("blocked_at", UtcTime, doc="since when the bot is blocked"),
    Column("screen", String(32), nullable=False, doc="place in the conversation"),
    Column("detour", String(32), doc="a screen that covers that place for a while, such as the privacy card"),
    Column("focus", String(64), doc="what the detour is about: an offer, a page of a list"),
    Column("card_version", Integer, nullable=False, doc="counts every change of the card"),
    Column("card_since", Integer, nullable=False, doc="buttons of this version and later ones are valid"),
    Column("shown_version", Integer, nullable=False, doc="smaller than card_version: a card is owed"),
    Column("card_message", BigInteger, doc="the messenger's id of the message that is the card"),
    Column("shown_at", UtcTime, doc="the messenger's time of that message's last change"),
    Index(None, "seen_at"),
    Index(None, "created_at"),
    # Partial: what the clock looks for every few seconds is little, however many people there are.
    partial_index(
        "ix_chat_owed",
        "seen_at",
        where="card_version > shown_version",
    ),
    partial_index(
        "ix_chat_detour",
        "detour",
        "focus",
        where="detour IS NOT NULL",
    ),
)

participant = Table(
    "participant",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime, doc="when the summary was first confirmed"),
    Column("at", String(32), doc="question on the card; null: the summary"),
    Column(
        "draft",
        SealedText("draft"),
        nullable=False,
        doc="the draft: ticks, a year, what a search found; one a line",
    ),
    Column("from_summary", Boolean, nullable=False, doc="the question was opened from the summary"),
    Column("more", Boolean, nullable=False, server_default=false(), doc="answers the questions after the first pass"),
    Column("refreshing", Boolean, nullable=False, server_default=false(), doc="is confirming old answers"),
    Column("offered", JSON(none_as_null=True), doc="day on which each question was last offered, by its id"),
    Column("quiet", String(16), doc="own quiet hours, as 22:00-07:00; null: the town's"),
    Column("muted", JSON(none_as_null=True), doc="muted topics"),
    Column("weekly_cap", SmallInteger, doc="most messages a week; null: the town's"),
    Column("name", SealedText("name", 60), doc="name for staff's lists; null: a number"),
    Column("zone", String(64), doc="time zone by its IANA name; null: the town's"),
    Column("folded", Text, doc="empty, or a name from an earlier version that must go into `name_start`"),
    Column("aside_since", UtcTime, doc="since when somebody else speaks on the phone; null: this person does"),
    Column("aside_screen", String(32), doc="their place in the conversation meanwhile"),
    Column("aside_language", String(8), doc="their language meanwhile"),
    Column("moved_at", UtcTime, doc="when a code last moved the profile to another account"),
    Column(
        "nth",
        SmallInteger,
        nullable=False,
        server_default="1",
        doc="number among the phone's people; it never changes",
    ),
    Column(
        "restricted_at", UtcTime, doc="since when their data is only kept (Art. 18 GDPR); null: it is not restricted"
    ),
    partial_index(
        "ix_participant_restricted",
        "restricted_at",
        where="restricted_at IS NOT NULL",
    ),
    partial_index(
        "ix_participant_aside",
        "chat_id",
        where="aside_since IS NOT NULL",
    ),
    partial_index(
        "ix_participant_unfinished",
        "id",
        where="finished_at IS NULL",
    ),
    partial_index(
        "ix_participant_weekly_cap",
        "weekly_cap",
        where="weekly_cap IS NOT NULL",
    ),
)

name_start = Table(
    "name_start",
    metadata,
    of_participant(primary_key=True, autoincrement=False),
    Column("mark", BigInteger, primary_key=True, autoincrement=False, doc="keyed hash of the beginning of a word"),
    Index(None, "mark"),
)
"""How names are found although they are sealed, see `bot.db.people.name_starts`."""

answer = Table(
    "answer",
    metadata,
    of_participant(primary_key=True, autoincrement=False),
    Column("question_id", String(32), primary_key=True),
    Column("status", String(8), nullable=False, doc="given, skipped, declined or computed"),
    Column("value", SealedJson("answer", marked=True), doc="option id, list of option ids, number or words"),
    Column("applies", Boolean, nullable=False, doc="whether it counts, given the other answers"),
    Column("answered_at", UtcTime, nullable=False),
    Column("revision", String(12), nullable=False, doc="revision of the questionnaire it was given to"),
    Index(None, "question_id", "answered_at"),
)

answer_history = Table(
    "answer_history",
    metadata,
    Column("id", KEY, primary_key=True),
    of_participant(nullable=False, index=True),
    Column("question_id", String(32), nullable=False),
    Column("status", String(8), nullable=False),
    Column("value", SealedJson("answer", marked=True)),
    Column("answered_at", UtcTime, nullable=False),
    Column("revision", String(12), nullable=False),
    Column("replaced_at", UtcTime, nullable=False, doc="when another answer replaced it"),
    Index(None, "question_id", "answered_at"),
)

consent = Table(
    "consent",
    metadata,
    Column("id", KEY, primary_key=True),
    of_participant(nullable=False, index=True),
    Column("purpose", String(32), nullable=False),
    Column("language", String(8), nullable=False, doc="language of the text that was shown"),
    Column("text_version", String(12), nullable=False, doc="hash of the text that was shown"),
    Column("given_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
)

accompaniment = Table(
    "accompaniment",
    metadata,
    Column("id", KEY, primary_key=True),
    Column(
        "chat_id",
        BigInteger,
        ForeignKey("chat.id", ondelete="CASCADE"),
        unique=True,
        doc="the chat in which they are about to begin; null once they have",
    ),
    of_participant(index=True, doc="the participant they became; null before"),
    Column("code_hash", String(32), nullable=False, index=True, doc="of the code on the phone"),
    Column("expires_at", UtcTime, nullable=False),
    Column("entered_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True, doc="who typed the code"),
    Column("opened_at", UtcTime, doc="since when it is open, with that member; null: not yet"),
)
"""A person under 16: the code they show, and which member of the team began with them."""

paper_code = Table(
    "paper_code",
    metadata,
    of_participant(primary_key=True, autoincrement=False),
    Column("mark", String(64), nullable=False, unique=True, doc="keyed hash of the code; the code is nowhere"),
    Column("made_at", UtcTime, nullable=False),
)
"""Codes on paper. Whoever types one on another account takes the profile there, once."""

code_try = Table(
    "code_try",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("account", String(32), nullable=False, index=True, doc="keyed hash of the chat's number"),
    Column("at", UtcTime, nullable=False),
)
"""Wrong codes that were typed. They outlive the chat: erasing oneself gives no more tries."""
