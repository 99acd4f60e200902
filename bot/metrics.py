"""What this process has done, as numbers. Counting costs a look into a dictionary; nothing is written or sent.

`bot.telegram.exposition` turns it into what Prometheus reads. Labels are words of the program (kinds, outcomes, names
of methods): never a chat, a name, a text or a number of a row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds for what somebody waits for, in seconds."""
TINY = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
SLOW = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)


class Counter:
    """A number that only grows, for each combination of its labels."""

    __slots__ = ("labels", "name", "values", "what")

    def __init__(self, name: str, what: str, *labels: str) -> None:
        self.name = name
        self.what = what
        self.labels = labels
        self.values: dict[tuple[str, ...], float] = {}

    def add(self, *labels: str, by: float = 1) -> None:
        """So much more."""
        self.values[labels] = self.values.get(labels, 0) + by


class Gauge(Counter):
    """A number that goes up and down."""

    __slots__ = ()

    def set(self, value: float | None, *labels: str) -> None:
        """What it is now; None where that is unknown, and then nothing is exported."""
        if value is None:
            self.values.pop(labels, None)
        else:
            self.values[labels] = value


class Series:
    """What a histogram has seen with one combination of labels."""

    __slots__ = ("counts", "total")

    def __init__(self, size: int) -> None:
        self.counts = [0] * size
        self.total = 0.0


class Histogram:
    """How often a value lay between which bounds."""

    __slots__ = ("bounds", "labels", "name", "values", "what")

    def __init__(self, name: str, what: str, bounds: Sequence[float], *labels: str) -> None:
        self.name = name
        self.what = what
        self.labels = labels
        self.bounds = tuple(bounds)
        self.values: dict[tuple[str, ...], Series] = {}

    def observe(self, value: float, *labels: str) -> None:
        """A value was seen."""
        seen = self.values.get(labels)
        if seen is None:
            seen = self.values[labels] = Series(len(self.bounds) + 1)
        seen.counts[bisect_left(self.bounds, value)] += 1
        seen.total += value


UPDATES = Counter(
    "lotse_updates", "Updates worked through, by what they were and what came of them.", "kind", "outcome"
)
COMMITTED = Histogram("lotse_update_committed_seconds", "From an update's arrival until it was durable.", QUICK)
ANSWERED = Histogram("lotse_update_answered_seconds", "From an update's arrival until it was answered.", QUICK)
LAG = Histogram("lotse_event_loop_lag_seconds", "How late the event loop woke up, looked at each second.", TINY)
WAITING = Gauge("lotse_inbox_waiting", "Jobs in memory that are not done.")
PARKED = Gauge("lotse_inbox_parked", "Updates that were set aside.")
OUTBOX = Gauge("lotse_outbox_deliveries", "Deliveries that are not over: planned, due of them, claimed.", "state")
OLDEST_DUE = Gauge("lotse_outbox_oldest_due_seconds", "How long the oldest notice or reminder has been due.")
DELIVERIES = Counter(
    "lotse_deliveries", "Tries to send a delivery, by its kind and what came of it.", "kind", "outcome"
)
LATENESS = Histogram("lotse_delivery_lateness_seconds", "From when it could go until it was sent.", SLOW, "kind")
CALLS = Counter("lotse_telegram_calls", "Calls of the Bot API, by method and what came of them.", "method", "outcome")
CALL_TIME = Histogram("lotse_telegram_call_seconds", "How long they took; long polling left out.", QUICK, "method")
TOLD_TO_WAIT = Counter("lotse_told_to_wait", "How often Telegram has told us to wait (429).")
WAIT_TIME = Counter("lotse_told_to_wait_seconds", "For how long, summed up (retry_after).")
TRANSLATIONS = Counter(
    "lotse_translation_calls", "Calls of the translator, by engine and result.", "engine", "outcome"
)
ERRORS = Counter("lotse_errors", "Errors in the log, by class.", "type")
EVENTS = Counter("lotse_log_events", "Warnings and errors in the log, by name.", "level", "event")
TRANSACTION = Histogram("lotse_database_transaction_seconds", "From the beginning of a transaction to its end.", TINY)
TOGETHER = Histogram(
    "lotse_database_commit_size", "Use cases that shared a commit (SQLite).", (1, 2, 4, 8, 16, 32, 64, 128)
)
WAKES = Counter("lotse_wakes", "Timed work, by name and what came of it.", "wake", "outcome")
BACKUP_AGE = Gauge("lotse_backup_age_seconds", "How old the last backup is; without one, how long ago the start.")
DISK_FREE = Gauge("lotse_disk_free_bytes", "Room on the disk of the backups, or of the SQLite file if there is less.")
DATABASE_SIZE = Gauge("lotse_database_bytes", "How large the database is.")
LEADS = Gauge("lotse_replica_leads", "1 where this process leads, 0 where another does (PostgreSQL).")
SERVING = Gauge("lotse_replicas", "Processes that serve the bot together (PostgreSQL).")
STARTED = Gauge("lotse_started_timestamp_seconds", "When this process began.")
BUILD = Gauge(
    "lotse_build_info", "Always 1: version, revision of the tables, how updates come.", "version", "schema", "mode"
)

LOOKED_FOR = (("warning", "database_away"), ("error", "backup_failed"))
"""Events of which a rule wants to know the first one: Prometheus sees no increase where a series begins at 1."""
for _event in LOOKED_FOR:
    EVENTS.add(*_event, by=0)
for _series in (TOLD_TO_WAIT, WAIT_TIME):
    _series.add(by=0)

EVERY: tuple[Counter | Histogram, ...] = (
    *(UPDATES, COMMITTED, ANSWERED, LAG, WAITING, PARKED),
    *(OUTBOX, OLDEST_DUE, DELIVERIES, LATENESS),
    *(CALLS, CALL_TIME, TOLD_TO_WAIT, WAIT_TIME, TRANSLATIONS),
    *(ERRORS, EVENTS, TRANSACTION, TOGETHER, WAKES),
    *(BACKUP_AGE, DISK_FREE, DATABASE_SIZE, LEADS, SERVING, STARTED, BUILD),
)
