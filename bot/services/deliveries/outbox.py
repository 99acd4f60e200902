"""The outbox as an operator sees it: how many deliveries stand where, what is late, how fast they go out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.db.outbox import deliveries, outbox_numbers
from bot.db.outbox.deliveries import State
from bot.db.outbox.outbox_numbers import Count

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MOST_LOOKED_AT = 200_000
"""Deliveries of the last hour that are looked at; of more the newest."""


@dataclass(frozen=True, slots=True)
class Status:
    """The outbox at one moment; `lateness` in seconds, sorted, of what was sent in the last hour."""

    now: datetime
    counts: Mapping[State, Count]
    next_due: datetime | None
    last_minute: int
    lateness: Sequence[float]


def status(connection: Connection, now: datetime) -> Status:
    """What the database says."""
    sent = outbox_numbers.sent_since(connection, now - HOUR, MOST_LOOKED_AT)
    return Status(
        now,
        outbox_numbers.counts(connection),
        deliveries.next_due(connection),
        sum(at >= now - MINUTE for _, at in sent),
        sorted((at - due).total_seconds() for due, at in sent),
    )


def lines(status: Status) -> Iterator[str]:
    """The status for a terminal."""
    if not status.counts:
        yield "The outbox is empty."
        return
    yield f"{'state':<9} {'number':>9}  oldest due"
    for state in State:
        if count := status.counts.get(state):
            doubted = (
                f"  ({count.doubted:,} of them in doubt)" if count.doubted and state is not State.UNKNOWN else ""
            )
            yield f"{state.value:<9} {count.number:>9,}  {_moment(count.oldest)}{doubted}"
    if (due := status.next_due) is None:
        yield "next due: none"
    elif due <= status.now:
        yield f"next due: now, since {(status.now - due).total_seconds():,.0f} s"
    else:
        yield f"next due: {_moment(due)}"
    yield f"rate: {status.last_minute:,} in the last minute"
    if late := status.lateness:
        p50, p99 = _part(late, 0.5), _part(late, 0.99)
        yield f"lateness in the last hour: p50 {p50:,.1f} s, p99 {p99:,.1f} s ({len(late):,} sent)"
    else:
        yield "lateness in the last hour: nothing was sent"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _part(ordered: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
