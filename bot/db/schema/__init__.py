"""The tables, as SQLAlchemy Core. Times are aware datetimes in UTC. Queries stand in the modules by subject.

Every table with data about a person hangs on `chat` or `participant` with ON DELETE CASCADE, or is named in
`bot.db.erasure`: a test walks the metadata.
"""

from __future__ import annotations

from bot.db.schema.base import HEAD, UtcTime, metadata
from bot.db.schema.intake import content_run, inbox
from bot.db.schema.offers import attendance, meeting, offer, registration, unwanted_offer
from bot.db.schema.outbox import broadcast, broadcast_text, delivery, interest, translation
from bot.db.schema.people import answer, answer_history, chat, consent, participant
from bot.db.schema.profiles import CELLS, profile, profile_bit, profile_change, profile_slot
from bot.db.schema.releasing import broadcast_review, saved_audience
from bot.db.schema.team import draft, invitation, staff

__all__ = [
    "CELLS",
    "HEAD",
    "UtcTime",
    "answer",
    "answer_history",
    "attendance",
    "broadcast",
    "broadcast_review",
    "broadcast_text",
    "chat",
    "consent",
    "content_run",
    "delivery",
    "draft",
    "inbox",
    "interest",
    "invitation",
    "meeting",
    "metadata",
    "offer",
    "participant",
    "profile",
    "profile_bit",
    "profile_change",
    "profile_slot",
    "registration",
    "saved_audience",
    "staff",
    "translation",
    "unwanted_offer",
]
