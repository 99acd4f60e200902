"""Whose week is full, as it is counted when something is sent (`bot.db.outbox.worlds.sent_since`).

Asked of the deliveries of the week, once for everybody: few have a full week, so there are few to be looked at. The
index `ix_delivery_week` holds all that is read; who has a cap of their own is found by `ix_participant_weekly_cap`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, any_, false, func, literal_column, select, true, union_all

from bot.db.outbox.deliveries import Kind
from bot.db.schema import delivery, participant, profile

WEEK = timedelta(days=7)


def is_full(cap: int, now: datetime, dialect: str, *, room: int = 0) -> ColumnElement[bool]:
    """Of a profile; `cap` is the town's, for those who have none of their own. `room`: so many more would fill it."""
    counted = (
        delivery.c.sent_at > now - WEEK,
        # Written out, as the index has it: SQLite does not look into a parameter to see whether an index fits.
        delivery.c.kind != literal_column(f"'{Kind.NOTICE.value}'"),
        delivery.c.urgent == false(),
        delivery.c.edits.is_(None),
    )
    full = select(delivery.c.chat_id).where(*counted).group_by(delivery.c.chat_id).having(func.count() >= cap - room)
    theirs = select(func.count()).where(*counted, delivery.c.chat_id == participant.c.chat_id).scalar_subquery()
    own = participant.c.weekly_cap
    among = true() if cap <= room else _among(participant.c.chat_id, full, dialect)
    people = union_all(
        select(participant.c.id).where(own.is_(None), among),
        select(participant.c.id).where(own.is_not(None), theirs >= own - room),
    )
    return profile.c.participant_id.in_(people)


def _among(column: ColumnElement[int], few: Select[tuple[int]], dialect: str) -> ColumnElement[bool]:
    """PostgreSQL expects many of a grouped query, and would read the whole table for them; of an array, few."""
    return column == any_(func.array(few.scalar_subquery())) if dialect == "postgresql" else column.in_(few)
