"""People whose week is full, counted as when something is sent (`bot.db.outbox.worlds.sent_since`).

The week's deliveries are read once for everybody, because few people have a full week. The index `ix_delivery_week`
holds everything that is read. `ix_participant_weekly_cap` finds the people with their own cap.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, false, func, literal, literal_column, or_, select, true

from bot.db.outbox.deliveries import Kind
from bot.db.schema import delivery, participant, profile

WEEK = timedelta(days=7)


def is_full(cap: int, now: datetime, *, room: int = 0) -> ColumnElement[bool]:
    """Whether a profile's week is full, or has space for at most `room` more messages.

    `cap` is the town's, for people without their own.
    """
    counted = (
        delivery.c.sent_at > now - WEEK,
        # A literal, as in the index: SQLite does not look into a parameter to see whether an index fits.
        delivery.c.kind != literal_column(f"'{Kind.NOTICE.value}'"),
        delivery.c.urgent == false(),
        delivery.c.edits.is_(None),
    )
    many, own = func.count(delivery.c.chat_id), participant.c.weekly_cap
    full = select(delivery.c.chat_id).where(*counted).group_by(delivery.c.chat_id).having(_few(many >= cap - room))
    # A join instead of a lookup for each person, with which PostgreSQL does not work in parallel.
    by_their_own = (
        select(participant.c.id)
        .join_from(participant, delivery, and_(delivery.c.chat_id == participant.c.chat_id, *counted), isouter=True)
        .where(own.is_not(None))
        .group_by(participant.c.id, own)
        .having(_few(many >= own - room))
    )
    by_the_towns = true() if cap <= room else profile.c.chat_id.in_(full)
    return or_(
        and_(profile.c.weekly_cap.is_(None), by_the_towns),
        and_(profile.c.weekly_cap.is_not(None), profile.c.participant_id.in_(by_their_own)),
    )


def _few(holds: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, in a form for which PostgreSQL expects few rows.

    Otherwise it expects a third of all groups. It may not keep that many in memory, and looks them up for each
    person.
    """
    return case((holds, literal(1)), else_=literal(0)) == 1
