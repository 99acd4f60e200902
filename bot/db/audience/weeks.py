"""People whose week is full, as counted when something is sent (`bot.db.outbox.worlds.sent_since`).

Asked of the deliveries of the week, once for everybody: few have a full week. The index `ix_delivery_week` holds all
that is read; who has a cap of their own is found by `ix_participant_weekly_cap`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, false, func, literal, literal_column, or_, select, true

from bot.db.outbox.deliveries import Kind
from bot.db.schema import delivery, participant, profile

WEEK = timedelta(days=7)


def is_full(cap: int, now: datetime, *, room: int = 0) -> ColumnElement[bool]:
    """Of a profile; `cap` is the town's, for those who have none of their own. `room`: so many more would fill it."""
    counted = (
        delivery.c.sent_at > now - WEEK,
        # Written out, as the index has it: SQLite does not look into a parameter to see whether an index fits.
        delivery.c.kind != literal_column(f"'{Kind.NOTICE.value}'"),
        delivery.c.urgent == false(),
        delivery.c.edits.is_(None),
    )
    many, own = func.count(delivery.c.chat_id), participant.c.weekly_cap
    full = select(delivery.c.chat_id).where(*counted).group_by(delivery.c.chat_id).having(_few(many >= cap - room))
    # Joined, not asked for each of them: PostgreSQL does not work in parallel where each person is looked up.
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
    """The same, of which PostgreSQL expects few rows.

    Else it expects a third of all groups; so many it may not keep in memory, and asks for them at each person.
    """
    return case((holds, literal(1)), else_=literal(0)) == 1
