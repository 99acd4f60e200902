"""How the sender's tries end: counted for Prometheus, and remembered for a while for the alarms."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from bot import log, metrics
from bot.core.broadcasts import of_key
from bot.db.outbox.deliveries import Due
from bot.services.deliveries.sending import Result, Tried

REMEMBERED = 500
"""Tries that are remembered at most."""
LATELY = timedelta(minutes=15)
FAILURES = frozenset({Result.REFUSED, Result.NOT_SENT, Result.UNKNOWN, Result.UNSAYABLE})
"""Results that neither we nor the person wanted."""
NO_TRY = frozenset({Result.NOT_TRIED, Result.TOLD_TO_WAIT})


class Tries:
    """The last tries of this process."""

    def __init__(self) -> None:
        self._last: deque[tuple[datetime, bool]] = deque(maxlen=REMEMBERED)

    def over(self, tried: Tried) -> None:
        """A try has ended."""
        due, result = tried.due, tried.result
        metrics.DELIVERIES.add(due.kind.value, result.name.lower())
        if result is Result.SENT and due.next_at is not None:
            metrics.LATENESS.observe((tried.at - due.next_at).total_seconds(), due.kind.value)
        if result not in NO_TRY:
            self._last.append((tried.at, result in FAILURES))

    def lately(self, now: datetime) -> tuple[int, int]:
        """How many of the last tries were lately, and how many of these failed."""
        found = [failed for at, failed in self._last if at > now - LATELY]
        return len(found), sum(found)


def about(due: Due) -> log.about:
    """What is logged inside is about this delivery, and its broadcast."""
    return log.about(delivery=due.id, broadcast=of_key(due.text_key))
