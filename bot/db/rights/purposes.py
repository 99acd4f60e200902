"""What is planned for a purpose that a person no longer agrees to, or agrees to again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, update

from bot.db.outbox.deliveries import PLANNED, State
from bot.db.prepared import Prepared
from bot.db.schema import delivery

WITHDRAWN = "no_consent"
"""Why it is skipped."""
_SKIPPED = Prepared(
    select(delivery.c.id)
    .where(
        delivery.c.participant_id == bindparam("person"),
        delivery.c.state == State.SKIPPED.value,
        delivery.c.reason == WITHDRAWN,
    )
    .limit(1)
)
"""Whether there is any. Hardly anybody who agrees had agreed before."""


def skip(connection: Connection, participant_id: int, topics: Collection[str]) -> int:
    """Skips what is planned for a person about these topics. Returns how many."""
    found = update(delivery).where(_theirs(participant_id, topics, State.PLANNED))
    return connection.execute(found.values(state=State.SKIPPED.value, reason=WITHDRAWN)).rowcount


def plan_again(connection: Connection, participant_id: int, topics: Collection[str], now: datetime) -> int:
    """Plans again what was skipped for that and is still ahead. Returns how many."""
    if not _SKIPPED.rows(connection, {"person": participant_id}):
        return 0
    skipped = _theirs(participant_id, topics, State.SKIPPED)
    helps = or_(delivery.c.last_useful_at.is_(None), delivery.c.last_useful_at > now)
    found = update(delivery).where(skipped, delivery.c.reason == WITHDRAWN, delivery.c.due_at > now, helps)
    again = connection.execute(found.values(state=State.PLANNED.value, reason=None)).rowcount
    if again:
        connection.info[PLANNED] = True
    return again


def _theirs(person: int, topics: Collection[str], state: State) -> ColumnElement[bool]:
    about = (delivery.c.participant_id == person, delivery.c.topic.in_(topics))
    return and_(*about, delivery.c.state == state.value)
