"""The tables, as SQLAlchemy Core. Times are aware datetimes in UTC. Queries are in the modules by subject.

Every table with data about a person refers to `chat` or `participant` with ON DELETE CASCADE, or is named in
`bot.db.rights.erasure`. A test walks the metadata.
"""

from __future__ import annotations

from bot.db.schema.audit import audit_entry, audit_person
from bot.db.schema.base import HEAD, KEY, UtcTime, metadata
from bot.db.schema.casework import merging, note
from bot.db.schema.intake import content_run, inbox
from bot.db.schema.keys import seal_key
from bot.db.schema.leaving import desk_page, erasure_proof, going_message, shown_message
from bot.db.schema.offers import attendance, meeting, offer, registration, unwanted_offer
from bot.db.schema.outbox import broadcast, broadcast_text, delivery, interest, translation
from bot.db.schema.partners import partner, partner_lead
from bot.db.schema.path import path_mark
from bot.db.schema.people import (
    accompaniment,
    answer,
    answer_history,
    chat,
    code_try,
    consent,
    name_start,
    paper_code,
    participant,
)
from bot.db.schema.profiles import CELLS, profile, profile_bit, profile_change, profile_slot
from bot.db.schema.releasing import broadcast_review, saved_audience
from bot.db.schema.replicas import replica
from bot.db.schema.seeing import alarm
from bot.db.schema.team import draft, invitation, second_factor, staff
from bot.db.schema.threads import answer_template, answer_wording, former_topic, staff_group, thread, thread_message

for _table in metadata.tables.values():
    if "id" in _table.primary_key.columns and _table.c.id.type is KEY:
        _table.dialect_options["sqlite"]["autoincrement"] = True  # each id only once, as on PostgreSQL

__all__ = [
    "CELLS",
    "HEAD",
    "UtcTime",
    "accompaniment",
    "alarm",
    "answer",
    "answer_history",
    "answer_template",
    "answer_wording",
    "attendance",
    "audit_entry",
    "audit_person",
    "broadcast",
    "broadcast_review",
    "broadcast_text",
    "chat",
    "code_try",
    "consent",
    "content_run",
    "delivery",
    "desk_page",
    "draft",
    "erasure_proof",
    "former_topic",
    "going_message",
    "inbox",
    "interest",
    "invitation",
    "meeting",
    "merging",
    "metadata",
    "name_start",
    "note",
    "offer",
    "paper_code",
    "participant",
    "partner",
    "partner_lead",
    "path_mark",
    "profile",
    "profile_bit",
    "profile_change",
    "profile_slot",
    "registration",
    "replica",
    "saved_audience",
    "seal_key",
    "second_factor",
    "shown_message",
    "staff",
    "staff_group",
    "thread",
    "thread_message",
    "translation",
    "unwanted_offer",
]
