"""What is planned for a purpose that a person agrees to no more, or again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, or_, update

from bot.db.deliveries import PLANNED, State
from bot.db.schema import delivery

WITHDRAWN = "no_consent"
"""Why it is skipped."""


def skip(connection: Connection, chat_id: int, topics: Collection[str]) -> int:
    """Skip what is planned for a chat about these; how many."""
    planned = (delivery.c.chat_id == chat_id, delivery.c.state == State.PLANNED.value, delivery.c.topic.in_(topics))
    found = update(delivery).where(*planned)
    return connection.execute(found.values(state=State.SKIPPED.value, reason=WITHDRAWN)).rowcount


def plan_again(connection: Connection, chat_id: int, topics: Collection[str], now: datetime) -> int:
    """Plan anew what was skipped for that and is still to come; how many."""
    skipped = (delivery.c.chat_id == chat_id, delivery.c.state == State.SKIPPED.value, delivery.c.topic.in_(topics))
    helps = or_(delivery.c.last_useful_at.is_(None), delivery.c.last_useful_at > now)
    found = update(delivery).where(*skipped, delivery.c.reason == WITHDRAWN, delivery.c.due_at > now, helps)
    again = connection.execute(found.values(state=State.PLANNED.value, reason=None)).rowcount
    if again:
        connection.info[PLANNED] = True
    return again
