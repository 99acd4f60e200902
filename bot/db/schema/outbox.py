"""What goes out: deliveries, broadcasts with their texts and interested people, translations."""

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
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.db.schema.base import KEY, UtcTime, metadata, of_participant, partial_index

delivery = Table(
    "delivery",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("cause", String(96), nullable=False, doc="what it is about, as a key: a chat gets one delivery for each"),
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False, doc="talk, notice, reminder or broadcast"),
    Column("due_at", UtcTime, nullable=False, doc="when it should be there"),
    Column("next_at", UtcTime, nullable=False, doc="when it is tried: due_at, or later after a failed try"),
    Column("priority", SmallInteger, nullable=False, doc="0 goes first"),
    Column("text_key", String(128), nullable=False, doc="key of the first text"),
    Column("params", JSON(none_as_null=True), doc="the rest of the screen: arguments, further texts, buttons"),
    of_participant(index=True),
    Column("registration_id", KEY, ForeignKey("registration.id", ondelete="CASCADE"), index=True),
    Column("meeting_id", KEY, ForeignKey("meeting.id", ondelete="SET NULL"), index=True),
    Column("edits", BigInteger, doc="the message that is changed, if no new one is sent"),
    Column("topic", String(16), doc="what a person can mute; null: always sent"),
    Column("urgent", Boolean, nullable=False, server_default=false(), doc="ignores quiet hours and the weekly cap"),
    Column("last_useful_at", UtcTime, doc="after that it is skipped"),
    Column("state", String(8), nullable=False),
    Column("code", String(32), doc="the result of the last try, if it was not sent"),
    Column("reason", String(32), doc="why it was skipped; `left`: a member decided to leave an unknown one"),
    Column("message_id", BigInteger, doc="the messenger's id of the message"),
    Column("claimed_at", UtcTime),
    Column("claimed_by", String(96), doc="the process that has or had claimed it, see `bot.alive`"),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("sent_at", UtcTime),
    Column("unknown_at", UtcTime, doc="when a try first had an unknown outcome; it stays after a repeat"),
    UniqueConstraint("cause", "chat_id"),
    CheckConstraint(
        "state IN ('planned', 'claimed', 'sent', 'blocked', 'failed', 'skipped', 'unknown')", name="ck_delivery_state"
    ),
    # Partial: what is asked all the time (what is due, what was left) costs the same, however many rows there are.
    partial_index(
        "ix_delivery_planned",
        "priority",
        "next_at",
        where="state = 'planned'",
    ),
    partial_index(
        "ix_delivery_claimed",
        "claimed_by",
        where="state = 'claimed'",
    ),
    # The results of a broadcast are counted again and again while it goes out.
    partial_index(
        "ix_delivery_broadcast",
        "cause",
        "state",
        where="kind = 'broadcast'",
    ),
    partial_index(
        "ix_delivery_sent_at",
        "sent_at",
        where="sent_at IS NOT NULL",
    ),
    # Whose week is full is asked whenever an audience is counted.
    partial_index(
        "ix_delivery_week",
        "chat_id",
        "sent_at",
        where="sent_at IS NOT NULL AND kind <> 'notice' AND urgent = 0 AND edits IS NULL",
    ),
)

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("author_id", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("offer_id", String(32), doc="the offer it is about; null: none"),
    Column("stage", String(10), nullable=False),
    Column("audience", JSON, nullable=False, doc="who it is for"),
    Column("answering", String(10), nullable=False, doc="the button below it"),
    Column("partner", String(80), doc="who is told about interested people; null: only the team"),
    Column("link", String(256)),
    Column("unreleased", String(8), nullable=False, doc="what people get if nothing is released in their language"),
    Column("joining", Boolean, nullable=False, doc="people who enter the audience later get it, too"),
    Column("last_useful_at", UtcTime, nullable=False),
    Column("starts_at", UtcTime, doc="when it goes out; null: not sent yet"),
    Column("planned_to", KEY, doc="the last participant with a planned delivery; null: all are planned"),
    Column(
        "rounds", Integer, nullable=False, server_default=text("0"), doc="how many rounds of changes its copies had"
    ),
    Column("released_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True, doc="the member who sent it"),
    Column("reported_at", UtcTime, doc="when its author was told that it is out"),
    Column("created_at", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False, doc="counts changes of its texts"),
    Column("media", JSON(none_as_null=True), doc="the picture or file above its text, by the messenger's key"),
    Column("spread_hours", Integer, doc="the hours over which it goes out; null: at once"),
    Column("follow_until", UtcTime, doc="until when its page follows copies that change or are sent again"),
    Column("planning_for", JSON(none_as_null=True), doc="the languages it is being planned for; null: all"),
    CheckConstraint(
        "stage IN ('draft', 'sending', 'paused', 'stopped', 'filled', 'recalled', 'discarded')",
        name="ck_broadcast_stage",
    ),
    Index(None, "stage"),
)

broadcast_text = Table(
    "broadcast_text",
    metadata,
    Column(
        "broadcast_id", KEY, ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("language", String(8), primary_key=True),
    Column("text", Text, nullable=False, doc="what staff edit, with the content's markup"),
    Column("released_text", Text, doc="what people get; null: nothing yet"),
    Column("machine", Boolean, nullable=False, doc="an engine wrote it, not a person"),
    Column("doubts", JSON(none_as_null=True), doc="what the check of a machine's translation found"),
    Column("released_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("released_at", UtcTime),
    Column("changed_at", UtcTime, nullable=False),
)

interest = Table(
    "interest",
    metadata,
    Column("id", KEY, primary_key=True),
    of_participant(nullable=False),
    Column("broadcast_id", KEY, ForeignKey("broadcast.id", ondelete="CASCADE"), doc="null: it is about an opening"),
    Column("offer_id", String(32), doc="the opening, however the person came to it"),
    Column("partner", String(80), doc="the partner that the person agreed to; null: only the team"),
    Column("language", String(8), nullable=False, doc="language of the text they agreed to"),
    Column("text_version", String(12), nullable=False, doc="hash of that text"),
    Column("state", String(10), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", KEY, ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("nudged_at", UtcTime, doc="when the team was told that nobody has called yet"),
    Column("told_at", UtcTime, doc="when the partner was told by a message; null: they were not"),
    UniqueConstraint("participant_id", "broadcast_id"),
    UniqueConstraint("participant_id", "offer_id"),
    CheckConstraint("state IN ('open', 'called', 'won', 'lost', 'withdrawn')", name="ck_interest_state"),
    CheckConstraint("broadcast_id IS NOT NULL OR offer_id IS NOT NULL", name="ck_interest_subject"),
    Index(None, "broadcast_id", "state"),
    Index(None, "offer_id", "state"),
    Index(None, "changed_at"),
    partial_index(
        "ix_interest_waiting",
        "since",
        where="state = 'open' AND nudged_at IS NULL",
    ),
)

translation = Table(
    "translation",
    metadata,
    Column("key", String(64), primary_key=True, doc="hash of engine, languages and the masked sentence"),
    Column("words", Text, nullable=False, doc="the machine's translation, also masked"),
    Column("made_at", UtcTime, nullable=False, index=True),
)
