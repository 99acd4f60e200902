"""What the outbox's two questions of every moment cost with few and with many planned deliveries, on SQLite.

`python -m benchmarks.growth` fills two files, asks in turn and in rounds, and prints medians and their ratio.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from bot.db import deliveries
from bot.db.migrate import bring_up_to_date
from bot.db.sqlite import engine_for

FEW, MANY = 10_000, 2_000_000
CAUSES = 2
ROUNDS, TIMES = 7, 200
NOW = datetime(2031, 1, 1, tzinfo=UTC)
"""Everything is due by then, so that both files have a full batch to give."""
AIM = 1.5
CHATS = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :chats)
    INSERT INTO chat (id, language, created_at, seen_at, screen, card_version, card_since, shown_version)
    SELECT i, 'de', :now, :now, 'done', 1, 1, 1 FROM n"""
DELIVERIES = """
    INSERT INTO delivery (cause, chat_id, kind, due_at, next_at, priority, text_key, state, tries)
    SELECT 'cause' || :cause, id, 'reminder', at, at, 1, 'ui.language.ask', 'planned', 0
    FROM (SELECT id, datetime('2026-11-25', (id * 7919 % 100000000) || ' seconds') || '.000000' AS at FROM chat)"""


def filled(folder: Path, rows: int) -> Connection:
    """A database with so many planned deliveries, and half as many chats; its connection is in a transaction."""
    engine = engine_for(f"sqlite:///{folder / f'{rows}.db'}")
    bring_up_to_date(engine)
    connection = engine.connect()
    connection.exec_driver_sql("PRAGMA synchronous=OFF")
    connection.exec_driver_sql("BEGIN")
    connection.execute(text(CHATS), {"chats": rows // CAUSES, "now": "2026-11-01 00:00:00.000000"})
    for cause in range(CAUSES):
        connection.execute(text(DELIVERIES), {"cause": cause})
    connection.exec_driver_sql("COMMIT")
    return connection


def wake(connection: Connection) -> None:
    """When is the next one due?"""
    deliveries.next_due(connection)


def claim(connection: Connection) -> None:
    """Take a batch in hand, and put it back."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    deliveries.claim(connection, "benchmark", NOW, 30)
    connection.exec_driver_sql("ROLLBACK")


def microseconds(question: Callable[[Connection], None], connection: Connection) -> float:
    """What one asking takes, as the mean of many."""
    begin = time.perf_counter()
    for _ in range(TIMES):
        question(connection)
    return (time.perf_counter() - begin) / TIMES * 1e6


def main() -> int:
    """Print the table; the exit code says whether more rows cost at most half as much again."""
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent.parent / ".cache") as folder:
        connections = {rows: filled(Path(folder), rows) for rows in (FEW, MANY)}
        flat = True
        for question in (wake, claim):
            taken: dict[int, list[float]] = {rows: [] for rows in connections}
            for _ in range(ROUNDS):
                for rows, connection in connections.items():
                    taken[rows].append(microseconds(question, connection))
            few, many = (statistics.median(taken[rows]) for rows in (FEW, MANY))
            flat = flat and many / few <= AIM
            print(f"{question.__name__}: {few:.0f} µs with {FEW:,}, {many:.0f} µs with {MANY:,}: {many / few:.2f}")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
